"""Bidding as a service finds the procedures that a draft names, and shows each tied to the other."""

from typing import Any

from services.bidding import links, views
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.state import Accepting, Failed
from shared.kernel.request import SYSTEM, Actor
from shared.platform.door import Query
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding.house import House
from tests.bidding.phases import BIDDERS
from tests.bidding.play import OPENING

PROJECT = "A01-91350000MA347WHE48-20190305-000001-T"
LATER = {
    "sale_starts": make.beijing(23, 10),
    "sale_ends": make.beijing(31),
    "bids_due": make.beijing(20, 9, month=1, year=2027),
}


PUBLIC = Actor(account="x", role="public")


def page(house: House, stream: str, actor: Actor = PUBLIC) -> dict[str, Any]:
    """Return a tender's page as somebody sees it."""
    query = Query(name="procedure", actor=actor, at=house.hour.at, arguments={"id": stream})
    with house.tools.database.read() as connection:
        return views.show(house.tools, connection, query)


def announce_again(house: House, stream: str, of: str) -> Any:
    house.give(drafts.draft_tender(retender_of=of, project=PROJECT), stream=stream)
    return house.give(drafts.publish_tender(**LATER), stream=stream)


def test_a_tender_that_failed_is_held_again_and_both_pages_say_so(house: House) -> None:
    house.give(drafts.draft_tender(project=PROJECT), stream="first")
    assert house.give(drafts.publish_tender(), stream="first").refusal is None
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM, stream="first")
    assert house.state(Failed, "first")

    assert announce_again(house, "again", "first").refusal is None

    twice = announce_again(house, "twice", "first").refusal
    assert twice
    assert twice.article == "招标投标法 第二十八条"
    assert house.state(Accepting, "again").tender.access.attempt == 2
    assert page(house, "first")["related"] == [{"procedure": "again", "how": "retender_of"}]
    assert page(house, "again")["announcement"]["draft"]["retender_of"] == "first"
    assert [row["stream"] for row in page(house, "again")["project"]] == ["again", "first"]


def test_what_is_still_received_for_is_not_held_again(house: House) -> None:
    house.announce("first")
    house.hour.at = OPENING

    for name in ("first", "no-such-tender"):
        refusal = announce_again(house, "again", name).refusal
        assert refusal
        assert refusal.article == "招标投标法 第二十八条"


def test_a_party_is_told_on_the_page_whether_it_is_invited_itself_and_nobody_else_is(house: House) -> None:
    crane, stork = (Actor(account=name, role="bidder", party=f"X-TEST:{name}") for name in ("crane", "stork"))
    listed = [{"scheme": one.party.scheme, "id": one.party.id, "name": one.party.name} for one in BIDDERS]
    house.give(drafts.draft_tender())
    house.give(drafts.publish_tender(invited={}, invitations=listed, state_funded=False))

    assert page(house, "t1", crane)["admission"] == {"listed": True}
    assert page(house, "t1", stork)["admission"] == {"listed": False}
    assert not {"admission", "admitted"} & page(house, "t1").keys()
    assert len(page(house, "t1", make.BUYER)["admitted"]["parties"]) == 3


def test_a_draft_ties_nothing(house: House) -> None:
    house.give(drafts.draft_tender(project=PROJECT), stream="draft")

    with house.tools.database.read() as connection:
        assert links.of_project(connection, PROJECT) == []
