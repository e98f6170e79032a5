"""What `auction show` and `status` tell besides the bids: why a lot stands still, and all that follows the hammer."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cli.auction.telling import TOLD, followed
from cli.wallet import Wallet
from services.land import LINE
from shared.kernel.canonical import digest, encode, instant
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import ConfirmationDrawnUp, IdentitiesDue
from shared.procedure.lot.after.evolving import AFTER
from shared.procedure.lot.after.voiding import VoidSale
from shared.procedure.lot.commands import Freeze, Terminate
from shared.procedure.lot.endings import LotFrozen
from shared.procedure.lot.freezing import NOTICES
from shared.procedure.lot.values import Reading
from tests.cli.door import Door
from tests.cli.lots import LOT, PATH, announced
from tests.cli.test_auction import bidding, sent
from tests.cli.test_auction_words import OWN
from tests.cli.test_codes import is_chinese, is_english
from tests.cli.test_commands import document, ggzy
from tests.land.test_disputes import CLAIMANT, RAISE, RIVAL, decide, public
from tests.lot import after
from tests.lot.factories import SUPERVISOR
from tests.lot.play import Play, play
from tests.lot.test_deposits import returned
from tests.lot.test_freezing import thaw
from tests.lot.test_priority import ONE, held, says
from tests.lot.test_recounting import off, publish
from tests.property.factories import equity


@pytest.fixture
def place(door: Door, wallet: Wallet) -> dict[str, str]:
    for account in ("agency", "bidder-1"):
        door.accounts[account] = wallet.make_account_key(account)
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home), "GGZY_ACCOUNT": "agency"}


def history(lot: Play) -> list[dict[str, Any]]:
    """Return what a lot's history shows of it, as the platform writes it."""
    told = [event.model_dump(mode="json") for event in lot.events]
    return [{"type": data.pop("type"), "at": instant(lot.now), "data": data} for data in told]


def named(data: Any) -> set[str]:
    """Return the names that people and places have in a record, which are told as they are."""
    if isinstance(data, list | dict):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        found = ({of} if name in {"name", "holder", "contract_where"} else named(of) for name, of in pairs)
        return {name for names in found for name in names if isinstance(name, str)}
    return set()


def whole() -> Play:
    """Return a sale from its proof to the whole price, counted again once, with the losers' deposits returned."""
    lot = after.sold(confirmation="proof")
    lot.ask(commands.SignProof(), after.winner(lot))
    lot.ask(commands.CheckProof(passed=True, reason="原件相符"))
    after.confirmed(lot)
    lot.ask(commands.PublishResult())
    after.contracted(lot)
    after.paid(lot, 82_000)
    lot.ask(commands.HandOver(document=after.CONTRACT))
    returned(lot, 1, lot.now)
    return lot


def broken() -> Play:
    lot = after.sold()
    lot.ask(commands.DeclareDefault(breach="gave_up", explanation="资金不足"), after.winner(lot))
    return lot


def void() -> Play:
    lot = after.sold()
    lot.ask(VoidSale(cause="collusion", notice="成交无效公告"))
    return lot


def counted() -> Play:
    lot = after.struck()
    publish(lot, off(date(2026, 4, 15)))
    return lot


def agreed() -> Play:
    lot = equity().announce().admit(1)
    lot.tick()
    return lot


def preferred() -> Play:
    lot = held().admit(1, 2)
    says(lot, ONE, exercises=False)
    return lot


def halted() -> Play:
    """Return a lot that the platform halted, that went on, and that stood idle until it was ended."""
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.tick()
    lot.reading = Reading(age_ms=9_000)
    lot.run_out()
    lot.ask(thaw(lot.now + timedelta(minutes=1)))
    frozen = lot.ask(Freeze(cause="dispute", notice="权属争议"))[0]
    assert isinstance(frozen, LotFrozen)
    lot.tick(frozen.idle_at)
    lot.ask(Terminate(cause="ownership", notice="权属不清"))
    return lot


def disputed() -> Play:
    """Return a mining right that was disputed three times: turned down, turned down while another waited, upheld."""
    lot = public()
    for asked, actor in ((RAISE, CLAIMANT), (RAISE, SUPERVISOR), (decide(1, upheld=False), SUPERVISOR)):
        lot.ask(asked, actor)
    lot.ask(decide(2, upheld=False), SUPERVISOR)
    lot.ask(RAISE, RIVAL)
    lot.ask(decide(3, upheld=True), SUPERVISOR)
    return lot


