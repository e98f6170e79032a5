"""The cast: the parties of the notices, and an account for everyone whom a tender needs."""

from collections.abc import Sequence
from typing import Any

from cli.bootstrap import bootstrap
from cli.demo import made
from cli.demo.stage import Player, Stage
from cli.ocds import Party
from cli.streams import account_stream
from shared.kernel.codes import USCC, PartyId, party_stream
from shared.seal.wire import Authority

OPERATOR, AGENCY, SUPERVISOR = "operator", "agency", "supervisor"
SEATS: dict[Authority, str] = {"agency": "seat-agency", "supervisor": "seat-supervisor", "platform": "seat-platform"}


class Cast:
    """Registers parties with their real identifiers and, for those who bid, a made-up Chinese code to log in with."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._operator = stage.player(OPERATOR)
        self._parties: dict[str, dict[str, str]] = {}

    def assemble(self) -> None:
        """Open the accounts of the offices."""
        public = self._operator.wallet.make_account_key(OPERATOR)
        bootstrap(self._stage.settings, OPERATOR, public)
        agency = self._register(PartyId(scheme=USCC, id=made.code(1)), (), "东营市公共资源交易代理有限公司（虚构）")
        self._account(AGENCY, "agency", agency)
        self._account(SUPERVISOR, "supervisor", None)
        for account in SEATS.values():
            self._account(account, "authority", None)

    def bidders(self, parties: Sequence[Party]) -> list[str]:
        """Register bidders under their own identifiers, and return an account for each."""
        accounts = []
        for party in parties:
            number = len(self._parties) + 1
            account, code = f"bidder-{number}", PartyId(scheme=USCC, id=made.code(100 + number))
            stream = self._register(PartyId(scheme=party.scheme, id=party.id), (code,), party.name)
            self._account(account, "bidder", stream)
            self._parties[account] = {"scheme": USCC, "id": code.id, "name": party.name}
            accounts.append(account)
        return accounts

    def party(self, account: str) -> dict[str, str]:
        """Return the party of a bidder's account, as its bids name it."""
        return self._parties[account]

    def name(self, account: str) -> str:
        """Return the name of a bidder."""
        return self._parties[account]["name"]

    def _register(self, first: PartyId, more: Sequence[PartyId], name: str) -> str:
        body: dict[str, Any] = {"type": "registry.register_party", "identifier": first.model_dump(), "name": name}
        body |= {"additional": [item.model_dump() for item in more], "kind": "enterprise"}
        stream = party_stream(first)
        self._operator.give(stream, body)
        return stream

    def _account(self, account: str, role: str, party: str | None) -> None:
        player: Player = self._stage.player(account)
        body = {"type": "registry.open_account", "account": account, "role": role, "party": party}
        body |= {"region": self._stage.settings.region, "public_key": player.wallet.make_account_key(account)}
        self._operator.give(account_stream(account), body)
