"""What Alembic runs: the steps, on the connection that it is given."""

from __future__ import annotations

from alembic import context

with context.config.attributes["connection"].begin() as transaction:
    context.configure(connection=transaction.connection, transactional_ddl=False)
    context.run_migrations()
