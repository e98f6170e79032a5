"""Bids that are each wrong in a way of their own: every fault is named with whose it is, and stops nobody else."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from cli.demo.cast import SEATS, SUPERVISOR
from cli.output import Refused
from shared.ledger.bundle import numbered, read
from shared.ledger.directory import folder
from shared.ledger.policy import parse_policy
from shared.ledger.verify import verify_bundle
from shared.seal.wire import Authority, text
from tests.system import mischief
from tests.system.mischief import bilingual, refusal
from tests.system.own_host import OwnHost
from tests.system.reading import ask
from tests.system.scene import INSTANT, Company, Scene, Tender

pytestmark = pytest.mark.system

BIDDERS = (
    "good", "resumed", "twice", "one share", "two shares", "wrong key", "no key", "no body", "lost", "altered", "other",
)  # fmt: skip
"""Whose bids stand at the deadline."""

OUTSIDE = ("other lot", "late")
"""Whose bids are turned away."""


@dataclass
class Played:
    """A tender played with all of them: what was said to whom, and how it ended."""

    tender: Tender
    companies: dict[str, Company]
    said: dict[str, Refused] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    history: list[dict[str, Any]] = field(default_factory=list)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the data of the events of a kind."""
        return [event["data"] for event in self.history if event["type"] == f"bidding.{kind}.v1"]

    def bid(self, name: str) -> str:
        """Return the name of a company's standing bid."""
        return str(self.tender.desk(self.companies[name]).noted()["standing"])


@pytest.fixture(scope="module")
def played(host_scene: Scene) -> Played:
    names = (*BIDDERS, *OUTSIDE)
    companies = dict(zip(names, host_scene.companies(len(names)), strict=True))
    played = Played(host_scene.tender(), companies)
    _hand_in(played)
    played.tender.close()
    late = played.tender.seal(companies["late"])
    played.said["late"] = refusal(lambda: late.submit(replacing=False))
    played.tender.convene()
    _collect(played)
    rows = played.tender.rows()
    played.rows = {name: rows.get(company.party["id"]) for name, company in companies.items()}
    played.history = played.tender.history()
    return played


def _hand_in(played: Played) -> None:
    tender, companies, said = played.tender, played.companies, played.said
    for name in ("good", "wrong key", "no key", "lost", "altered"):
        tender.bid(companies[name])
    resumed = tender.seal(companies["resumed"], "很长的施工方案" * 3000)
    said["resumed"] = refusal(lambda: mischief.deliver_without_body(resumed, 5_000))
    resumed.submit(replacing=False)
    tender.bid(companies["twice"])
    twice = tender.seal(companies["twice"], price_fen=1_00)
    said["twice"] = refusal(lambda: mischief.submit_again(twice))
    other_lot = tender.seal(companies["other lot"])
    mischief.change_lot(other_lot)
    said["other lot"] = refusal(lambda: other_lot.submit(replacing=False))
    spoilt: dict[str, tuple[Authority, ...]] = {"one share": ("agency",), "two shares": ("agency", "supervisor")}
    for name, seats in spoilt.items():
        desk = tender.seal(companies[name])
        mischief.spoil_shares(desk, *seats)
        desk.submit(replacing=False)
    bodiless = tender.seal(companies["no body"])
    mischief.spoil_body(bodiless)
    bodiless.submit(replacing=False)
    tender.bid(companies["other"], party=companies["good"].party)
    data = tender.stage.data
    mischief.body_of(tender.desk(companies["lost"]), data).unlink()
    mischief.flip(mischief.body_of(tender.desk(companies["altered"]), data))


def _collect(played: Played) -> None:
    """Collect shares and keys, wrong ones first; one key never comes, so the collection ends with its minutes."""
    tender, companies = played.tender, played.companies
    seat = tender.scene.player(SEATS["platform"])
    bids = ask(tender.stage, f"/api/procedures/{tender.procedure}/envelopes", seat).json["bids"]
    wrong = [{"bid": bid["bid"], "share": text(bytes(16) + b"\3")} for bid in bids]
    body = {"type": "bidding.give_shares", "authority": "platform", "shares": wrong, "private_key": None}
    played.said["platform"] = refusal(lambda: tender.give(seat, body))
    tender.share("agency", "supervisor", "platform")
    desk = tender.desk(companies["wrong key"])
    played.said["wrong key"] = refusal(lambda: mischief.give_wrong_key(desk))
    tender.unseal([companies[name] for name in BIDDERS if name != "no key"])
    tender.stage.move_to(tender.stage.client.now() + 31 * 60 * INSTANT)
    late_key = tender.desk(companies["no key"])
    played.said["no key"] = refusal(late_key.unseal)


@pytest.mark.parametrize("name", ["good", "resumed", "twice", "one share", "wrong key"])
def test_a_bid_that_is_right_in_the_end_is_opened(played: Played, name: str) -> None:
    assert (played.rows[name]["outcome"], played.rows[name]["reason"]) == ("unsealed", None)


