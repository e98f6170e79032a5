"""Property serves 国有产权: equity, assets and capital increases of state enterprises; LINE is the line as a value."""

from services.property.domain.law import LAW
from services.property.domain.rules import RULES
from shared.procedure.books import Books
from shared.procedure.lot.line import make_line

BOOKS = Books()
"""The rulebooks and calendars of this process; the service's handlers and the auditor put them here."""

LINE = make_line(
    "property",
    "国有产权交易",
    "State-owned property",
    rules_of=RULES.__getitem__,
    law=LAW,
    books=BOOKS,
)
"""What state property is sold under: the law alone; how a lot goes is `shared.procedure.lot`."""
