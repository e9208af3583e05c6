"""Payments: what was ordered, what it is made of, each try at a provider, and what needs a hand."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "payment_order",
        text("id"),
        text("token_hash"),
        text("account"),
        text("chat"),
        text("reference"),
        text("amount"),
        text("state"),
        moment("created_at"),
        moment("expires_at"),
        moment("paid_at", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash", name="payment_order_token"),
        sa.UniqueConstraint("reference", name="payment_order_reference"),
    )
    op.create_index("payment_order_account", "payment_order", ["account", "created_at"])
    op.create_table(
        "payment_item",
        text("order_id"),
        text("customer_code"),
        text("invoice"),
        text("amount"),
        text("rest"),
        moment("paid_at", null=True),
        sa.PrimaryKeyConstraint("order_id", "customer_code", "invoice"),
    )
    op.create_index("payment_item_code", "payment_item", ["customer_code", "paid_at"])
    op.create_table(
        "payment_try",
        text("reference"),
        text("order_id"),
        number("n"),
        text("provider"),
        text("provider_order", null=True),
        text("page"),
        text("state"),
        number("checks"),
        moment("created_at"),
        moment("check_at", null=True),
        sa.PrimaryKeyConstraint("reference"),
        sa.UniqueConstraint("order_id", "n", name="payment_try_number"),
        sa.UniqueConstraint("provider", "provider_order", name="payment_try_provider"),
    )
    op.create_index("payment_try_check", "payment_try", ["check_at"])
    op.create_table(
        "payment_trouble",
        text("key"),
        text("kind"),
        text("order_id"),
        text("detail"),
        text("amount"),
        moment("created_at"),
        moment("settled_at", null=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("payment_trouble_open", "payment_trouble", ["settled_at", "created_at"])
    op.create_table(
        "sandbox_order",
        text("id"),
        text("reference"),
        text("amount"),
        text("description"),
        text("language"),
        text("back_url"),
        text("notify_url"),
        text("state"),
        moment("created_at"),
        moment("word_at"),
        sa.PrimaryKeyConstraint("id"),
    )
