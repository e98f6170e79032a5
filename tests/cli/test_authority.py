"""The authorities: shares are opened here, rubbish is proven, a wrong key file is named."""

import json
from typing import Any

import pytest

from cli import authority
from cli.command import Here
from cli.output import Misused, Refused
from shared.seal.envelope import check_share
from shared.seal.keys import TenderKeyFile, hpke_public, new_hpke_key
from shared.seal.wire import AUTHORITIES, Authority, raw
from tests.cli.door import Door
from tests.cli.test_desk import WORLD, announced
from tests.seal.world import TENDER, dice, sealed_bid

BID = sealed_bid(WORLD)


def _key(seat: Authority, private: str) -> TenderKeyFile:
    fields = {"tender": TENDER, "holder": seat, "public_key": hpke_public(private), "private_key": private}
    return TenderKeyFile.model_validate(fields)


def _envelope(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(BID.envelope.to_bytes())
    return {**made, **changes}


@pytest.mark.parametrize("index", [1, 2, 3])
def test_each_seat_opens_its_own_share(index: int) -> None:
    seat = AUTHORITIES[index - 1]

    share = authority.share_of(_key(seat, WORLD.private[index]), _envelope(), WORLD.announced)

    assert share is not None
    assert check_share(BID.envelope, index, raw(share))


def test_what_was_sealed_as_rubbish_is_a_complaint() -> None:
    wraps = _envelope()["wraps"]
    wraps[0] = {**wraps[0], "sealed": "A" * len(wraps[0]["sealed"])}

    assert authority.share_of(_key("agency", WORLD.private[1]), _envelope(wraps=wraps), WORLD.announced) is None


def test_a_wrong_key_file_never_makes_a_complaint() -> None:
    with pytest.raises(Refused, match="not the announced one"):
        authority.share_of(_key("agency", new_hpke_key(dice(3))), _envelope(), WORLD.announced)


@pytest.fixture
def seated(here: Here, door: Door) -> Here:
    """Seat an authority whose key for the tender is on its machine."""
    here.wallet.keep(_key("agency", WORLD.private[1]), "authorities", "agency", TENDER)
    door.pages[f"/api/procedures/{TENDER}"] = announced()
    door.pages[f"/api/procedures/{TENDER}/envelopes"] = {"bids": [{"bid": "bid-1", "envelope": _envelope()}]}
    return here


def test_a_seat_hands_in_a_share_for_every_bid_and_keeps_its_key(seated: Here, door: Door) -> None:
    authority.share(seated, TENDER)

    ((_, given),) = door.given
    assert given["authority"] == "agency"
    assert given["private_key"] is None
    assert check_share(BID.envelope, 1, raw(given["shares"][0]["share"]))


def test_rubbish_is_proven_with_the_private_key_of_this_tender(seated: Here, door: Door) -> None:
    wraps = _envelope()["wraps"]
    wraps[0] = {**wraps[0], "sealed": "A" * len(wraps[0]["sealed"])}
    bids = [{"bid": "bid-1", "envelope": _envelope(wraps=wraps)}]
    door.pages[f"/api/procedures/{TENDER}/envelopes"] = {"bids": bids}

    authority.share(seated, TENDER)

    ((_, given),) = door.given
    assert given["shares"] == [{"bid": "bid-1", "share": None}]
    assert given["private_key"] == WORLD.private[1]


def test_a_key_is_made_once_for_a_tender_and_a_seat(here: Here) -> None:
    authority.keygen(here, TENDER, "agency")
    first = here.wallet.read("authorities", "agency", TENDER)
    authority.keygen(here, TENDER, "agency")

    assert here.wallet.read("authorities", "agency", TENDER) == first
    assert first["public_key"] == hpke_public(first["private_key"])


def test_with_several_seats_here_the_seat_must_be_said(here: Here) -> None:
    for seat in ("agency", "platform"):
        authority.keygen(here, TENDER, seat)

    with pytest.raises(Misused, match="say which with --seat"):
        authority.share(here, TENDER)


def test_without_a_key_there_is_nothing_to_share(here: Here) -> None:
    with pytest.raises(Misused, match="no seat's key"):
        authority.share(here, TENDER)
