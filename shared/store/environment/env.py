"""What alembic runs a service's revisions in: the caller's own transaction, which `shared.store.schema` hands over."""

from alembic import context

context.configure(**context.config.attributes["configure"])
context.run_migrations()
