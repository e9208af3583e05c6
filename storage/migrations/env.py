"""Run by Alembic: brings the database behind `connection` up to date, all revisions or none."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (describes the tables to SQLModel)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
