"""The transfers that the tests play: equity, assets and a capital increase that keep the law; all names are made up."""

from datetime import UTC, datetime
from typing import Any

from services.property import LINE
from tests.lot import factories as make
from tests.lot.play import Play, play

DUE = datetime(2026, 3, 31, 9, tzinfo=UTC)
"""20 working days lie between the announcement and this day."""
LATE = datetime(2026, 4, 29, 9, tzinfo=UTC)
"""40 working days lie between the announcement and this day."""
STARTS = datetime(2026, 4, 3, 1, tzinfo=UTC)
ENDS = datetime(2026, 4, 3, 3, tzinfo=UTC)

EQUITY: dict[str, Any] = {
    "title": "某公司60%股权",
    "kind": "equity",
    "way": "online",
    "appraised_fen": make.START_FEN,
    "particulars": make.particulars("标的企业", "持股比例", "转让行为批准", "职工安置", "债权债务处理"),
}
ASSET = {
    **EQUITY,
    "title": "一批设备",
    "kind": "asset",
    "particulars": make.particulars("名称", "数量", "现状", "存放地点"),
}
CAPITAL = {
    **EQUITY,
    "title": "某公司增资",
    "kind": "capital_increase",
    "particulars": make.particulars("增资企业", "拟募集资金", "拟增资股数", "增资用途", "增资前后股权结构"),
}
TERMS: dict[str, Any] = {
    "applications_due": DUE,
    "deposits_due": DUE,
    "bidding_starts": STARTS,
    "bidding_ends": ENDS,
    "deposit_fen": make.START_FEN * 3 // 10,
    "trigger": "always",
}


def equity() -> Play:
    """Return a transfer of shares."""
    return play(LINE, EQUITY, TERMS)


def asset() -> Play:
    """Return a transfer of assets."""
    return play(LINE, ASSET, TERMS)


def capital_increase() -> Play:
    """Return a capital increase; its prices are those of one share."""
    return play(LINE, CAPITAL, TERMS)
