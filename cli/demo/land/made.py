"""What a land contract does not say and the demo makes up, marked as made: start, step, deposit, reserve, rivals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cli.demo.land.contracts import Contract
from cli.demo.made import code
from shared.kernel.canonical import instant
from shared.kernel.codes import USCC
from shared.law.findings import BEIJING

FIELDS = (
    "region", "seller", "buyer_code", "rivals", "start_fen", "step_fen", "deposit_fen", "reserve", "times", "documents",
    "state", "planning", "conditions", "right",
)  # fmt: skip
"""What is made up in every lot."""

RIVALS = ("黄河口置业有限公司（虚构）", "胜利实业有限公司（虚构）")
STEPS = 4
"""How many steps the real price lies above the made start price."""

SAYS = {
    "free": "挂牌期报价 / bids in the listing",
    "timed": "限时竞价：逐次报价，或自动出价 / timed bidding, one by one or by proxies",
    "reserve": "底价启封，审核竞得人 / the reserve is opened, the winner reviewed",
    "frozen": "平台繁忙，竞价自动中止，恢复 / too busy to be heard from in time: a lot froze by itself, and goes on",
}
"""What is told when lots first have something to do in a phase."""

_HUNDRED_YUAN = 100_00


@dataclass(frozen=True, slots=True)
class Prices:
    """The made prices of a lot in fen, from which whole steps lead to its real price."""

    start_fen: int
    step_fen: int
    deposit_fen: int
    reserve_fen: int

    @classmethod
    def before(cls, price_fen: int) -> "Prices":
        """Return prices that end at the real one: a start four steps below, a deposit of a fifth, a reserve one below.

        A step is a twentieth of the price, in whole hundreds of yuan. Raise ValueError where that is nothing.
        """
        step = price_fen // 20 // _HUNDRED_YUAN * _HUNDRED_YUAN
        if not step:
            raise ValueError(f"a price of {price_fen} fen leaves no step")
        start = price_fen - STEPS * step
        return cls(start, step, -(-start // 5), price_fen - step)

    def rung(self, number: int) -> int:
        """Return the price so many steps above the start."""
        return self.start_fen + number * self.step_fen


@dataclass(frozen=True, slots=True)
class Times:
    """The periods of a lot announced at a moment: listed from the 21st day after it, for eleven days."""

    applications_due: datetime
    starts: datetime
    ends: datetime

    @classmethod
    def after(cls, now: datetime) -> "Times":
        """Return lawful periods for a lot that is announced now (T2, T3, T4)."""
        morning = now.astimezone(BEIJING).replace(hour=9, minute=0, second=0, microsecond=0)
        starts = morning + timedelta(days=22)
        return cls(starts + timedelta(days=8), starts, starts + timedelta(days=12))


def draft(contract: Contract, approval: str) -> dict[str, Any]:
    """Return the draft of a contract's parcel; `approval` is the digest of the made approval."""
    where = contract.county + contract.place
    said = {
        "位置": where,
        "面积": f"{contract.hectares} 公顷",
        "用途": contract.use,
        "土地来源": contract.source,
        "电子监管号": contract.number,
        "实际合同": f"{contract.signed}签订，受让人 {contract.buyer}；本演示中的日期改为平台时钟",
        "年限": "原始数据未载明（演示）",
        "现状": "净地（演示编制）",
        "规划指标": "见出让文件（演示编制）",
        "竞买资格": "不限（演示编制）",
    }
    return {
        "title": f"{where} {contract.use}（{contract.project}）",
        "kind": "land_use",
        "region": "370500",
        "seller": {"scheme": USCC, "id": code(1), "name": "国土资源主管部门（演示）"},
        "way": "listing",
        "particulars": [{"name": name, "value": value} for name, value in said.items()],
        "right": {"approval": approval, "clear": True, "seized": False},
        "made": list(FIELDS),
    }


def terms(now: datetime, prices: Prices, authorities: Mapping[str, str], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return lawful terms for a lot announced now: timed bidding where two or more bid, the winner reviewed after."""
    times = Times.after(now)
    return {
        "documents": [dict(document)],
        "applications_due": instant(times.applications_due),
        "deposits_due": instant(times.applications_due),
        "bidding_starts": instant(times.starts),
        "bidding_ends": instant(times.ends),
        "start_fen": prices.start_fen,
        "step_fen": prices.step_fen,
        "whole_steps": True,
        "deposit_fen": prices.deposit_fen,
        "trigger": "automatic",
        "review": "after",
        "instant_counts": False,
        "authorities": dict(authorities),
        "contract_days": 10,
    }
