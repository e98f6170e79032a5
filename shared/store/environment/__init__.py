"""The alembic environment that every service's revisions run in."""
