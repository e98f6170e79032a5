"""Every phase and every event that a line can show has a Chinese word, and streams are named as the registry does."""

from typing import get_args

import pytest

from cli.output import Misused
from cli.scoring import CAUSES, adjustment_of, rejection_of, score_of
from cli.streams import account_stream, party_of
from cli.timeline import _BIDDERS, _SELLERS, rows, who
from cli.words import EVENTS, PHASES, event_zh, events_zh, phase_zh
from services.bidding.domain.events import TenderEvent
from services.bidding.domain.state import TenderState
from services.bidding.domain.values import RejectionCause
from services.registry.domain import values as registry
from services.registry.domain.events import RegistryEvent
from shared.kernel.codes import PartyId
from shared.runtime.lines import lines

CODE = PartyId(scheme="CN-USCC", id="91350000MA347WHE48")


@pytest.mark.parametrize("union", [TenderEvent, RegistryEvent])
def test_every_event_has_a_word(union: object) -> None:
    events = get_args(get_args(union)[0])

    assert {event.model_fields["type"].default for event in events} - EVENTS.keys() == set()


def test_a_line_that_brings_its_own_words_has_one_for_every_event() -> None:
    brought = [line for line in lines().values() if line.words]

    assert brought
    for line in brought:
        mapping = line.events.json_schema()["discriminator"]["mapping"]
        assert mapping.keys() - line.words.keys() == set()
        assert all(event_zh(kind) != kind for kind in mapping)
    assert phase_zh("timed") == "限时竞价 timed"


def test_every_phase_but_the_unborn_has_a_word() -> None:
    assert {state.__name__.lower() for state in get_args(TenderState)} - {"unborn"} == PHASES.keys()


def test_every_cause_has_a_word() -> None:
    assert tuple(CAUSES) == get_args(RejectionCause)


def test_streams_are_those_of_the_registry() -> None:
    assert account_stream("agency") == registry.account_stream("agency")


@pytest.mark.parametrize("text", ["91350000MA347WHE48", "CN-USCC:91350000MA347WHE48", "9135 0000 MA34 7WHE48"])
def test_a_party_is_its_code_or_scheme_and_id(text: str) -> None:
    assert party_of(text)[0] == CODE


def test_an_identifier_may_hold_colons_itself() -> None:
    found, _ = party_of("OCDS:ocds-213czf-1:ORG-1")

    assert (found.scheme, found.id) == ("OCDS", "ocds-213czf-1:ORG-1")


@pytest.mark.parametrize("text", ["", ":", "91350000MA347WHE49", "gb-coh:1", "GB-COH:", "GB-COH:" + "1" * 129])
def test_what_is_no_party_is_told_so(text: str) -> None:
    with pytest.raises(Misused):
        party_of(text)


def test_scores_adjustments_and_rejections_are_read_from_short_text() -> None:
    assert score_of("bid-1:quality:92.5") == {"bid": "bid-1", "factor": "quality", "score": "92.5"}
    assert adjustment_of("bid-1:delay:-1500.50") == {"bid": "bid-1", "item": "delay", "amount_fen": -150050}
    assert rejection_of("bid-1:price:低于成本: 见附表")["explanation"] == "低于成本: 见附表"


@pytest.mark.parametrize("text", ["", "a:b", "a::c", "a:b:", "bid:mood:because"])
def test_what_is_no_rejection_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(Misused):
        rejection_of(text)


def test_the_timeline_says_when_what_who_and_whether_it_was_visible() -> None:
    event = {
        "version": None,
        "type": "bidding.sealed_received.v1",
        "at": "2026-12-01T01:00:00.000000Z",
        "visible": False,
        "data": {"token": "c94b1b45a31523fabd0e"},
    }

    assert rows([event]) == [
        ["", "2026-12-01 09:00:00", "收到密封消息\nsealed_received", "投标人 c94b1b45a315…", "不可见"]
    ]


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("bidding.shares_given.v1", {"authority": "supervisor"}, "监督部门"),
        ("bidding.tender_drafted.v1", {"owner": {"account": "agency-1", "party": ""}}, "agency-1"),
        ("registry.account_opened.v1", {"account": "op"}, "op"),
        ("bidding.reception_closed.v1", {}, "平台"),
        ("bidding.opening_started.v1", None, "招标人或代理机构"),
        ("land.bid_placed.v1", {"number": "100001", "automatic": True}, "竞买号 100001（自动出价）"),
        ("land.applied.v1", {"number": "100001", "token": "c94b1b45a31523fabd0e"}, "竞买号 100001"),
        ("property.result_published.v1", {"number": "100001"}, "出让方、转让方或代理机构"),
        ("land.contract_signed.v1", {"side": "winner"}, "竞得人"),
        ("land.lot_announced.v1", {"owner": {"account": "agency-1", "party": ""}}, "agency-1"),
        ("land.lot_sold.v1", {"number": "100001"}, "平台"),
    ],
)
def test_who_brought_an_event_about_is_what_the_event_itself_says(kind: str, data: object, name: str) -> None:
    assert who({"type": kind, "data": data}) == name


def test_the_facts_that_are_told_to_be_a_bidders_or_a_sellers_are_facts_of_lots() -> None:
    names = {kind.split(".")[1] for kind in lines()["land"].words if kind.count(".") > 1}

    assert names >= _BIDDERS | _SELLERS


def test_an_event_without_a_word_is_shown_as_it_is() -> None:
    assert events_zh([{"type": "land.listing_opened.v1", "position": 3}]) == "land.listing_opened.v1（流水 3）"
    assert events_zh([]) == "—"
