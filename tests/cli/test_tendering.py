"""`ggzy auction hand-in|take-back|key|share`: prices are sealed and opened on the machines of those whose they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.wallet import Wallet
from shared.kernel.canonical import decode, encode
from shared.procedure.lot.sealed.papers import digest_of
from shared.procedure.lot.values import Document
from shared.seal.envelope import check_key, check_share
from shared.seal.keys import hpke_public, new_hpke_key
from shared.seal.price import Offered, PriceMeaning, SealedPrice, open_price, open_price_meaning, papers_hold
from shared.seal.recovery import recover_key
from shared.seal.reserve import SealedReserve, share_holds
from shared.seal.sealed import Withdraw
from shared.seal.wire import AUTHORITIES as WHO
from shared.seal.wire import raw
from tests.cli.door import Door
from tests.cli.lots import LOT, PATH, drafted, tendered
from tests.cli.test_commands import document, ggzy
from tests.lot.factories import AUTHORITIES, PROXY_KEY, SEATS
from tests.lot.judging import judging
from tests.seal.world import TOKEN, dice

OTHER = "b" * 64


@pytest.fixture
def place(door: Door, wallet: Wallet) -> dict[str, str]:
    for account in ("agency", "bidder-1", "seat"):
        door.accounts[account] = wallet.make_account_key(account)
    record(door)
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home), "GGZY_ACCOUNT": "bidder-1"}


def sent(door: Door) -> list[dict[str, Any]]:
    return [command for _, command in door.given]


def record(door: Door, *closed: dict[str, Any], phase: str = "tendering") -> None:
    """Show what was handed in so far as recorded, after someone else's, and a phase."""
    sealed = [{"token": OTHER, "sealed": "AA"}]
    sealed += [{"token": TOKEN, "sealed": one["sealed"]} for one in sent(door) if "sealed" in one]
    events = [{"type": "land.price_handed_in.v1", "data": one} for one in sealed]
    events += [{"type": "land.tender_closed.v1", "data": one} for one in closed]
    door.pages[f"{PATH}/history"] = {"events": events, "after": None}
    door.pages[PATH] = tendered(phase)


def meaning(command: dict[str, Any]) -> PriceMeaning:
    return open_price_meaning(PROXY_KEY, LOT, TOKEN, raw(command["sealed"]))


def offered(command: dict[str, Any]) -> Offered:
    said = meaning(command)
    assert isinstance(said, Offered)
    return said


def closing(price: SealedPrice) -> dict[str, Any]:
    """Return what is told when one price stands at the deadline."""
    said: dict[str, Any] = decode(encode({"prices": [{"number": "100001", "envelope": price.model_dump(mode="json")}]}))
    return said


def seat_key(wallet: Wallet, private_key: str = SEATS["agency"]) -> None:
    key = {"tender": LOT, "holder": "agency", "public_key": hpke_public(private_key), "private_key": private_key}
    wallet.write(key, "authorities", "agency", LOT)


