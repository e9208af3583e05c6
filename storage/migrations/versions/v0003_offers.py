"""Buttons that work once, and the meter that is spoken of."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def moment(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "offer",
        text("id"),
        text("chat"),
        text("account"),
        text("dialog"),
        text("args"),
        moment("expires_at"),
        moment("used_at", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("offer_old", "offer", ["expires_at"])
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("active_meter", sa.Text(), nullable=False, server_default=sa.text("''")))
