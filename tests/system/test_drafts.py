"""A draft is its own parties' alone: to everyone else every answer is that about a tender which never was.

Asked are all routes that can name a procedure, after its own agency has looked at it, and commands of every kind; and
what a running tender answers to a command tells nobody how much was handed in before.
"""

import secrets
from typing import Any

import pytest

from cli.desk import Desk
from tests.system.reading import Frames, command
from tests.system.routes import OF_LOG, OF_PARTIES, OWN, answers, paths
from tests.system.scene import OTHER_AGENCY, Scene, Tender
from tests.system.test_counts import normal, told

pytestmark = pytest.mark.system

COMMANDS = ("start_opening", "close_reception", "publish_candidates", "sign_in", "report_evaluation", "note_witness")


def fresh() -> str:
    return secrets.token_hex(8)


@pytest.fixture(scope="module")
def drafted(embedded_scene: Scene) -> tuple[Tender, Tender, list[str]]:
    """Return a draft that its agency has looked at, the name of one that never was, and the live events meanwhile."""
    drafted, nothing = (Tender(embedded_scene, f"T-{secrets.token_hex(5)}") for _ in range(2))
    with Frames(embedded_scene.stage) as frames:
        drafted.draft("不为人知的工程")
        assert drafted.page()["phase"] == "drafted"
        assert len(drafted.history(drafted.agency)) == 1
        embedded_scene.tender("公开的工程")  # what is recorded later is on the way by now
        embedded_scene.stage.wait("the announcement", lambda: b"tender_announced" in frames.seen())
        live = [frame for frame in frames.seen().decode().split("\n\n") if drafted.procedure in frame]
    return drafted, nothing, live


def strangers(scene: Scene) -> dict[str, Any]:
    """Return who asks: everyone but the draft's own agency."""
    players = {**scene.askers(), "agency": scene.player(OTHER_AGENCY)}
    return {role: None if player is None else player.asker() for role, player in players.items()}


def test_to_a_stranger_a_draft_is_as_a_tender_that_never_was(
    embedded_scene: Scene, drafted: tuple[Tender, Tender, list[str]]
) -> None:
    asked = []
    for tender in drafted[:2]:
        known = paths(tender.procedure, party={"scheme": "CN-USCC", "id": "nobody"})
        found = answers(
            tender.stage, strangers(embedded_scene), known, lambda route: route not in OWN | OF_LOG | OF_PARTIES
        )
        asked.append({(role, normal(address, tender)): told(answer, tender) for role, _, address, answer in found})

    assert len(asked[0]) > 100
    differing = {where: (answer, asked[1][where]) for where, answer in asked[0].items() if answer != asked[1][where]}
    assert differing == {}
    assert drafted[2] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_strangers_command_is_answered_on_a_draft_as_on_nothing(
    embedded_scene: Scene, drafted: tuple[Tender, Tender, list[str]], name: str
) -> None:
    for role, asker in strangers(embedded_scene).items():
        if asker is not None:
            assert len({_answered(tender, asker, name) for tender in drafted[:2]}) == 1, role
    assert len(drafted[0].history(drafted[0].agency)) == 1, "nothing of it stands in the draft's own record"


def test_what_a_command_is_answered_does_not_count_what_was_handed_in_before(embedded_scene: Scene) -> None:
    few, many = embedded_scene.tender("少"), embedded_scene.tender("多")
    first, *others = embedded_scene.companies(5)
    for company in others:
        many.bid(company)
    askers = [asker for asker in strangers(embedded_scene).values() if asker is not None]
    refused = [[_answered(tender, asker, "sign_in") for asker in askers] for tender in (few, many)]
    own = [_numbers(tender.bid(first)) for tender in (few, many)]

    assert refused[0] == refused[1]
    assert own[0] == own[1] == {"position", "promise", "v"}


def _answered(tender: Tender, asker: Any, name: str) -> str:
    """Return what a command is answered, without what is another each time: its id, its place in the public log."""
    answer = command(tender.stage, asker, tender.procedure, {"type": f"bidding.{name}"}, fresh())
    body = answer.json
    body.pop("trace_id", None)
    outcome = body.get("outcome", body)
    outcome["id"] = "ID"
    for event in outcome["events"]:
        event |= {"position": 0, "digest": ""}
    return f"{answer.status} {normal(str(body), tender)}"


def _numbers(desk: Desk) -> set[str]:
    """Return which numbers stand in a bidder's newest receipt."""
    receipt = desk.receipts()[-1]["receipt"]
    return {name for name, value in receipt.items() if isinstance(value, int)}