def test_a_price_is_sealed_here_and_nothing_but_sealed_bytes_is_sent(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    made = ggzy("auction", "hand-in", LOT, "120000", "--json", **place)

    assert made.exit_code == 0, made.output
    (command,) = sent(door)
    assert command.keys() == {"type", "sealed"}
    assert (command["type"], offered(command).replaces) == ("land.hand_in", None)
    price, bid = offered(command).envelope, document(made)["bid"]
    assert check_key(price, raw(wallet.read("bids", "bidder-1", LOT, bid)["key"]["k_b"]))


def test_a_price_whose_answer_was_lost_is_the_same_message_again(door: Door, place: dict[str, str]) -> None:
    first, again = (ggzy("auction", "hand-in", LOT, "120000", **place) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0)
    one, same = sent(door)
    assert one == same


def test_a_price_that_stands_is_not_handed_in_twice(door: Door, place: dict[str, str]) -> None:
    ggzy("auction", "hand-in", LOT, "120000", **place)
    record(door)

    again = ggzy("auction", "hand-in", LOT, "120000", "--json", **place)

    assert document(again)["events"] == []
    assert len(sent(door)) == 1


def test_another_price_replaces_the_one_that_stands(door: Door, place: dict[str, str]) -> None:
    ggzy("auction", "hand-in", LOT, "120000", **place)
    record(door)

    ggzy("auction", "hand-in", LOT, "125000", **place)

    first, second = sent(door)
    assert offered(second).replaces == offered(first).envelope.bid


def test_what_was_taken_back_stands_no_more_and_is_sealed_anew(door: Door, place: dict[str, str]) -> None:
    for words in (("hand-in", LOT, "120000"), ("take-back", LOT), ("hand-in", LOT, "120000")):
        assert ggzy("auction", *words, **place).exit_code == 0
        record(door)

    first, back, anew = sent(door)
    assert meaning(back) == Withdraw(replaces=offered(first).envelope.bid)
    assert offered(anew).replaces is None
    assert offered(anew).envelope.bid != offered(first).envelope.bid


@pytest.mark.parametrize("verb", ["take-back", "key"])
def test_without_a_price_there_is_nothing_to_take_back_or_to_open(door: Door, place: dict[str, str], verb: str) -> None:
    made = ggzy("auction", verb, LOT, "--json", **place)

    assert made.exit_code == 1
    assert "no price of yours" in document(made)["error"]["en"]
    assert not door.given


def test_a_price_that_was_sealed_on_another_machine_is_said_to_be_there(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    bid = document(ggzy("auction", "hand-in", LOT, "120000", "--json", **place))["bid"]
    record(door, phase="opening")
    wallet.drop("bids", "bidder-1", LOT, bid)

    made = ggzy("auction", "key", LOT, "--json", **place)

    assert made.exit_code == 2
    assert "another machine" in document(made)["error"]["en"]


def test_halves_of_bidder_and_seats_open_the_price_that_stands(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    ggzy("auction", "hand-in", LOT, "120000", **place)
    price = offered(sent(door)[0]).envelope
    record(door, closing(price), phase="opening")
    shares = {}
    for place_, seat in ((1, "agency"), (2, "supervisor")):
        key = {"tender": LOT, "holder": seat, "public_key": hpke_public(SEATS[seat]), "private_key": SEATS[seat]}
        wallet.write(key, "authorities", seat, LOT)
        given = ggzy("auction", "share", LOT, "--seat", seat, **{**place, "GGZY_ACCOUNT": "seat"})
        assert given.exit_code == 0, given.output
        (one,) = sent(door)[-1]["shares"]
        shares[place_] = raw(one["share"])
        assert check_share(price, place_, shares[place_])

    assert ggzy("auction", "key", LOT, **place).exit_code == 0

    half = sent(door)[-1]
    assert half["type"] == "land.give_price_key"
    assert open_price(price, recover_key(price, raw(half["k_b"]), shares).key) == 120_000_00


def test_a_seat_gives_its_share_of_the_reserve_with_those_of_the_prices(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    record(door, {"prices": []}, phase="opening")
    seat_key(wallet)

    made = ggzy("auction", "share", LOT, **{**place, "GGZY_ACCOUNT": "seat"})

    assert made.exit_code == 0, made.output
    (command,) = sent(door)
    reserve = door.pages[PATH]["announcement"]["terms"]["reserve"]
    assert command["type"] == "land.give_price_shares"
    assert share_holds(LOT, SealedReserve.model_validate_json(json.dumps(reserve)), "agency", command["reserve"])
    assert command["private_key"] is None


def test_rubbish_that_a_bidder_sealed_to_a_seat_is_proven_by_its_key(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    ggzy("auction", "hand-in", LOT, "120000", **place)
    price = offered(sent(door)[0]).envelope
    first, second, third = price.wraps
    bad = first.model_copy(update={"sealed": second.sealed})
    record(door, closing(price.model_copy(update={"wraps": (bad, second, third)})), phase="opening")
    seat_key(wallet)

    made = ggzy("auction", "share", LOT, **{**place, "GGZY_ACCOUNT": "seat"})

    assert made.exit_code == 0, made.output
    assert sent(door)[-1]["shares"] == [{"number": "100001", "share": None}]
    assert sent(door)[-1]["private_key"] == SEATS["agency"]


def test_a_seat_with_another_key_than_the_announced_one_proves_nothing(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    ggzy("auction", "hand-in", LOT, "120000", **place)
    record(door, closing(offered(sent(door)[0]).envelope), phase="opening")
    seat_key(wallet, new_hpke_key(dice(9)))

    made = ggzy("auction", "share", LOT, **{**place, "GGZY_ACCOUNT": "seat"})

    assert made.exit_code == 1
    assert len(sent(door)) == 1


def test_before_the_deadline_a_seat_has_nothing_to_open(door: Door, place: dict[str, str], wallet: Wallet) -> None:
    seat_key(wallet)

    made = ggzy("auction", "share", LOT, "--json", **{**place, "GGZY_ACCOUNT": "seat"})

    assert made.exit_code == 1
    assert "not closed" in document(made)["error"]["en"]


def test_a_half_that_is_turned_away_ends_with_one(door: Door, place: dict[str, str]) -> None:
    ggzy("auction", "hand-in", LOT, "120000", **place)
    record(door, phase="opening")
    event = {"type": "land.price_key_refused.v1", "position": 9, "digest": "0" * 64}
    door.decide = lambda _procedure, _command: (200, {"id": "x", "stream": LOT, "events": [event], "refusal": None})

    made = ggzy("auction", "key", LOT, "--json", **place)

    assert made.exit_code == 1
    assert "committed to" in document(made)["error"]["en"]


def announcing(folder: Path) -> tuple[str, ...]:
    """Return the words that announce the lot, with a document of its own."""
    paper = folder / "出让文件.txt"
    paper.write_text("出让文件")
    times = ("--bidding-starts", "2026-12-14", "--bidding-ends", "2026-12-27", "--applications-due", "2026-12-24")
    money = ("--start", "100000", "--step", "1000", "--deposit", "20000")
    keys = [word for name in WHO for word in (f"--{name}-key", AUTHORITIES.of(name))]
    return ("auction", "publish", LOT, "--document", str(paper), *times, *money, *keys)


def test_a_tender_is_announced_as_decided_by_the_price_and_opened_within_its_minutes(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    door.pages[PATH] = drafted(way="tender")

    made = ggzy(*announcing(tmp_path), "--opening-minutes", "90", **{**place, "GGZY_ACCOUNT": "agency"})

    assert made.exit_code == 0, made.output
    (command,) = sent(door)
    assert command["tender"] == {"award": "price", "opening_minutes": 90}
    assert (command["trigger"], command["proxies"]) == ("never", False)


def test_a_tender_for_the_best_conditions_declares_its_criteria_and_its_committee(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    door.pages[PATH] = drafted(way="tender")
    judged = ("--price-points", "40", "--members", "5", "--experts", "4", "--criterion")

    for points, also, code in (("60", (), 0), ("59", ("--check",), 1)):
        said = f"factor=plan,title=开发方案,points={points}"
        words = (*announcing(tmp_path), *judged, said, *also)
        assert ggzy(*words, **{**place, "GGZY_ACCOUNT": "agency"}).exit_code == code

    (command,) = sent(door)
    assert command["tender"]["award"] == "conditions"
    assert command["tender"]["judging"]["criteria"] == [{"factor": "plan", "title": "开发方案", "points": 60}]


def test_documents_are_bound_here_and_sent_with_the_key_as_they_were(
    door: Door, place: dict[str, str], tmp_path: Path, wallet: Wallet
) -> None:
    door.pages[PATH] = tendered("tendering", judging=judging())
    offer = tmp_path / "投标文件.txt"
    offer.write_text("方案")
    assert ggzy("auction", "hand-in", LOT, "120000", **place).exit_code == 2
    assert ggzy("auction", "hand-in", LOT, "120000", "--offer", str(offer), **place).exit_code == 0
    record(door, phase="opening")
    offer.write_text("另一方案")
    changed = ggzy("auction", "key", LOT, **place)
    offer.write_text("方案")

    assert ggzy("auction", "key", LOT, **place).exit_code == 0

    sealed, key = sent(door)
    documents = [Document(**one) for one in key["documents"]]
    assert changed.exit_code == 2
    assert papers_hold(offered(sealed).envelope, raw(key["k_b"]), digest_of(documents))
