"""What the real notices lack and the demo makes up, marked as made: codes, prices, periods, documents."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from stdnum.cn import uscc

from shared.kernel.canonical import instant
from shared.law.findings import BEIJING

MARKS = ("ceiling_fen", "codes", "currency", "documents", "estimate_fen", "periods", "prices")
"""What a notice is marked with as made, besides what its import has marked."""

CEILING_FEN = 990_000_00
"""Below the scale from which a project of any category must be tendered: its agency may report without a committee."""
PRICES_FEN = (943_000_00, 887_500_00, 912_000_00, 899_800_00, 976_400_00)
FIRST_PRICE_FEN = 899_900_00
"""What the first bidder asks before it replaces its bid."""
DAYS = 365
QUALITY = "合格"


@dataclass(frozen=True, slots=True)
class Times:
    """The periods of a tender announced at a moment: sold from the next day, long enough by E3 and E6."""

    sale_starts: datetime
    sale_ends: datetime
    bids_due: datetime

    @classmethod
    def after(cls, now: datetime) -> "Times":
        """Return lawful periods for a tender that is announced now."""
        morning = now.astimezone(BEIJING).replace(hour=9, minute=0, second=0, microsecond=0)
        starts = morning + timedelta(days=1)
        return cls(starts, starts + timedelta(days=8), starts + timedelta(days=24))


def code(number: int) -> str:
    """Return a made-up but well-formed 统一社会信用代码 in the seed's region (GB 32100-2015)."""
    payload = f"91370500MA{number:07d}"
    return payload + str(uscc.calc_check_digit(payload))


def terms(now: datetime, authorities: dict[str, str], document: dict[str, Any]) -> dict[str, Any]:
    """Return lawful terms for a tender announced now."""
    times = Times.after(now)
    return {
        "type": "bidding.publish_tender",
        "documents": [document],
        "sale_starts": instant(times.sale_starts),
        "sale_ends": instant(times.sale_ends),
        "bids_due": instant(times.bids_due),
        "opening_minutes": 30,
        "witness_minutes": 5,
        "method": {"kind": "lowest_evaluated_price", "items": []},
        "instant_counts": False,
        "below_three_unsealed": "fail",
        "publicity_days": 3,
        "validity_days": 90,
        "authorities": authorities,
        "state_funded": True,
    }
