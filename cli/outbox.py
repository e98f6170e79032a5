"""Commands under way: the id is on disk before they are sent, so a retry after a crash is the same command."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from cli.client import Asker, Client
from cli.output import Refused, Unanswered
from cli.wallet import Wallet
from shared.kernel.canonical import encode

Keep = Callable[[dict[str, Any]], None]
"""What is done with an outcome before it is forgotten that it was waited for."""

TURNED_AWAY = {
    "bidding.bid_refused.v1": (
        "投标被拒收（逾期或未按要求加密），已记录在案",
        "the bid was refused, on record: late, or not sealed as required",
    ),
    "bidding.key_refused.v1": (
        "密钥与承诺不符，可在时限内重新提交",
        "the key is not the one committed to; give it again in time",
    ),
    "bidding.shares_refused.v1": (
        "密钥分片不符，可在时限内重新提交",
        "the shares are not good; give them again in time",
    ),
}
"""Facts that decide a command against who gave it; its outcome is then no refusal, and yet one."""


def nothing(_outcome: dict[str, Any]) -> None:
    """Keep nothing."""


def accepted(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome. Raise Refused where what was recorded is that the command was turned away."""
    for event in outcome.get("events", ()):
        if event["type"] in TURNED_AWAY:
            zh, en = TURNED_AWAY[event["type"]]
            raise Refused(zh, en, events=outcome["events"])
    return outcome


class Outbox:
    """The commands of this machine to one platform that have no answer yet."""

    def __init__(self, wallet: Wallet, client: Client) -> None:
        self._wallet, self._client = wallet, client

    def send(
        self, asker: Asker, who: str, procedure: str, command: Mapping[str, Any], keep: Keep = nothing
    ) -> dict[str, Any]:
        """Give a command and return its outcome. Raise Refused, or Unanswered: then it stays here for the next try.

        The same command of the same asker that still waits for its answer is sent under the id it had.
        """
        place = "pending", _name(who, procedure, command)
        if not self._wallet.has(*place):
            self._wallet.write({"id": uuid.uuid4().hex, "who": who, "type": command["type"]}, *place)
        try:
            outcome = self._client.command(asker, procedure, command, str(self._wallet.read(*place)["id"]))
            keep(outcome)
        except Unanswered:
            raise
        except Refused:
            self._wallet.drop(*place)
            raise
        self._wallet.drop(*place)
        return outcome


def _name(who: str, procedure: str, command: Mapping[str, Any]) -> str:
    body = {"who": who, "procedure": procedure, "command": dict(command)}
    return hashlib.sha256(encode(body)).hexdigest()[:32]
