"""When a customer on Viber last subscribed or left, by Viber's clock: its callbacks come in any order."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    column = sa.Column("standing_at", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    with op.batch_alter_table("viber_chat") as chat:
        chat.add_column(column)
