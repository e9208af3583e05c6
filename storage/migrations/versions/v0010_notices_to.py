"""To which channel an account's notices go."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    column = sa.Column("notices_to", sa.Text(), nullable=False, server_default=sa.text("''"))
    with op.batch_alter_table("account") as account:
        account.add_column(column)
