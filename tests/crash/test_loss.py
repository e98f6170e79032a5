"""The check for loss can fail: it finds what a platform loses that acknowledges before it commits, and no other."""

from collections.abc import Sequence

import pytest

from shared.platform.keys import RECEIPTS, Keyring
from shared.seal.receipt import issue_receipt
from shared.seal.wire import text
from tests.crash.bidders import Bidder, Crowd
from tests.crash.broken_serve import BROKEN
from tests.crash.check import lost
from tests.crash.house import House
from tests.crash.tenders import Tenders
from tests.servers.process import wait_until

pytestmark = pytest.mark.system

BIDDERS = 4
SHORT_PATIENCE = 12.0
"""Long enough for a killed service to be back; what then has no outcome never gets one by itself."""


@pytest.fixture
def bidders(crowd: Crowd, tenders: Tenders) -> list[Bidder]:
    """Give bidders with sealed bids who send them once and go away, whatever is answered."""
    bidders = crowd.admitted(tenders.announced().procedure, BIDDERS)
    for bidder in bidders:
        bidder.seal()
        bidder.leave_after_sending()
    return bidders


def test_nothing_is_lost_when_the_service_dies_with_commands_in_hand(house: House, bidders: list[Bidder]) -> None:
    kill_with_commands_in_hand(house, bidders)

    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []


def test_the_same_finds_what_is_lost_by_acknowledging_first(house: House, bidders: list[Bidder]) -> None:
    house.restart(BROKEN)
    try:
        kill_with_commands_in_hand(house, bidders)

        found = lost(house, [message for bidder in bidders for message in bidder.desk.receipts()], SHORT_PATIENCE)
        assert found
        assert all("has no outcome" in fault for fault in found)
    finally:
        house.restart("cli.main", "serve")
    assert lost(house, []) == []  # the sweeper of the whole platform has sent again what the broken one lost


def test_a_receipt_for_what_no_journal_holds_is_found(house: House) -> None:
    sealed, keyring = b"sealed, and never recorded", Keyring(house.data / "keys")
    receipt = issue_receipt(
        text(keyring.secret(RECEIPTS)),
        service="bidding",
        procedure="crash-0",
        token="7" * 64,
        sealed=sealed,
        received_at=house.client.now(),
        position=1_000_000,
        record_digest="0" * 64,
    )

    found = lost(house, [{"receipt": receipt.model_dump(mode="json"), "sealed": text(sealed)}])

    assert found == [
        "receipt 1000000: the journal has another record there, or none",
        "receipt 1000000: its message is in the journal 0 times",
    ]


def kill_with_commands_in_hand(house: House, bidders: Sequence[Bidder]) -> None:
    """Kill the service between taking commands and committing them; all have arrived, and nobody sends them again."""
    tokens = {bidder.desk.credential.token for bidder in bidders}
    with house.undecided("bidding"):
        senders = [bidder.send_once() for bidder in bidders]
        wait_until(lambda: tokens <= house.arrived("bidding"), "every bid's arrival")
        wait_until(lambda: house.is_deciding("bidding"), "the service to have commands in hand")
        house.crash("bidding")
    for sender in senders:
        sender.join()
