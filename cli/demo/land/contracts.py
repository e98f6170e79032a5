"""The real land contracts that ship with the program, read as they stand; what is malformed is listed, not guessed."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FILE = Path(__file__).parents[2] / "data" / "land-contracts-2007-01.csv"

LISTED = "挂牌出让"
_FEN = 10**6
"""Fen in 万元."""

_NUMBER = re.compile(r"\d{6}\d{4}B\d{5}")
_ENTERPRISE = re.compile(r"(公司|厂|企业|合作社)$")
_PRICE = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)
_COUNT = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract: its 电子监管号, the parcel, and to whom and at what price (fen) it went."""

    number: str
    project: str
    place: str
    county: str
    hectares: str
    source: str
    use: str
    price_fen: int
    buyer: str
    signed: str

    @property
    def procedure(self) -> str:
        """The name of the lot that it becomes."""
        return f"L-{self.number}"


@dataclass(frozen=True, slots=True)
class Odd:
    """What is not as it should be in a row, by the row's 电子监管号 (empty: of the whole file), and what is done."""

    number: str
    column: str
    value: str
    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        """Return it as it is printed."""
        return {name: getattr(self, name) for name in ("number", "column", "value", "zh", "en")}


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts that can be played, and everything odd in the file."""

    played: tuple[Contract, ...]
    odd: tuple[Odd, ...]


def load() -> Contracts:
    """Return the contracts that ship with the program."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return read(list(csv.reader(file)))


def read(rows: Sequence[Sequence[str]]) -> Contracts:
    """Return the listed contracts with enterprises of a table, whose first row names its columns."""
    head, *body = rows
    odd, played = list(_columns(head, body)), []
    for row in body:
        named = dict(zip(head, map(str.strip, row), strict=True))
        faults = list(_faults(named))
        odd += [fault for fault, _ in faults]
        if named["供地方式"] == LISTED and not any(fatal for _, fatal in faults):
            played.append(_contract(named))
    return Contracts(tuple(played), tuple(odd))


def _columns(head: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[Odd]:
    if "" in head:
        zh, en = "该列没有名称，不用", "the column has no name: it is not used"
        yield Odd("", "", body[0][head.index("")], zh, en)
    numbers = {row[head.index("行业分类")] for row in body}
    if all(map(_COUNT.fullmatch, numbers)):
        zh = "列名为行业分类，内容为数字；似为出让年限，只照录"
        en = "the column is named after industries but holds numbers: quoted as it is, not read as years"
        yield Odd("", "行业分类", "、".join(sorted(numbers)), zh, en)


def _faults(row: Mapping[str, str]) -> Iterator[tuple[Odd, bool]]:
    """Yield what is odd in a row, and whether it cannot be played for it."""
    number = row["电子监管号"]
    if not _NUMBER.fullmatch(number):
        yield Odd(number, "电子监管号", number, "不是16位，照录", "not of 16 characters: quoted as it is"), False
    if _COUNT.fullmatch(row["所在地"]):
        zh, en = "是代码不是地名，位置只用项目位置", "a code and no place: only the parcel's own place is used"
        yield Odd(number, "所在地", row["所在地"], zh, en), False
    if price_fen(row["成交价格(万元)"]) is None:
        zh, en = "不是精确到分的价格，不演示", "no price that is exact to the fen: not played"
        yield Odd(number, "成交价格(万元)", row["成交价格(万元)"], zh, en), True
    if not _ENTERPRISE.search(row["土地使用权人"]):
        zh, en = "不能确定是企业，不演示", "not surely an enterprise: not played, and not named"
        yield Odd(number, "土地使用权人", "", zh, en), True


def price_fen(text: str) -> int | None:
    """Return a price in 万元 as fen; None where it is none above nought that is exact to the fen."""
    return int(Decimal(text) * _FEN) or None if _PRICE.fullmatch(text) else None


def _contract(row: Mapping[str, str]) -> Contract:
    price = price_fen(row["成交价格(万元)"])
    if price is None:
        raise ValueError("a row without a price is not played")
    return Contract(
        number=row["电子监管号"],
        project=row["项目名称"],
        place=row["项目位置"],
        county="" if _COUNT.fullmatch(row["所在地"]) else row["所在地"],
        hectares=row["面积(公顷)"],
        source=row["土地来源"],
        use=row["土地用途"],
        price_fen=price,
        buyer=row["土地使用权人"],
        signed=row["合同签订日期"],
    )
