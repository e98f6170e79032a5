"""Queries about land and mining rights: those of every line of lots."""

from services.land import BOOKS, LINE
from shared.runtime.lots import views
from shared.runtime.lots.views import LotViews

VIEWS = LotViews(LINE, BOOKS)
metadata, project = views.metadata, views.project
QUERIES, entitled = VIEWS.queries, VIEWS.entitled
