"""Queries about state property: those of every line of lots."""

from services.property import BOOKS, LINE
from services.property.domain.rules import RULES
from shared.runtime.lots import views
from shared.runtime.lots.views import LotViews

VIEWS = LotViews(LINE, BOOKS, RULES.__getitem__)
metadata, project = views.metadata, views.project
QUERIES, entitled = VIEWS.queries, VIEWS.entitled
