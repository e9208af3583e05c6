"""Meters in other people's names: who holds them, how long a claim waits, and what is to be told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

UNTOLD = sa.text("tell <> ''")
ASKED = sa.text("state = 'asked'")


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))


def upgrade() -> None:
    with op.batch_alter_table("account_meter") as meter:
        meter.add_column(sa.Column("rev", sa.BigInteger(), nullable=False, server_default=sa.text("1")))
        meter.add_column(text("holder"))
        meter.add_column(sa.Column("until", sa.BigInteger(), nullable=True))
        meter.add_column(sa.Column("reminded_at", sa.BigInteger(), nullable=True))
        meter.add_column(text("tell"))
    op.create_index(
        "account_meter_untold", "account_meter", ["added_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD
    )
    op.create_index(
        "account_meter_asked", "account_meter", ["until"], sqlite_where=ASKED, postgresql_where=ASKED
    )
