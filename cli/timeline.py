"""The timeline of a procedure: each event with its time, in Chinese, who brought it about, who could see it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from cli.codes import said
from cli.words import event_zh
from shared.kernel.canonical import parse_instant
from shared.law.findings import BEIJING
from shared.seal.faults import AUTHORITY_ZH

COLUMNS = ("版次", "北京时间", "事件", "办理人", "当时可见")

_TOKEN_SHOWN = 12
_BY_OWNER = frozenset(
    {
        "bidding.opening_started.v1",
        "bidding.evaluation_reported.v1",
        "bidding.candidates_publicised.v1",
        "bidding.tender_awarded.v1",
        "bidding.contract_signed.v1",
    }
)


_BIDDERS = frozenset(
    {
        "applied",
        "bid_placed",
        "confirmation_signed",
        "naming_joined",
        "price_handed_in",
        "price_key_given",
        "price_key_refused",
        "price_named",
        "proof_signed",
        "proxy_set",
        "went_on",
    }
)
_SELLERS = frozenset(
    {
        "bidder_admitted",
        "bidder_barred",
        "bidder_refused",
        "committee_seated",
        "confirmation_drawn_up",
        "deposit_recorded",
        "handed_over",
        "judging_reported",
        "lot_announced",
        "notice_supplemented",
        "payment_recorded",
        "priority_declared",
        "proof_checked",
        "refund_recorded",
        "result_published",
        "step_changed",
        "winner_reviewed",
    }
)
"""The facts of a lot that its bidders, or that its seller or agency, brought about, named without the line."""


def rows(events: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return the rows of the timeline: version, Beijing time, event, who, whether the role replayed could see it."""
    return [
        [
            "" if event.get("version") is None else str(event["version"]),
            f"{parse_instant(event['at']).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
            f"{event_zh(event['type'])}\n{_short(event['type'])}",
            who(event),
            {True: "可见", False: "不可见"}.get(event.get("visible", True), ""),
        ]
        for event in events
    ]


def _short(kind: str) -> str:
    """Return an event's type without its line and its edition, as `tender_drafted`."""
    return kind.split(".")[1] if kind.count(".") > 1 else kind


def _of_lot(event: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    """Return who brought a fact of a lot about, where its kind tells; of a bid made by itself, that it was."""
    name = _short(event["type"])
    if name in _BIDDERS and "number" in data:
        return f"竞买号 {data['number']}" + ("（自动出价）" if data.get("automatic") else "")
    if name == "contract_signed":
        return said("side", data["side"])[0]
    return "出让方、转让方或代理机构" if name in _SELLERS and not isinstance(data.get("owner"), dict) else None


def who(event: Mapping[str, Any]) -> str:
    """Return who brought an event about, as far as it says so itself; a token is shown by its beginning."""
    data: Mapping[str, Any] = event.get("data") or {}
    if event["type"].partition(".")[0] not in {"bidding", "registry"} and (lots := _of_lot(event, data)):
        return lots
    if "token" in data:
        return f"投标人 {str(data['token'])[:_TOKEN_SHOWN]}…"
    if "authority" in data:
        seats: Mapping[str, str] = dict(AUTHORITY_ZH.items())
        return seats.get(str(data["authority"]), str(data["authority"]))
    if isinstance(data.get("owner"), dict):
        return str(data["owner"]["account"])
    if "account" in data:
        return str(data["account"])
    return "招标人或代理机构" if event["type"] in _BY_OWNER else "平台"
