"""What a lot keeps of how its offers are judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.procedure.lot.judged.events import JudgingOpened, JudgingReported, OffersScored
from shared.procedure.seating import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`vacant` are seats given up and not filled, `replaced` who sat before; `sheets` what each member gave."""

    opened: JudgingOpened | None = None
    seats: tuple[Seat, ...] = ()
    vacant: frozenset[str] = frozenset()
    replaced: tuple[str, ...] = ()
    sheets: Mapping[str, OffersScored] = field(default_factory=dict)
    report: JudgingReported | None = None

    def seat_of(self, account: str) -> Seat | None:
        """Return the seat of an account that has one and has not given it up."""
        return next((seat for seat in self.seats if seat.account == account and seat.member not in self.vacant), None)

    @property
    def wanting(self) -> tuple[str, ...]:
        """The members who have not given their points yet."""
        return tuple(seat.member for seat in self.seats if seat.member not in self.sheets)
