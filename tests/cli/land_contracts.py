"""The real land contracts that the demo plays, read a second time and independently: lot, buyer, price in fen."""

import csv
from decimal import Decimal

from cli.demo.land.contracts import FILE


def _read() -> dict[str, tuple[str, int]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row[7] == "挂牌出让"]
    return {f"L-{row[1]}": (row[12], int(Decimal(row[11]) * 1_000_000)) for row in rows}


CONTRACTS = _read()
"""By lot: who bought, and at what price; in this file every buyer is an enterprise."""
