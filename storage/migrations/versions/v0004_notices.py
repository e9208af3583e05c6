"""What accounts are to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def moment(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "notice",
        text("key"),
        text("account"),
        text("kind"),
        text("customer_code"),
        text("invoice"),
        text("state"),
        moment("created_at"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("notice_waiting", "notice", ["state", "created_at"])
    op.create_index("notice_account", "notice", ["account"])
