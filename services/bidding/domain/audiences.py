"""Who facts about a tender are told to, as the chapters' rules of sight name them."""

from shared.kernel.request import Role

RUNNING: frozenset[Role] = frozenset({"tenderer", "agency"})
"""Who runs a tender, its own: towards another's these are the public."""

WATCH: frozenset[Role] = frozenset({"operator", "supervisor"})
"""Who watches a tender."""

OFFICE = RUNNING | WATCH
"""Who runs and who watches a tender."""

ANSWERABLE: frozenset[Role] = RUNNING | {"supervisor"}
"""Who answers for a tender, and who supervises that."""
