"""What is offered once, payments, notices, documents, and what an account may see of a meter."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def text(name: str, *, null: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null, server_default=None if default is None else sa.text(f"'{default}'"))


def moment(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def rev() -> sa.Column[int]:
    return sa.Column("rev", sa.Integer(), nullable=False, server_default="1")


def upgrade() -> None:
    _offers()
    _meters()
    _payments()
    _notices()


def _offers() -> None:
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
    op.create_table(
        "document",
        text("token_hash"),
        text("chat"),
        text("account"),
        text("kind"),
        text("args"),
        moment("expires_at"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("document_old", "document", ["expires_at"])


def _meters() -> None:
    with op.batch_alter_table("account") as account:
        account.add_column(text("active_meter", default=""))
    with op.batch_alter_table("account_meter") as meter:
        meter.add_column(rev())
        meter.add_column(moment("until", null=True))
        meter.add_column(moment("reminded_at", null=True))


def _payments() -> None:
    op.create_table(
        "payment_order",
        text("id"),
        rev(),
        text("token_hash"),
        text("account"),
        text("chat"),
        text("amount"),
        text("currency"),
        text("reference"),
        text("provider"),
        text("provider_order"),
        text("redirect_url"),
        text("state"),
        text("problem", default=""),
        moment("created_at"),
        moment("expires_at"),
        moment("checked_at", null=True),
        moment("paid_at", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash", name="payment_order_token"),
        sa.UniqueConstraint("reference", name="payment_order_reference"),
    )
    op.create_index("payment_order_account", "payment_order", ["account"])
    op.create_index("payment_order_open", "payment_order", ["state", "checked_at"])
    op.create_index("payment_order_provider", "payment_order", ["provider", "provider_order"])
    op.create_table(
        "payment_item",
        text("order_id"),
        text("customer_code"),
        text("invoice"),
        text("amount"),
        moment("paid_at", null=True),
        sa.PrimaryKeyConstraint("order_id", "customer_code", "invoice"),
    )
    op.create_index("payment_item_code", "payment_item", ["customer_code", "paid_at"])
    op.create_table(
        "payment_event",
        text("key"),
        text("order_id"),
        text("state"),
        text("amount"),
        text("outcome"),
        moment("at"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("payment_event_order", "payment_event", ["order_id"])
    op.create_table(
        "sandbox_order",
        text("id"),
        rev(),
        text("amount"),
        text("currency"),
        text("reference"),
        text("state"),
        text("urls"),
        moment("created_at"),
        moment("changed_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reference", name="sandbox_order_reference"),
    )


def _notices() -> None:
    op.create_table(
        "notice",
        text("key"),
        text("account"),
        text("kind"),
        text("args"),
        text("state"),
        moment("due_at"),
        moment("created_at"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("notice_due", "notice", ["state", "due_at"])
    op.create_index("notice_account", "notice", ["account"])
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
