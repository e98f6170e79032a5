"""Queries about land and mining rights: those of every line of lots."""

from services.land import BOOKS, LINE
from services.land.domain.law import RULES
from shared.runtime.lots import views
from shared.runtime.lots.views import LotViews

VIEWS = LotViews(LINE, BOOKS, RULES.__getitem__)
metadata, project = views.metadata, views.project
QUERIES, entitled = VIEWS.queries, VIEWS.entitled
