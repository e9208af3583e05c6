"""The Viber bridge: its chats, and what was sent to them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))


def moment(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default=sa.text("0"))


def upgrade() -> None:
    op.create_table(
        "viber_chat",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        moment("heard_at"),
        moment("newest_at"),
        text("keyboard"),
        text("welcome_key"),
        text("welcome"),
        sa.PrimaryKeyConstraint("chat"),
    )
    op.create_table(
        "viber_sent",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("billing", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("viber_sent_chat", "viber_sent", ["chat"])
    op.create_index("viber_sent_old", "viber_sent", ["sent_at"])
