"""The rules of each kind name clauses that are there, of the unit that the lot counts in, on any day of the law."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from services.land import LINE as LAND
from services.land.domain.law import RULES as OF_LAND
from services.property import LINE as PROPERTY
from services.property.domain.rules import RULES as OF_PROPERTY
from shared.kernel.line import Line
from shared.law.clause import Unit
from shared.law.rulebook import Rulebook, compile_rulebook
from shared.procedure.lot.rules import Rules
from tests.bidding.factories import CALENDAR

KINDS = [(line, kind, rules) for line, of in ((LAND, OF_LAND), (PROPERTY, OF_PROPERTY)) for kind, rules in of.items()]
NO_CLAUSES = {"ways", "triggers", "required", "until_applications", "foreign_only", "open_to_all", "publicity_since"}
DAYS = {Unit.DAY, Unit.WORKING_DAY}
UNITS: dict[str, set[Unit]] = {
    "announced": DAYS,
    "listing": DAYS,
    "applications": DAYS,
    "review": DAYS,
    "auction_notice": DAYS,
    "showing": DAYS,
    "pre_disclosure": DAYS,
    "pre_filed": DAYS,
    "filing": DAYS,
    "idle": DAYS,
    "reminded": DAYS,
    "extension": {Unit.WORKING_DAY},
    "rest": {Unit.WORKING_DAY},
    "suspended": {Unit.MONTH},
    "lapse": {Unit.MONTH},
    "thaw_notice": {Unit.HOUR},
    "thaw_at_once": {Unit.MINUTE},
    "term": {Unit.YEAR},
    "term_most": {Unit.YEAR},
    "calls": {Unit.COUNT},
    "deposit_least": {Unit.SHARE},
    "deposit_most": {Unit.SHARE},
    "relisted": {Unit.SHARE},
}


def named(rules: Rules) -> dict[str, str]:
    """Return the clauses that rules name, by rule."""
    found = {one.name: getattr(rules, one.name) for one in fields(rules) if one.name not in NO_CLAUSES}
    ways = {f"least_bidders {way}": clause for way, clause in found.pop("least_bidders").items()}
    bands = {f"bands {n}": clause for n, band in enumerate(found.pop("bands")) for clause in band}
    return {name: clause for name, clause in {**found, **ways, **bands}.items() if clause is not None}


def today(line: Line) -> Rulebook:
    """Return a line's rulebook of a day on which all its law is in force."""
    return compile_rulebook(line.name, date(2026, 11, 23), line.law, CALENDAR)


@pytest.mark.parametrize(("line", "kind", "rules"), KINDS, ids=lambda one: one if isinstance(one, str) else "")
def test_every_rule_names_a_clause_of_its_line_in_its_unit(line: Any, kind: str, rules: Rules) -> None:
    book = today(line)
    for name, clause in named(rules).items():
        assert clause in book.clauses, f"{kind}: {name}"
        assert book.clause(clause).unit in UNITS.get(name, set(Unit)), f"{kind}: {name}"


@pytest.mark.parametrize("line", [LAND, PROPERTY], ids=lambda line: line.name)
def test_every_clause_says_what_it_says_in_both_languages(line: Line) -> None:
    for versions in line.law.values():
        assert all(one.note_zh and one.note_en and one.article for one in versions)


def test_mining_counts_working_days_where_land_counts_days() -> None:
    book = today(LAND)
    for rule in ("announced", "listing"):
        of_land, of_mining = (book.clause(getattr(OF_LAND[kind], rule)) for kind in ("land_use", "mining"))
        assert (of_land.unit, of_mining.unit) == (Unit.DAY, Unit.WORKING_DAY)
        assert of_land.value == of_mining.value
