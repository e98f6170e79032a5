"""Before the deadline a tender with thirty bidders looks to everyone like one with three, and like one with none.

Two tenders are announced side by side; each route is asked by each role before and after the bids, and what is answered
(status, headers with lengths, body) must be equal but for ids, keys and times; the tag of each answer must be the very
same before and after. So must the live events be.
A bidder sees its own messages besides, and those alone.

What does differ, by design. The public log grows with every record of the installation, whatever it is about, and its
entries bear the numbers of the services' journals: so everyone can bound the number of messages from above, and the
operator and the supervisor are told the same numbers as what is not yet witnessed. The ciphertexts lie on the host's
disk, one a bid, where its root can count them. Covers (dummies with a committed number, GGZY_COVERS) make the first an
upper bound; the disk's root still counts the uploads.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.system.reading import Answer, Frames
from tests.system.routes import OF_LOG, OF_PARTIES, OWN, answers, paths
from tests.system.scene import Company, Scene, Tender

pytestmark = pytest.mark.system

FEW, MANY = 3, 30
CHANGING = frozenset({"date", "x-trace-id", "ratelimit"})
TAG = "etag"

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_TRACE = re.compile(r'"trace_id":"[0-9a-f]{16}"')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BYTES = re.compile(r'"[A-Za-z0-9_-]{43,}"')

Told = dict[tuple[str, str], str]
"""What was answered, by role and address, normalised."""


def seen(tender: Tender, askers: Mapping[str, Any]) -> Told:
    """Return what everyone is answered about a tender."""
    known = paths(tender.procedure, party={"scheme": "CN-USCC", "id": "nobody"})
    found = answers(tender.stage, askers, known, lambda route: route not in OWN | OF_LOG | OF_PARTIES)
    return {(role, normal(address, tender)): told(answer, tender) for role, _, address, answer in found}


def tags(tender: Tender, askers: Mapping[str, Any]) -> Told:
    """Return the tag of everything that everyone is answered about a tender, and of the list that it stands in."""
    known = paths(tender.procedure, party={"scheme": "CN-USCC", "id": "nobody"})
    found = answers(tender.stage, askers, known, lambda route: route not in OWN | OF_LOG | OF_PARTIES)
    return {(role, address): answer.headers[TAG] for role, _, address, answer in found if TAG in answer.headers}


def told(answer: Answer, tender: Tender) -> str:
    """Return an answer without what is another each time."""
    headers = {name: value for name, value in answer.headers.items() if name not in {*CHANGING, TAG}}
    body = answer.body.decode()
    if body.startswith('{"procedures"'):
        listed = json.loads(body)["procedures"]
        body = json.dumps([item for item in listed if item["stream"] == tender.procedure])
        del headers["content-length"]  # the list is that of all tenders
    return normal(f"{answer.status} {sorted(headers.items())} {body}", tender)


def normal(text: str, tender: Tender) -> str:
    """Return a text with the tender's own names, keys and times made alike."""
    text = _INSTANT.sub("INSTANT", text.replace(tender.procedure, "T"))
    return _BYTES.sub('"BYTES"', _DIGEST.sub("DIGEST", _TRACE.sub('"TRACE"', text)))


def frames_of(seen_: bytes, tender: Tender) -> list[str]:
    """Return the live events about a tender, without their places in the journal."""
    frames = [frame for frame in seen_.decode().split("\n\n") if tender.procedure in frame]
    return [normal(re.sub(r"^id: .*\n", "", frame), tender) for frame in frames]


@pytest.fixture(scope="module")
def companies(embedded_scene: Scene) -> list[Company]:
    return embedded_scene.companies(MANY)


@pytest.fixture(scope="module")
def looks(embedded_scene: Scene, companies: list[Company]) -> dict[str, Any]:
    """Return what was seen of two tenders without bids, and then with few and many."""
    askers = {role: None if one is None else one.asker() for role, one in embedded_scene.askers().items()}
    with Frames(embedded_scene.stage) as frames:
        few, many = embedded_scene.tender(), embedded_scene.tender()
        before = seen(few, askers), seen(many, askers)
        tagged = tags(many, askers)
        for company in companies[:FEW]:
            few.bid(company)
        for company in companies:
            many.bid(company)
        after = seen(few, askers), seen(many, askers)
        tagged_after = tags(many, askers)
        own = [seen(tender, {"token": tender.desk(companies[0]).asker}) for tender in (few, many)]
        heard = frames_of(frames.seen(), few), frames_of(frames.seen(), many)
    return {
        "before": before, "after": after, "own": own, "heard": heard, "many": many, "tags": (tagged, tagged_after),
    }  # fmt: skip


def difference(one: Told, other: Told) -> list[tuple[tuple[str, str], str, str]]:
    """Return what differs."""
    assert one.keys() == other.keys()
    return [(asked, one[asked], other[asked]) for asked in one if one[asked] != other[asked]]


def test_three_bidders_and_thirty_look_the_same_to_every_role(looks: dict[str, Any]) -> None:
    few, many = looks["after"]

    assert len(few) > 100
    assert difference(few, many) == []


def test_bids_look_to_every_role_like_none(looks: dict[str, Any]) -> None:
    for without, with_bids in zip(looks["before"], looks["after"], strict=True):
        assert difference(without, with_bids) == []


def test_bids_change_no_tag_of_what_any_role_is_told(looks: dict[str, Any]) -> None:
    before, after = looks["tags"]

    assert {role for role, _ in before} == {role for role, _ in seen_roles(looks)}
    assert len(before) > 20
    assert difference(before, after) == []


def seen_roles(looks: dict[str, Any]) -> Told:
    """Return what was answered before there were bids, of which every role had some."""
    found: Told = looks["before"][0]
    return found


def test_a_bidder_sees_its_own_messages_and_not_how_many_others_there_are(looks: dict[str, Any]) -> None:
    few, many = looks["own"]

    assert difference(few, many) == []
    assert many["token", "/api/procedures/T/history"].count("sealed_received") == 1


def test_live_events_are_the_same(looks: dict[str, Any]) -> None:
    few, many = looks["heard"]

    assert few == many
    assert len(few) == 1, "the announcement, and nothing else"


def test_what_looked_the_same_differs_once_reception_is_closed(looks: dict[str, Any]) -> None:
    closed = looks["many"].close()

    assert closed["phase"] == "closed"
    history = looks["many"].history()
    assert [event["type"] for event in history].count("bidding.sealed_received.v1") == MANY