@pytest.mark.parametrize(
    ("name", "outcome", "code", "whose"),
    [
        ("two shares", "revoked", "share_rubbish", "bidder"),
        ("no key", "revoked", "bidder_key_missing", "bidder"),
        ("no body", "revoked", "body_undecryptable", "bidder"),
        ("lost", "withdrawn", "body_lost", "platform"),
        ("altered", "withdrawn", "body_altered", "platform"),
        ("other", "invalid", "statement_of_another", "bidder"),
    ],
)
def test_a_bid_that_is_not_opened_says_why_and_through_whom(
    played: Played, name: str, outcome: str, code: str, whose: str
) -> None:
    row = played.rows[name]

    assert (row["outcome"], row["reason"]["code"], row["reason"]["whose"]) == (outcome, code, whose)
    assert bilingual(row["reason"]["zh"], row["reason"]["en"])
    assert row["article"]


def test_every_refusal_is_told_in_both_languages(played: Played) -> None:
    assert set(played.said) == {"resumed", "twice", "other lot", "late", "platform", "wrong key", "no key"}
    assert all(bilingual(refused.zh, refused.en) for refused in played.said.values())


def test_what_was_turned_away_is_on_record_and_not_in_the_opening(played: Played) -> None:
    turned_away = played.events("bid_refused")

    assert sorted(event["ground"] for event in turned_away) == ["late", "not_sealed"]
    assert all(event["article"] and bilingual(event["zh"], event["en"]) for event in turned_away)
    assert [played.rows[name] for name in OUTSIDE] == [None, None]


def test_rubbish_in_a_share_is_named_as_its_bidders_fault_though_the_bid_opens(played: Played) -> None:
    by_seat = {event["authority"]: event for event in played.events("shares_given")}

    named = {seat: [item["bid"] for item in event["rubbish"]] for seat, event in by_seat.items()}

    both = sorted([played.bid("one share"), played.bid("two shares")])
    assert {seat: sorted(bids) for seat, bids in named.items()} == {
        "agency": both,
        "supervisor": [played.bid("two shares")],
        "platform": [],
    }
    assert {item["fault"]["whose"] for event in by_seat.values() for item in event["rubbish"]} == {"bidder"}
    assert [bool(by_seat[seat]["private_key"]) for seat in ("agency", "supervisor", "platform")] == [True, True, False]


def test_wrong_keys_and_shares_are_on_record_as_refused(played: Played) -> None:
    (key,), (shares,) = played.events("key_refused"), played.events("shares_refused")

    assert (key["bid"], key["fault"]["code"]) == (played.bid("wrong key"), "bidder_key_wrong")
    assert {item["fault"]["code"] for item in shares["faults"]} == {"share_wrong"}
    assert len(shares["faults"]) == len(BIDDERS)


def test_a_second_first_bid_changed_nothing(played: Played) -> None:
    assert played.rows["twice"]["price_fen"] == played.rows["good"]["price_fen"]


def test_nothing_is_lost_and_nothing_half_done(played: Played) -> None:
    host, supervisor = played.tender.stage, played.tender.scene.player(SUPERVISOR)
    assert isinstance(host, OwnHost)
    of = f"/api/procedures/{played.tender.procedure}"

    gaps = "SELECT max(position) - count(*), (SELECT position FROM bidding.head) - max(position) FROM bidding.journal"
    waiting = """SELECT count(*) FROM bidding.arrival a WHERE NOT EXISTS
                 (SELECT FROM bidding.command c WHERE (c.actor, c.id) = (a.actor, a.id))"""
    remade = host.wait("the audit to have it all", lambda: _whole(ask(host, f"{of}/redecide", supervisor)))
    bundle = host.wait("the bundle", lambda: _good(ask(host, f"{of}/bundle", supervisor)))
    report = verify_bundle(bundle, parse_policy(host.client.fetch("/api/ledger/policy")), folder(host.data / "ledger"))

    assert host.own_postgres.execute(gaps, host.database) == [(0, 0)]
    assert host.own_postgres.execute(waiting, host.database) == [(0,)]
    assert (remade["ok"], remade["difference"]) == (True, None)
    assert report.failed is None
    assert len(numbered(read(bundle), "records")) == len(played.tender.history())  # what resembles is noted since


def _whole(answer: Any) -> Any:
    """Return the answer of an audit that has every version: it takes them in a moment after they are on record."""
    found = answer.json
    return None if "missing" in str(found["difference"]) else found


def _good(answer: Any) -> bytes | None:
    return bytes(answer.body) if answer.status == 200 else None


def test_one_of_three_shares_opens_nothing_and_the_bids_count_as_withdrawn(host_scene: Scene) -> None:
    tender, companies = host_scene.tender(), host_scene.companies(3)
    for company in companies:
        tender.bid(company)
    tender.close()
    tender.convene()
    tender.share("supervisor")
    tender.unseal(companies)
    before = tender.page()["phase"]

    tender.stage.move_to(tender.stage.client.now() + 31 * 60 * INSTANT)
    rows = tender.rows("failed")

    assert before == "collecting"
    assert {row["outcome"] for row in rows.values()} == {"withdrawn"}
    assert {(row["reason"]["code"], row["reason"]["whose"]) for row in rows.values()} == {
        ("share_missing", "authority")
    }
    failure = tender.page()["failure"]
    assert failure["cause"] == "fewer_than_three_unsealed"
    assert bilingual(failure["zh"], failure["en"])
    assert not list((tender.stage.data / "opened" / tender.procedure).glob("*"))
