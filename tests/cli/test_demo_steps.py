"""What the full scenario had to show is looked for in the records: what is not in them is not found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.command import Local
from cli.demo import command
from cli.demo.full.step import Evidence, Step, find, full
from cli.demo.full.steps import STEPS, always
from cli.demo.stage import Stage
from cli.output import Refused
from shared.kernel.record import Record

BEGINS = datetime(2026, 11, 23, 1, tzinfo=UTC)
RULES = {"E25": "招标投标法 第四十一条", "E31": "招标投标法实施条例 第五十五条"}


def record(version: int, event: str, **data: Any) -> Record:
    at = BEGINS + timedelta(hours=version)
    ids = {"id": f"e-{version}", "command_id": "c", "command_digest": "d", "cause": None, "rulebook": None}
    kept: dict[str, Any] = {"service": "bidding", "position": version, "stream": "t", "actor": {}, **ids}
    return Record(**kept, version=version, type=full(event), at=at, received_at=at, data=data, salt="", raw=b"")


def evidence(*said: tuple[str, dict[str, Any]]) -> Evidence:
    return Evidence([record(version, event, **data) for version, (event, data) in enumerate(said, start=1)], RULES)


def step(*, cited: bool = True, rule: str = "E31") -> Step:
    return Step("awarded", "定标", "awarded", "t", "tender_awarded", rule, always, cited=cited)


def named(name: str) -> Step:
    return next(one for one in STEPS if one.name == name)


def test_a_step_is_found_in_the_first_record_of_its_type_that_cites_its_article() -> None:
    cites = {"rows": [{"article": f"招标投标法 第四十六条、{RULES['E31']}"}]}

    found = find(step(), evidence(("tender_failed", {}), ("tender_awarded", {}), ("tender_awarded", cites)))

    assert found.to_json()["found"]
    assert (found.to_json()["version"], found.article, found.at) == (3, RULES["E31"], BEGINS + timedelta(hours=3))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("another event", ("tender_failed", {"article": RULES["E31"]})),
        ("another article", ("tender_awarded", {"article": RULES["E25"]})),
        ("an article of a similar name", ("tender_awarded", {"article": "招标投标法 第五十五条"})),
        ("the article in other words", ("tender_awarded", {"text": RULES["E31"]})),
    ],
)
def test_a_step_is_not_found_in(what: str, said: tuple[str, dict[str, Any]]) -> None:
    assert find(step(), evidence(said)).record is None, what


def test_what_cites_nothing_has_its_article_from_the_rulebook_or_is_not_found() -> None:
    there = evidence(("tender_awarded", {}))

    assert find(step(cited=False), there).article == RULES["E31"]
    assert find(step(cited=False), there).record is not None
    assert find(step(cited=False, rule="E99"), there).record is None


def tied(first: str, second: str, *, price: int = 5) -> Evidence:
    rows = [
        {"bid": first, "rank": 1, "tied_with": [second], "score": None, "evaluated_fen": 5, "price_fen": 5},
        {"bid": second, "rank": 2, "tied_with": [first], "score": None, "evaluated_fen": 5, "price_fen": price},
    ]
    opened = {"rows": [{"bid": "early", "order": 1}, {"bid": "late", "order": 2}]}
    return evidence(("opening_completed", opened), ("evaluation_reported", {"rows": rows, "article": RULES["E25"]}))


def test_a_tie_is_one_that_the_earlier_bid_won_at_an_equal_price() -> None:
    tie = named("tie")

    assert find(tie, tied("early", "late")).record is not None
    assert find(tie, tied("late", "early")).record is None
    assert find(tie, tied("early", "late", price=6)).record is None


def test_the_next_is_awarded_only_after_the_first_fell_away() -> None:
    candidates = ("candidates_publicised", {"candidates": [{"bid": "a"}, {"bid": "b"}]})
    dropped = ("candidate_dropped", {"bid": "a"})
    awarded = {bid: ("tender_awarded", {"bid": bid, "article": RULES["E31"]}) for bid in ("a", "b")}
    step = named("next_awarded")

    assert find(step, evidence(candidates, awarded["a"], dropped, awarded["b"])).to_json()["version"] == 4
    assert find(step, evidence(candidates, awarded["a"])).record is None
    assert find(step, evidence(candidates, dropped, awarded["a"])).record is None


def test_a_step_that_is_missing_ends_the_demo_in_failure(tmp_path: Path) -> None:
    steps = [find(step(), evidence(("tender_failed", {}))).to_json()]
    document: dict[str, Any] = {"procedures": [{"verified": True}], "steps": steps}

    with pytest.raises(Refused, match="awarded") as refused:
        command._end(Local(as_json=True), Stage(tmp_path), document)

    assert refused.value.details["steps"] == steps


def test_a_draw_that_is_not_the_committees_ends_the_demo_in_failure(tmp_path: Path) -> None:
    document: dict[str, Any] = {"procedures": [{"verified": True}], "steps": [], "draws": [{"agrees": False}]}

    with pytest.raises(Refused, match="verify"):
        command._end(Local(as_json=True), Stage(tmp_path), document)
