"""Everything that an installation stores, and one authority's key, does not open a bid; one half and two keys do.

What root on the platform's host does learn before the deadline is shown here too, as it is no secret: how many messages
came and of which kind, for the key to their meaning lies in the service's vault, and the vault's key on the host.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.demo.cast import SEATS
from shared.seal.shamir import split
from shared.seal.wire import AUTHORITIES, Authority, text
from tests.system.insider import Break, halves
from tests.system.loot import gather
from tests.system.watched import Watched

COUNT = 4
"""Bids that came: the marked one, what it replaced, and two others."""

PAIR: tuple[Authority, Authority] = ("supervisor", "platform")


def half_of(watched: Watched) -> str:
    desk = watched.tender.desk(watched.company)
    return desk.sealed(str(desk.noted()["standing"])).key.k_b


@pytest.fixture(scope="module")
def told(host_watched: Watched) -> dict[str, Any]:
    """Let the insider try with keys of its own, and return what it tells of each attempt."""
    half = half_of(host_watched)
    wallets = {seat: host_watched.scene.player(SEATS[seat]).wallet for seat in AUTHORITIES}
    procedure = host_watched.tender.procedure
    keys = {seat: str(wallets[seat].read("authorities", seat, procedure)["private_key"]) for seat in AUTHORITIES}
    attempts: dict[str, list[str]] = {seat: [key] for seat, key in keys.items()}
    attempts["one and half"] = [keys["platform"], half]
    attempts["all three"] = list(keys.values())
    attempts["two and half"] = [*(keys[seat] for seat in PAIR), half]
    command = [sys.executable, "-m", "tests.system.insider", str(host_watched.before.folder), procedure]
    given = json.dumps(list(attempts.values())).encode()
    done = subprocess.run(command, check=True, input=given, stdout=subprocess.PIPE)
    return dict(zip(attempts, json.loads(done.stdout), strict=True))


def bid_of(watched: Watched, attempt: Any) -> Any:
    standing = watched.tender.desk(watched.company).noted()["standing"]
    return next(bid for bid in attempt["bids"] if bid["bid"] == standing)


@pytest.mark.system
@pytest.mark.parametrize("seat", AUTHORITIES)
def test_all_that_is_stored_and_one_authority_open_nothing(told: dict[str, Any], seat: Authority) -> None:
    attempt = told[seat]

    assert attempt["kinds"] == ["submit"] * COUNT, "the vault's key lies on the host: its root learns count and kind"
    assert attempt["guesses"] > 10_000
    assert [bid["shares"] for bid in attempt["bids"]] == [[AUTHORITIES.index(seat) + 1]] * COUNT
    assert [(bid["k_a"], bid["k_b"], bid["statement"]) for bid in attempt["bids"]] == [(False, False, None)] * COUNT


@pytest.mark.system
def test_the_bidders_half_and_one_authority_open_nothing(host_watched: Watched, told: dict[str, Any]) -> None:
    bid = bid_of(host_watched, told["one and half"])

    assert (bid["k_a"], bid["k_b"], bid["statement"]) == (False, True, None)


@pytest.mark.system
def test_all_authorities_without_the_bidder_open_nothing(told: dict[str, Any]) -> None:
    bids = told["all three"]["bids"]

    assert [(bid["k_a"], bid["k_b"], bid["statement"]) for bid in bids] == [(True, False, None)] * COUNT


@pytest.mark.system
def test_the_bidders_half_and_two_authorities_open_that_bid_alone(host_watched: Watched, told: dict[str, Any]) -> None:
    attempt = told["two and half"]
    bid = bid_of(host_watched, attempt)

    marks = {mark.name: mark.value.decode() for mark in host_watched.content}
    assert bid["statement"]["quality"] == marks["quality"]
    assert bid["statement"]["price_fen"] == int(marks["price"])
    assert marks["document"] in bid["documents"]
    assert len([one for one in attempt["bids"] if one["statement"]]) == 1


@pytest.mark.parametrize("index", [1, 2, 3])
def test_one_share_and_a_stored_coefficient_or_share_would_give_the_authorities_half(index: int) -> None:
    half, coefficient = b"the right half..", b"its coefficient."
    shares = split(half, 2, 3, lambda _size: coefficient)
    broken = Break(envelope=None, shares={index: shares[index - 1]})  # type: ignore[arg-type]  # only shares are read

    assert half in halves(broken, [coefficient])
    for other in {1, 2, 3} - {index}:
        assert half in halves(broken, [shares[other - 1][:-1]])
    assert half not in halves(broken, [shares[index - 1][:-1]])


@pytest.mark.parametrize(
    "spelling",
    [
        lambda half: f'{{"note":"{text(half)}"}}'.encode(),
        lambda half: b"note " + half.hex().encode() + b"\n",
        lambda half: b"\0" + half + b"\0",
        lambda half: b"INSERT VALUES ('\\x" + (b'{"k_b":"' + text(half).encode() + b'"}').hex().encode() + b"');",
    ],
)
def test_a_half_that_was_left_behind_would_be_among_the_guesses(spelling: Any, tmp_path: Path) -> None:
    half = bytes(range(200, 216))
    (tmp_path / "left-behind").write_bytes(spelling(half))

    assert half in gather(tmp_path).guesses()
