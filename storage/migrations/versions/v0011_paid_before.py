"""What had been paid through us for a bill, or a balance, when an order for it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    column = sa.Column("ours", sa.Text(), nullable=False, server_default=sa.text("'0.00'"))
    with op.batch_alter_table("payment_item") as item:
        item.add_column(column)
