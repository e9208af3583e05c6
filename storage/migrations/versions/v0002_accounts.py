"""The utility's register, and accounts with all that belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def moment(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def upgrade() -> None:
    _register()
    _accounts()
    _proofs()


def _register() -> None:
    op.create_table(
        "customer",
        text("personal_number"),
        text("first_name"),
        text("last_name"),
        text("id_valid_until"),
        sa.PrimaryKeyConstraint("personal_number"),
    )
    op.create_table(
        "connection",
        text("customer_code"),
        text("personal_number"),
        text("meter_number"),
        text("address"),
        text("tariff_group"),
        text("balance"),
        text("as_of"),
        sa.PrimaryKeyConstraint("customer_code"),
    )
    op.create_index("connection_person", "connection", ["personal_number"])
    op.create_table(
        "invoice",
        text("number"),
        text("customer_code"),
        text("period"),
        text("issued_on"),
        text("due_on"),
        text("high_from"),
        text("high_to"),
        text("low_from"),
        text("low_to"),
        text("constant"),
        text("net"),
        text("vat"),
        text("total"),
        text("paid"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("invoice_connection", "invoice", ["customer_code", "period"])


def _accounts() -> None:
    op.create_table(
        "account",
        text("id"),
        sa.Column("rev", sa.Integer(), server_default="1", nullable=False),
        text("personal_number"),
        text("first_name"),
        text("last_name"),
        text("display_name"),
        text("email"),
        text("phone"),
        text("password"),
        text("notices_off"),
        moment("phone_proved_at", null=True),
        moment("email_proved_at", null=True),
        moment("created_at"),
        moment("delete_at", null=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("personal_number", name="account_personal_number"),
        sa.UniqueConstraint("email", name="account_email"),
        sa.UniqueConstraint("phone", name="account_phone"),
    )
    op.create_table(
        "account_meter",
        text("account"),
        text("customer_code"),
        text("state"),
        text("name"),
        moment("added_at"),
        sa.PrimaryKeyConstraint("account", "customer_code"),
    )
    op.create_index("account_meter_code", "account_meter", ["customer_code"])
    op.create_table(
        "chat_link",
        text("chat"),
        text("account"),
        moment("signed_in_at"),
        moment("used_at"),
        moment("proved_at"),
        sa.PrimaryKeyConstraint("chat"),
    )
    op.create_index("chat_link_account", "chat_link", ["account"])


def _proofs() -> None:
    op.create_table(
        "challenge",
        text("id"),
        text("chat"),
        text("purpose"),
        text("recipient"),
        text("way"),
        sa.Column("rev", sa.Integer(), server_default="1", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        moment("expires_at"),
        moment("used_at", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("challenge_old", "challenge", ["expires_at"])
    op.create_table(
        "throttle",
        text("key"),
        sa.Column("rev", sa.Integer(), nullable=False),
        text("state"),
        moment("until"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("throttle_old", "throttle", ["until"])
    op.create_table(
        "form",
        text("token_hash"),
        text("chat"),
        text("question"),
        moment("expires_at"),
        moment("used_at", null=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("form_old", "form", ["expires_at"])
    op.create_table(
        "secret",
        text("ref"),
        text("chat"),
        text("body"),
        moment("expires_at"),
        sa.PrimaryKeyConstraint("ref"),
    )
    op.create_index("secret_old", "secret", ["expires_at"])
