"""What operators did; who settled a payment; the error of a turn; and what they look for is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

FAILED = sa.text("state = 'failed'")
DEAD = sa.text("state = 'dead'")
MET = sa.text("error <> ''")


def text(name: str, *, default: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''") if default else None)


def upgrade() -> None:
    op.create_table(
        "operator_log",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        text("operator"),
        text("command"),
        text("subject"),
        sa.Column("personal", sa.Boolean(), nullable=False),
        text("note"),
        text("outcome"),
        sqlite_autoincrement=True,
    )
    op.create_index("operator_log_old", "operator_log", ["at"])
    with op.batch_alter_table("payment_trouble") as trouble:
        trouble.add_column(text("settled_by", default=True))
        trouble.add_column(text("settled_note", default=True))
    with op.batch_alter_table("turn_log") as turn:
        turn.add_column(text("error", default=True))
    op.create_index("turn_log_error", "turn_log", ["error"], sqlite_where=MET, postgresql_where=MET)
    op.create_index("inbox_failed", "inbox", ["seq"], sqlite_where=FAILED, postgresql_where=FAILED)
    op.create_index("outbox_dead", "outbox", ["id"], sqlite_where=DEAD, postgresql_where=DEAD)
