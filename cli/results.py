"""How a tender came out, as people read it: opening record, candidates, award, contract, bonds and complaints."""

from collections.abc import Mapping
from typing import Any

from cli.calendar import provisional
from cli.codes import said
from cli.output import note, table
from cli.times import local
from shared.kernel.canonical import parse_instant
from shared.kernel.money import format_yuan

Page = Mapping[str, Any]


def show(page: Page) -> None:
    """Print each part that the page has, as far as the tender has come."""
    if record := page.get("opening_record"):
        _opening(record)
    if listed := page.get("candidates"):
        _candidates(listed)
    if award := page.get("award"):
        note(f"中标人 {award['party']['name']}", f"awarded at {_yuan(award['price_fen'])} yuan")
        due = local(parse_instant(award["contract_due"])) + provisional(award.get("provisional", []))
        note(f"合同须在 {due} 前订立", f"the contract is due by {due}")
    _contract(page)
    if bonds := page.get("bonds"):
        cells = [[said("kind", one["kind"])[0], _yuan(one["amount_fen"]), _at(one["recorded_at"])] for one in bonds]
        table("履约担保、支付担保 / bonds", ["担保", "金额（元）", "登记时间"], cells)
    _complaints(page)
    if failure := page.get("failure"):
        note(f"{failure['zh']}（{failure['article']}）", f"{failure['en']}")


def _opening(record: Page) -> None:
    cells = [
        [row["order"], row["bid"], row["party"]["name"], _yuan(row["price_fen"]), row["days"], _outcome(row)]
        for row in record["rows"]
    ]
    table("开标记录 / opening record", ["次序", "投标编号", "投标人", "报价（元）", "工期（日）", "结果"], cells)


def _candidates(listed: Page) -> None:
    cells = [[one["rank"], one["bid"], one["party"]["name"], _yuan(one["price_fen"])] for one in listed["candidates"]]
    ends = _at(listed["ends"]) + provisional(listed.get("provisional", []))
    table(f"中标候选人，公示至 {ends} / candidates", ["名次", "投标编号", "投标人", "报价（元）"], cells)


def _contract(page: Page) -> None:
    """Print that the contract was signed, by when and by whom, and its digest, which either side can compare."""
    if signed := page.get("contract"):
        late = f"，逾期（{signed['article']}）" if signed["late"] else ""
        zh = f"招标人于 {_at(signed['signed_at'])} 登记合同，{_yuan(signed['price_fen'])} 元{late}"
        note(f"{zh}，摘要 {signed['contract_sha256']}", "the tenderer has recorded the contract")
    if countersigned := page.get("countersignature"):
        note(f"中标人于 {_at(countersigned['at'])} 签署同一合同", "the winner has signed the same contract")


def _complaints(page: Page) -> None:
    examined = {one["number"]: one for one in page.get("complaints_examined", ())}
    decided = {one["number"]: one for one in page.get("complaint_decisions", ())}
    cells = [
        [
            one["number"],
            said("about", one["about"])[0],
            _at(one["made_at"]),
            _accepted(examined.get(one["number"])),
            _decided(decided.get(one["number"])),
        ]
        for one in page.get("complaints", ())
    ]
    if cells:
        table("投诉 / complaints", ["编号", "事项", "提出时间", "受理", "处理决定"], cells)


def _accepted(examined: Page | None) -> str:
    if examined is None:
        return "待决定"
    return "已受理" if examined["accepted"] else f"不予受理：{examined['ground']}"


def _decided(decided: Page | None) -> str:
    return f"{said('order', decided['order'])[0]}：{decided['text']}" if decided else ""


def _outcome(row: Page) -> str:
    reason = f"：{row['reason']['zh']}" if row["reason"] else ""
    return said("outcome", row["outcome"])[0] + reason


def _at(moment: str) -> str:
    return local(parse_instant(moment))


def _yuan(amount: int | None) -> str:
    return "" if amount is None else format_yuan(amount)
