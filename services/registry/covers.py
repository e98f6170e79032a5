"""Credentials for covers: the registry vouches for a dummy of a tender as for a bidder, for the platform alone."""

from typing import Any

from sqlalchemy import Connection

from services.registry.domain.credential import valid_until
from services.registry.domain.values import TenderId
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Identifier, Message
from shared.platform import keys
from shared.platform.door import Query
from shared.runtime.queries import arguments
from shared.runtime.tools import Tools
from shared.seal.credential import Facts, issue, tender_key, token_of
from shared.seal.statement import Party
from shared.seal.wire import Bytes32, text

SCHEME = "X-COVER"
"""The scheme of those behind whose tokens nobody stands; once a tender's token key is out, anyone can tell them."""


class OfCover(Message):
    """Asks for the credential of one cover of a tender, for a one-time key (Ed25519)."""

    tender: TenderId
    public_key: Bytes32
    cover: Identifier


def issue_cover(tools: Tools, _connection: Connection, query: Query) -> Any:
    """Return a signed credential that looks like a bidder's. Nothing of it is written or logged."""
    asked = arguments(OfCover, query)
    if query.actor.role != "system":
        raise NotEntitled("仅限平台", "for the platform itself alone")
    nobody = Party(scheme=SCHEME, id=asked.cover, name="-")
    credential = issue(
        text(tools.keyring.secret(keys.CREDENTIALS)),
        tender=asked.tender,
        token=token_of(tender_key(tools.keyring.secret(keys.TOKENS), asked.tender), nobody),
        public_key=asked.public_key,
        facts=Facts(not_suspended=True, region=tools.settings.region, deposit=True),
        until=valid_until(query.at),
    )
    return credential.model_dump(mode="json")
