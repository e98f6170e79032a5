"""A whole tender as the auditor sees it: folded from its records, and every decision made again from what is stored."""

from typing import Any

import orjson
import pytest

from services.audit.domain.replaying import count_until, given, remake, replay
from services.bidding import LINE
from services.bidding.domain.documents.messages import AskQuestion, TakeDocuments
from services.bidding.domain.state import Accepting, Publicised
from shared.kernel.canonical import digest, encode
from shared.kernel.record import Record, read, write
from shared.kernel.request import Actor, Role
from shared.procedure.asking import FactMissing
from tests.bidding import factories as make
from tests.bidding import phases, remedies
from tests.bidding.play import Play

WATCHER = Actor(account="watcher", role="supervisor", region="370500")
AWARDED = phases.awarded()


def recorded(tender: Play) -> tuple[list[Record], dict[int, bytes]]:
    """Return a tender's records and its stored requests by version, as the service would have written them."""
    records: list[Record] = []
    requests: dict[int, bytes] = {}
    for decision in tender.record:
        request, stored = decision.request, decision.request.canonical()
        requests[len(records) + 1] = stored
        for event in decision.events:
            number = len(records) + 1
            record = write(
                service="bidding",
                position=number,
                stream=request.stream,
                version=number,
                id=f"e{number}",
                event=event,
                at=request.received_at,
                received_at=request.received_at,
                actor=request.actor,
                command_id=request.id,
                command_digest=digest(stored),
                cause=None,
                rulebook=None,
                salt=bytes(32),
            )
            records.append(record)
    return records, requests


def forged(record: Record, **data: Any) -> Record:
    """Return a record with other data, its bytes made to fit."""
    body = orjson.loads(record.raw)
    return read(encode({**body, "data": {**body["data"], **data}}))


def test_every_decision_of_an_awarded_tender_is_made_again_the_same() -> None:
    records, requests = recorded(AWARDED)

    made = remake(LINE, records, requests)

    assert made.difference == ""
    assert made.decisions == len(AWARDED.record)


def test_a_winner_put_in_by_hand_is_found() -> None:
    records, requests = recorded(AWARDED)
    (at,) = [number for number, record in enumerate(records) if record.type == "bidding.tender_awarded.v1"]
    other = {name: value for name, value in records[at].data.items() if isinstance(value, int)}
    assert other, records[at].data
    name, value = next(iter(other.items()))
    records[at] = forged(records[at], **{name: value + 1})

    made = remake(LINE, records, requests)

    assert f"decision {len(AWARDED.record) - 1} " in made.difference


def test_before_the_key_is_released_nothing_is_accused() -> None:
    tender = phases.accepting()
    tender.bid(phases.BIDDERS[0])
    records, requests = recorded(tender)

    with pytest.raises(FactMissing):
        remake(LINE, records, requests)


def test_at_every_instant_the_fold_is_the_state_there_was() -> None:
    records, _ = recorded(AWARDED)

    for version in range(1, len(records) + 1):
        made = replay(LINE, records, count_until(records, None, version), "supervisor", WATCHER)
        assert made.state == LINE.decider.replay(AWARDED.events[:version])


def test_nobody_could_see_a_bid_before_the_deadline() -> None:
    records, _ = recorded(AWARDED)
    before = count_until(records, make.SALE_ENDS, None)

    made = replay(LINE, records, before, "supervisor", WATCHER)

    seen = {item.record.type: item.visible for item in made.told}
    assert made.phase == "accepting"
    assert not seen["bidding.sealed_received.v1"]
    assert seen["bidding.tender_announced.v1"]
    assert all(item.shown for item in made.told)


def ended_with_a_quarrel() -> Play:
    """Return a tender that ended in a contract; who never bid took the documents, asked, objected and complained."""
    play = phases.accepting()
    for at, command in ((2, TakeDocuments()), (3, AskQuestion(text="工期是否有误？"))):
        play.ask(command, make.STORK.actor, make.beijing(at))
    remedies.object_to(play, "documents", make.beijing(4), make.STORK)
    remedies.answer(play, at=make.beijing(5))
    remedies.complain(play, at=make.beijing(6), knew_at=make.beijing(5), by=remedies.NEIGHBOUR)
    remedies.accept(play, make.beijing(7))
    remedies.decide(play, at=make.beijing(8))
    for bidder, price in zip(phases.BIDDERS, phases.PRICES, strict=True):
        play.bid(bidder, price)
    play.close(at=play.at(Accepting).tender.terms.bids_due + make.MICROSECOND)
    phases.finish_opening(play)
    play.report()
    play.publicise()
    publicity = play.at(Publicised).publicity
    play.award(play.at(Publicised).report.candidates[0], at=publicity.ends)
    play.sign(phases.PRICES[0])
    return play


ENDED = ended_with_a_quarrel()
SECRET = (make.STORK.token, remedies.NEIGHBOUR.account, "X-NEIGHBOUR:1")
"""Whom nobody but the supervisor and the tender's own parties may know of: who took part in it without a bid."""


@pytest.mark.parametrize("role", ["public", "bidder", "token", "expert", "operator", "authority", "agency"])
def test_after_the_end_neither_bundle_nor_replay_tells_who_asked_objected_or_complained(role: Role) -> None:
    records, _ = recorded(ENDED)
    asker = Actor(account="somebody", role=role, region="370500", party="X-OTHER:9")

    whole = given(LINE, records, asker, keyed=True)
    shown = [item.shown for item in replay(LINE, records, len(records), role, asker).told]

    in_bundle = b"".join(record.raw for record, mine in zip(records, whole, strict=True) if mine)
    in_replay = b"".join(encode(record.data) for record, told in zip(records, shown, strict=True) if told)
    taken = SECRET[1:] if role == "operator" else SECRET
    assert [secret for secret in taken if secret.encode() in in_bundle + in_replay] == []
    assert any(
        record.type == "bidding.complaint_decided.v1" and mine for record, mine in zip(records, whole, strict=True)
    )


def test_the_supervisor_has_every_record_and_who_did_something_its_own() -> None:
    records, _ = recorded(ENDED)

    own = given(LINE, records, make.STORK.actor, keyed=True)
    mine = {record.type for record, has in zip(records, own, strict=True) if has and record.actor["role"] == "token"}

    assert all(given(LINE, records, WATCHER, keyed=True))
    assert {"bidding.question_asked.v1", "bidding.objection_raised.v1"} <= mine