PLAYS: list[Callable[[], Play]] = [whole, broken, void, counted, agreed, preferred, halted, disputed]


def test_all_that_follows_the_hammer_is_told() -> None:
    after_ = {kind.NAME.split(".")[0] for kind in AFTER if kind is not IdentitiesDue}

    assert after_ <= TOLD.keys()


@pytest.mark.parametrize("made", PLAYS)
def test_what_is_told_is_told_in_both_languages(made: Callable[[], Play]) -> None:
    events = history(made())
    told = followed(events)

    assert told
    for one in told:
        assert is_chinese(one["zh"])
        assert is_english(re.sub("|".join(map(re.escape, named(events))), "", one["en"])), one["en"]


def test_the_plays_have_nearly_every_fact_that_is_told() -> None:
    had = {event["type"].split(".")[1] for made in PLAYS for event in history(made())}

    assert TOLD.keys() - had == {"lot_unsold", "reserve_opened"}


def test_the_sale_is_shown_to_who_asks_with_its_money_in_yuan(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced(phase="sold", next_fen=None, ends_at=None)
    door.pages[f"{PATH}/history"] = {"events": history(whole()), "after": None}

    public = ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""}, COLUMNS="80")
    data = ggzy("auction", "show", LOT, "--json", **place)

    assert public.exit_code == data.exit_code == 0
    for told in ("竞得人签署成交确认书", "82000.00 元", "the whole price is paid", "公布成交结果", "handed over"):
        assert told in public.stdout.replace("\n", "")
    assert "下一口价" not in public.stdout
    assert all(len(line) <= 80 for line in public.stdout.splitlines())
    assert {"at", "zh", "en"} == document(data)["followed"][0].keys()


def test_a_bidder_is_told_what_followed_on_its_own_page_too(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = {**announced(phase="defaulted", next_fen=None, ends_at=None), "own": OWN}
    door.pages[f"{PATH}/history"] = {"events": history(broken()), "after": None}
    ggzy("auction", "join", LOT, **bidding(place))

    told = ggzy("auction", "status", LOT, **bidding(place))

    assert told.exit_code == 0
    assert "竞得人违约（放弃竞得）" in told.stdout
    assert "in breach: it gave up" in told.stdout


def test_why_a_lot_stands_still_is_said_once_in_each_language(door: Door, place: dict[str, str]) -> None:
    zh, en = NOTICES["outage"]
    halt = {"cause": "outage", "zh": zh, "en": en, "at": "2026-11-22T01:00:00.000000Z", "article": "第五十四条"}
    door.pages[PATH] = {**announced(phase="frozen", ends_at=None), "standstill": halt}
    door.pages[f"{PATH}/history"] = {"events": [], "after": None}

    told = ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""})

    assert (told.stderr.count(zh), told.stderr.count(en)) == (1, 1)


def test_a_lot_that_was_put_up_again_names_the_attempt_that_failed(door: Door, place: dict[str, str]) -> None:
    page = announced()
    page["announcement"]["draft"]["attempt_of"] = "L0"
    door.pages[PATH] = page

    told = ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""})

    assert "上一次未成交的标的 attempt_of" in told.stdout


def test_the_winner_reads_what_it_signs_and_a_program_gets_it_whole(door: Door, place: dict[str, str]) -> None:
    lot = after.drawn_up(after.sold())
    made = after.last(lot, ConfirmationDrawnUp).confirmation.model_dump(mode="json")
    door.pages[PATH] = {**announced(phase="sold"), "own": OWN}
    door.pages[f"{PATH}/history"] = {"events": history(lot), "after": None}
    ggzy("auction", "join", LOT, **bidding(place))

    told = ggzy("auction", "sign-confirmation", LOT, **bidding(place))
    data = ggzy("auction", "sign-confirmation", LOT, "--json", **bidding(place))

    assert "{" not in told.stdout
    assert "102000.00" in told.stdout
    assert "签订合同地点 contract_where" in told.stdout
    assert document(data)["confirmation"] == made
    assert [one["confirmation"] for one in sent(door)[1:]] == [digest(encode(made))] * 2
