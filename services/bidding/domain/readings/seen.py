"""Who sees who looked: those who watch the tender."""

from shared.kernel.request import Role

WATCH: frozenset[Role] = frozenset({"operator", "supervisor"})


def visible(role: Role) -> bool:
    """Return whether a role may see who looked at what."""
    return role in WATCH
