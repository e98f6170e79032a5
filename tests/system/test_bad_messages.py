"""What somebody at the broker can do: repeat, reorder and invent messages; none has an effect, or stops a service."""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cli.demo.cast import SUPERVISOR
from tests.system.broker import Operator, Passed, Spy
from tests.system.own_host import OwnHost
from tests.system.reading import ask
from tests.system.scene import Company, Scene, Tender

pytestmark = pytest.mark.system


@dataclass
class Overheard:
    """A tender whose bids are in, and every message that passed until then."""

    host: OwnHost
    tender: Tender
    companies: list[Company]
    messages: list[Passed]

    def heads(self) -> list[tuple[str, int]]:
        """Return how many records each service has."""
        query = "SELECT 'bidding', position FROM bidding.head UNION SELECT 'registry', position FROM registry.head"
        return sorted(self.host.own_postgres.execute(query, self.host.database))

    def log(self) -> dict[str, int]:
        """Return how many of each service's records are in the ledger, once that is all of them."""
        supervisor = self.tender.scene.player(SUPERVISOR)
        self.host.wait("the witnesses", lambda: not self._unwitnessed(supervisor)["positions"])
        return {"size": int(self._unwitnessed(supervisor)["size"])}

    def _unwitnessed(self, supervisor: Any) -> Any:
        return ask(self.host, "/api/ledger/unwitnessed", supervisor).json

    def findings(self) -> list[Any]:
        """Return what the audit found to break a rule."""
        return list(ask(self.host, "/api/ledger/findings", self.tender.scene.player(SUPERVISOR)).json["findings"])

    def of(self, *begins: str) -> list[Passed]:
        """Return the messages whose keys begin so."""
        return [message for message in self.messages if message.key.startswith(begins)]


@pytest.fixture(scope="module")
def overheard(host_scene: Scene) -> Overheard:
    host = host_scene.stage
    assert isinstance(host, OwnHost)
    companies = host_scene.companies(3)
    with Spy(host) as spy:
        tender = host_scene.tender()
        for company in companies:
            tender.bid(company)
        return Overheard(host, tender, companies, spy.passed())


def test_events_told_again_and_in_another_order_change_nothing(overheard: Overheard) -> None:
    told = [message for message in overheard.of("bidding.", "registry.") if message.headers.get("kind") == "record"]
    before = overheard.heads(), overheard.log(), overheard.findings()

    with Operator(overheard.host) as operator:
        for message in [*reversed(told), *told]:
            operator.tell(message.key, message.body, message.headers)
        operator.settle("events-audit", "events-registry")

    assert len(told) >= 5
    assert (overheard.heads(), overheard.log(), overheard.findings()) == before


def _renamed(message: Passed) -> Passed:
    return Passed("bidding.keys_collected.v1", message.headers, message.body)


def _without_mark(message: Passed) -> Passed:
    return Passed(message.key, {name: message.headers[name] for name in ("kind", "leaf")}, message.body)


def _in_another_word(message: Passed) -> Passed:
    return Passed(message.key, message.headers, message.body.replace(b"bidding", b"land___", 1))


def _strange_mark(message: Passed) -> Passed:
    return Passed(message.key, {**message.headers, "mark": "印章" * 20}, message.body)


def _no_json(message: Passed) -> Passed:
    return Passed(message.key, message.headers, b"\x00\xff not JSON")


def _strange_headers(message: Passed) -> Passed:
    return Passed(message.key, {"kind": {"record": [1]}, "leaf": None, "mark": b"\xff\xfe"}, message.body)


@pytest.mark.parametrize(
    "invent", [_renamed, _without_mark, _in_another_word, _strange_mark, _no_json, _strange_headers]
)
def test_an_event_that_no_service_told_is_laid_aside(overheard: Overheard, invent: Callable[[Passed], Passed]) -> None:
    message = next(item for item in overheard.of("bidding.sealed_received") if item.headers.get("kind") == "record")
    made = invent(message)
    before = overheard.heads(), overheard.log(), overheard.findings()

    with Operator(overheard.host) as operator:
        dead = operator.dead()
        operator.tell(made.key, made.body, made.headers)
        overheard.host.wait("the dead letter", lambda: operator.dead() > dead)

    assert (overheard.heads(), overheard.log(), overheard.findings()) == before
    assert restarts(overheard.host) == 0


def test_a_made_up_end_of_key_collection_discloses_nobody(overheard: Overheard) -> None:
    tokens = [json.loads(message.body)["data"]["token"] for message in overheard.of("bidding.sealed_received")]
    record = json.loads(overheard.of("bidding.sealed_received")[0].body)
    forged = {**record, "type": "bidding.keys_collected.v1", "data": {"bids": [{"token": token} for token in tokens]}}
    headers = overheard.of("bidding.sealed_received")[0].headers

    with Operator(overheard.host) as operator:
        operator.tell("bidding.keys_collected.v1", json.dumps(forged).encode(), headers)
        operator.settle("events-registry")

    disclosures = f"SELECT count(*) FROM registry.stream WHERE stream = 'disclosure-{overheard.tender.procedure}'"
    assert overheard.host.own_postgres.execute(disclosures, overheard.host.database) == [(0,)]


