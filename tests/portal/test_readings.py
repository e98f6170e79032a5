"""What is sealed or personal is given only once the record says to whom."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.portal.app import make_app
from services.portal.desk import Given
from shared.kernel.canonical import digest
from shared.kernel.outcome import Outcome, Recorded, RefusalText
from tests.portal.house import LINE, Browser, House

pytestmark = pytest.mark.anyio

ENVELOPES = "/api/procedures/t1/envelopes"
SEALED = {"bids": [{"bid": "b1"}]}
NOTED = "till.note_reading"


class Recording:
    """A service that records readings, or does not."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.noted: list[Any] = []
        self.outcome: dict[str, Any] = {
            "events": (Recorded(type="till.reading_noted.v1", position=1, digest="0" * 64),)
        }

    def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        arrival = self.house._gatekeeper.command(asked["asked"], asked["signature"])
        self.noted.append(arrival)
        return {"outcome": Outcome(id=arrival.id, stream=arrival.stream, **self.outcome).model_dump(mode="json")}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Give a house whose line records who is given envelopes, requests and bids."""
    made = House(tmp_path)
    line = replace(LINE, reading=dict.fromkeys(("envelopes", "requests", "bids"), NOTED))
    usual = made.given()
    given = Given(clock=usual.clock, bus=usual.bus, lines={"till": line}, random_bytes=usual.random_bytes)
    made.app = make_app(made.settings, given)
    made.answers["envelopes"] = lambda _query: SEALED
    return made


@pytest.fixture
def recording(house: House) -> Recording:
    made = Recording(house)
    house.bus.services["till.command"] = made
    return made


async def test_who_is_given_envelopes_is_on_record_before(house: House, browser: Browser, recording: Recording) -> None:
    answer = await browser.ask("GET", ENVELOPES, house.person("sue"))

    (noted,) = recording.noted
    assert answer.json() == SEALED
    assert (noted.stream, noted.actor.role, noted.command["type"]) == ("readings-t1", "system", NOTED)
    assert noted.command == {
        "type": NOTED, "account": "sue", "role": "supervisor", "region": "370500", "query": "envelopes",
        "digest": digest(orjson.dumps(SEALED)),
    }  # fmt: skip


async def test_each_reading_is_a_record_of_its_own(house: House, browser: Browser, recording: Recording) -> None:
    for _ in range(2):
        await browser.ask("GET", ENVELOPES, house.person("sue"))

    assert len({noted.id for noted in recording.noted}) == 2


@pytest.mark.parametrize("trouble", ["silent", "faulty", "nothing", "refused"])
async def test_without_a_record_nothing_is_given(
    house: House, browser: Browser, recording: Recording, trouble: str
) -> None:
    if trouble in {"silent", "faulty"}:
        getattr(house.bus, trouble).add("till.command")
    elif trouble == "nothing":
        recording.outcome = {}
    else:
        recording.outcome = {"refusal": RefusalText(code="out_of_phase", zh="不", en="no", article="x")}

    answer = await browser.ask("GET", ENVELOPES, house.person("sue"))

    assert (answer.status_code, answer.json()["code"]) == (503, "no_answer")
    assert "b1" not in answer.text


async def test_what_is_refused_is_no_reading(house: House, browser: Browser, recording: Recording) -> None:
    del house.answers["envelopes"]

    answer = await browser.ask("GET", ENVELOPES, house.person("sue"))

    assert (answer.status_code, recording.noted) == (404, [])


async def test_what_a_line_does_not_name_is_not_recorded(house: House, browser: Browser, recording: Recording) -> None:
    house.answers["procedure"] = lambda _query: {"phase": "accepting"}

    await browser.ask("GET", "/api/procedures/t1", house.person("sue"))

    assert recording.noted == []


async def test_stored_requests_are_recorded_before_decisions_are_made_again(
    house: House, browser: Browser, recording: Recording
) -> None:
    house.answers["requests"] = lambda _query: {
        "requests": [{"version": 1, "id": "c1", "request": "e30="}],
        "next": None,
    }
    house.answers["redecide"] = lambda query: query.arguments

    await browser.ask("GET", "/api/procedures/t1/redecide", house.person("sue"))

    assert [noted.command["query"] for noted in recording.noted] == ["requests"]


async def test_a_bids_body_is_recorded_by_its_digest(house: House, browser: Browser, recording: Recording) -> None:
    sha256 = digest(b"body")
    file = house.settings.data / "blobs" / sha256[:2] / sha256[2:]
    file.parent.mkdir(parents=True)
    file.write_bytes(b"body")
    house.answers["bids"] = lambda _query: {"given": True}
    house.answers["history"] = lambda _query: {"events": [{"data": {"sha256": sha256}}]}

    answer = await browser.ask("GET", f"/api/blobs/{sha256}?procedure=t1", house.person("sue"))

    assert answer.content == b"body"
    assert [(noted.command["query"], noted.command["digest"]) for noted in recording.noted] == [("bids", sha256)]
