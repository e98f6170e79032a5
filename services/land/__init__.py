"""Land serves 国有建设用地使用权 and mining rights: 招标拍卖挂牌出让规定 and its kin; LINE is the line as a value."""

from services.land.domain.law import LAW, RULES
from shared.procedure.books import Books
from shared.procedure.lot.line import make_line

BOOKS = Books()
"""The rulebooks and calendars of this process; the service's handlers and the auditor put them here."""

LINE = make_line(
    "land",
    "土地使用权、矿业权出让",
    "Land-use and mining rights",
    rules_of=RULES.__getitem__,
    law=LAW,
    books=BOOKS,
)
