"""The probe: whether an installation works again, asked of every part of it at once."""

from itertools import count
from time import monotonic
from typing import Any

from cli.demo import made
from cli.demo.cast import OPERATOR
from cli.output import Refused
from shared.kernel.codes import USCC, PartyId, party_stream
from tests.crash.bidders import Bidder, insist
from tests.crash.house import House

LIMIT = 30.0
"""Seconds within which services must work again after a crash, without a restart by hand."""

_CODES = count(5_000)


class Probe:
    """A new party, and a new bid with its receipt and the proof that the public log has it."""

    def __init__(self, house: House, bidder: Bidder) -> None:
        self._house, self.bidder = house, bidder
        self._operator = house.machine(OPERATOR)

    def seconds(self) -> float:
        """Return after how many seconds from now everything works. Raise Refused if it does not in two minutes."""
        began = monotonic()
        insist(self._register)
        receipt = self.bidder.bid()
        insist(lambda: self._prove(receipt["position"]), Refused)
        return monotonic() - began

    def _register(self) -> dict[str, Any]:
        """Have the registry decide something."""
        party = PartyId(scheme=USCC, id=made.code(next(_CODES)))
        body = {"type": "registry.register_party", "identifier": party.model_dump(), "name": "新登记单位"}
        body |= {"additional": [], "kind": "enterprise"}
        return self._operator.give(party_stream(party), body)

    def _prove(self, position: int) -> str:
        """Have relay, broker and audit bring a record into the public log, and witnesses see it."""
        path = f"/api/ledger/proof?service=bidding&position={position}"
        return self._operator.client.fetch(path).decode()