def restarts(host: OwnHost) -> int:
    """Return how often a process of the installation has ended."""
    return (host.data / "platform.log").read_bytes().count(b'"process_ended"')


def _call(body: Any) -> bytes:
    return json.dumps(body).encode() if not isinstance(body, bytes) else body


BAD_CALLS = [
    b"\xff{",
    b"",
    {"args": []},
    {"args": [], "kwargs": "asked signature"},
    {"args": [], "kwargs": {"asked": "{}", "signature": "", "more": 1}},
    [1, 2],
]
"""What is not even a call."""


@pytest.mark.parametrize("service", ["bidding", "bidding_views", "registry", "registry_views", "audit_views"])
def test_what_is_no_call_is_laid_aside_and_the_service_goes_on(overheard: Overheard, service: str) -> None:
    with Operator(overheard.host) as operator:
        dead = operator.dead()
        for body in BAD_CALLS:
            operator.call(f"{service}.anything", _call(body), seconds=0)
        overheard.host.wait("the dead letters", lambda: operator.dead() >= dead + len(BAD_CALLS))

    assert overheard.tender.page()["phase"] == "accepting"
    assert restarts(overheard.host) == 0


def forged_command(overheard: Overheard, **changes: Any) -> bytes:
    """Return a command as the door signs one, changed."""
    genuine = overheard.of("bidding.command")[-1]
    kwargs = json.loads(genuine.body)["kwargs"]
    asked = {**json.loads(kwargs["asked"]), **changes}
    text = json.dumps(asked, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return _call({"args": [], "kwargs": {**kwargs, "asked": text}})


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": {"account": "system", "party": "", "region": "", "role": "system"}, "id": "forged-1"},
        {"received_at": "2020-01-01T00:00:00.000000Z"},
        {"command": {"type": "bidding.close_reception"}, "id": "forged-2"},
    ],
)
def test_a_command_that_the_door_did_not_sign_has_no_effect(overheard: Overheard, changes: dict[str, Any]) -> None:
    before = overheard.heads()

    with Operator(overheard.host) as operator:
        reply = operator.call("bidding.command", forged_command(overheard, **changes))

    assert reply is not None
    assert json.loads(reply)["result"] == {"fault": "not signed by the door"}
    assert overheard.heads() == before
    assert b'"command_not_from_the_door"' in (overheard.host.data / "platform.log").read_bytes()


@pytest.mark.parametrize(
    "signature",
    ["", "AAAA", "签名", base64.b64encode(os.urandom(64)).decode()],
    ids=["none", "short", "words", "random"],
)
def test_a_signature_that_is_none_has_no_effect(overheard: Overheard, signature: str) -> None:
    kwargs = json.loads(overheard.of("bidding.command")[-1].body)["kwargs"]
    body = _call({"args": [], "kwargs": {**kwargs, "signature": signature}})

    with Operator(overheard.host) as operator:
        reply = operator.call("bidding.command", body)

    assert reply is not None
    assert json.loads(reply)["result"] == {"fault": "not signed by the door"}


def test_a_genuine_command_told_again_gets_its_first_outcome_and_no_second_effect(overheard: Overheard) -> None:
    genuine = overheard.of("bidding.command")
    before = overheard.heads()

    with Operator(overheard.host) as operator:
        replies = [operator.call(message.key, message.body) for message in genuine]
        again = [operator.call(message.key, message.body) for message in reversed(genuine)]

    assert len(genuine) >= 5
    assert None not in replies
    assert replies == list(reversed(again))
    assert overheard.heads() == before


def test_a_genuine_question_is_not_answered_to_who_copied_it_later(overheard: Overheard) -> None:
    question = overheard.of("bidding_views.query")[-1]
    host = overheard.host

    with Operator(host) as operator:
        at_once = operator.call(question.key, question.body)
        host.move_to(host.client.now() + timedelta(minutes=6))
        later = operator.call(question.key, question.body)

    assert at_once is not None
    assert later is not None
    assert json.loads(later)["result"]["refusal"]["code"] == "not_yet"


def test_after_all_this_every_bid_is_opened(overheard: Overheard) -> None:
    rows = overheard.tender.open(overheard.companies)

    assert {row["outcome"] for row in rows.values()} == {"unsealed"}
    assert len(rows) == len(overheard.companies)
    assert restarts(overheard.host) == 0
