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
        "送达的密封消息（递交、替换或撤回）被拒收并记录在案：逾期，或未按公告加密；截止时间见 ggzy bid status",
        "what was handed in is refused, on record: late, or not sealed as announced; see `ggzy bid status`",
        "招标投标法实施条例 第三十六条",
    ),
    "bidding.key_refused.v1": (
        "密钥与承诺不符，可在时限内重新提交",
        "the key is not the one committed to; give it again in time",
        "电子招标投标办法 第三十一条",
    ),
    "bidding.shares_refused.v1": (
        "密钥分片不符，可在时限内重新提交",
        "the shares are not good; give them again in time",
        "电子招标投标办法 第三十一条",
    ),
    "price_key_refused.v1": (
        "密钥与承诺不符，可在时限内重新提交",
        "the key is not the one committed to; give it again in time",
        None,
    ),
    "price_shares_refused.v1": (
        "报价的密钥分片不符，可在时限内重新提交",
        "the shares of the prices are not good; give them again in time",
        None,
    ),
}
"""Facts that decide a command against who gave it; its outcome is then no refusal, and yet one.

In both languages, and by which article, where it is the same for every line: what has no line in its name, any line of
lots may say.
"""


def nothing(_outcome: dict[str, Any]) -> None:
    """Keep nothing."""


def accepted(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome. Raise Refused where what was recorded is that the command was turned away."""
    for event in outcome.get("events", ()):
        told = TURNED_AWAY.get(event["type"]) or TURNED_AWAY.get(event["type"].partition(".")[2])
        if told is not None:
            zh, en, article = told
            by = {} if article is None else {"article": article}
            raise Refused(zh, en, **by, events=outcome["events"])
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
