"""The deposits of the full scenario, as the bank's part records them: they come in, are given back, one is kept."""

import os
from collections.abc import Iterable
from typing import Any

from cli.demo.cast import OPERATOR
from cli.demo.full.lot import Lot
from shared.kernel.canonical import digest, instant
from shared.procedure.deposits import account_digest

AMOUNT_FEN = 800_000_00
"""The most that works may ask for (工程建设项目施工招标投标办法 第三十七条)."""

TERMS: dict[str, Any] = {
    "deposit": {
        "amount_fen": AMOUNT_FEN,
        "means": ["transfer"],
        "rates": [{"since": "2020-01-01", "yearly": "0.0035"}],
        "days_in_year": 365,
    }
}


def pay(lot: Lot, bidders: Iterable[str]) -> None:
    """Record that the deposits of these bidders came in, each from an account of its own."""
    key = os.urandom(32)
    for place, bidder in enumerate(bidders):
        paid = {"kind": "transfer", "basic": True, "domestic": True}
        paid |= {"account": account_digest(f"3705 0166 8142 {place:04}", key)}
        token, now = lot.desk(bidder).credential.token, instant(lot.now)
        lot.office(
            OPERATOR,
            "record_deposit",
            token=token,
            amount_fen=AMOUNT_FEN,
            received_at=now,
            instrument=paid,
            statement=_statement(lot, f"{bidder} paid"),
        )


def pay_back(lot: Lot) -> None:
    """Return every deposit that is due back, with its interest."""
    for due in lot.told(OPERATOR, "refund_due"):
        paid = {"paid_fen": due["amount_fen"] + due["interest_fen"], "paid_at": instant(lot.now)}
        paid["statement"] = _statement(lot, f"{due['token']} paid back")
        lot.office(OPERATOR, "record_refund", token=due["token"], number=due["number"], **paid)


def _statement(lot: Lot, said: str) -> str:
    """Return the digest of an invented statement of the bank."""
    return digest(f"银行回单（演示用）{lot.procedure} {said}".encode())
