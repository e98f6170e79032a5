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
        self._members: dict[str, list[dict[str, str]]] = {}

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
        return [self._bidder(party.name, PartyId(scheme=party.scheme, id=party.id)) for party in parties]

    def company(self, name: str, *members: str) -> str:
        """Register a made-up company and return its account; it leads a consortium if it is given other members."""
        account = self._bidder(name)
        first = 500 + sum(map(len, self._members.values()))
        self._members[account] = [self._member(first + place, one) for place, one in enumerate(members)]
        return account

    def party(self, account: str) -> dict[str, str]:
        """Return the party of a bidder's account, as its bids name it."""
        return self._parties[account]

    def office(self, account: str, role: str) -> None:
        """Open an account that is no company's."""
        self._account(account, role, None)

    def members(self, account: str) -> list[dict[str, str]]:
        """Return the other members of the consortium that a bidder leads, none for one that bids alone."""
        return self._members.get(account, [])

    def name(self, account: str) -> str:
        """Return the name of a bidder."""
        return self._parties[account]["name"]

    def account(self, name: str) -> str:
        """Return the account of a bidder by its name."""
        return next(account for account, party in self._parties.items() if party["name"] == name)

    def _bidder(self, name: str, known: PartyId | None = None) -> str:
        """Register a bidder, under the identifier that it is known by already if there is one; return its account."""
        number = len(self._parties) + 1
        account, code = f"bidder-{number}", PartyId(scheme=USCC, id=made.code(100 + number))
        stream = self._register(known, (code,), name) if known else self._register(code, (), name)
        self._account(account, "bidder", stream)
        self._parties[account] = {"scheme": USCC, "id": code.id, "name": name}
        return account

    def _member(self, number: int, name: str) -> dict[str, str]:
        code = PartyId(scheme=USCC, id=made.code(number))
        self._register(code, (), name)
        return {"scheme": USCC, "id": code.id, "name": name}

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
