"""Arithmetic errors of a bid: which figure governs where two differ, exact to the fen.

评标委员会和评标方法暂行规定 第十九条: 大写 before 小写, unit prices before totals but for a clear slip of the
decimal point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.message import Identifier, Message, Ratio
from shared.kernel.money import Fen, from_uppercase
from shared.procedure.evaluation import half_up

SLIPS = tuple(Fraction(10) ** power for power in (-4, -3, -2, -1, 1, 2, 3, 4))
"""By how much a decimal point that slipped makes a unit price too small or too large."""


class BillLine(Message):
    """One line of a priced bill as written: unit price and total in fen, quantity in its own unit."""

    item: Identifier
    unit_price_fen: Fen
    quantity: Annotated[Ratio, Field(gt=0, le=MAX_INTEGER, decimal_places=6)]
    total_fen: Fen


class Amendment(Message):
    """One figure that does not stand: `was_fen` as written, `is_fen` as it governs; `item` for a line of the bill.

    `capitals`: 大写 goes before 小写. `line` and `sum`: unit price × quantity goes before a total. `slip`: the decimal
    point of a unit price is clearly misplaced, so that the line's total goes before it.
    """

    kind: Literal["capitals", "line", "slip", "sum"]
    item: Identifier | None = None
    was_fen: Fen
    is_fen: Fen


@dataclass(frozen=True, slots=True)
class Corrected:
    """The price that governs, in fen, and why it is not the one that was read out; no reasons, no error."""

    price_fen: int
    amendments: tuple[Amendment, ...]


def corrected(price_fen: int, capitals: str | None, bill: Sequence[BillLine] = ()) -> Corrected:
    """Return the price that governs. `capitals` is the price as 人民币大写, where the bid has one.

    A slip of the decimal point is clear where a line's total is its unit price × quantity but for a power of ten, and
    the totals as written add up to the price as stated: then the bidder carried the total into its price. Raise
    BadInput for capitals that are not well formed.
    """
    stated = price_fen if capitals is None else from_uppercase(capitals)
    amended = [] if stated == price_fen else [Amendment(kind="capitals", was_fen=price_fen, is_fen=stated)]
    if not bill:
        return Corrected(stated, tuple(amended))
    carried = sum(line.total_fen for line in bill) == stated
    found = [amendment for line in bill if (amendment := _of_line(line, carried=carried))]
    total = sum(map(product_fen, bill)) + sum(one.is_fen - one.was_fen for one in found if one.kind == "slip")
    if total != stated:
        found.append(Amendment(kind="sum", was_fen=stated, is_fen=total))
    return Corrected(total, (*amended, *found))


def product_fen(line: BillLine, times: Fraction = Fraction(1)) -> int:
    """Return unit price × quantity of a line, to the fen (四舍五入); the unit price may be taken `times` as large."""
    return int(half_up(line.unit_price_fen * times * Fraction(line.quantity), 0))


def _of_line(line: BillLine, *, carried: bool) -> Amendment | None:
    made = product_fen(line)
    if made == line.total_fen:
        return None
    if carried and any(product_fen(line, slip) == line.total_fen for slip in SLIPS):
        return Amendment(kind="slip", item=line.item, was_fen=made, is_fen=line.total_fen)
    return Amendment(kind="line", item=line.item, was_fen=line.total_fen, is_fen=made)
