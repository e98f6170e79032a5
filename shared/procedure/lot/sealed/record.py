"""What a lot keeps of its tender."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.procedure.lot.sealed.events import PriceHandedIn, PriceSharesGiven, PricesRead, TenderClosed
from shared.procedure.lot.sealed.values import StandingPrice
from shared.seal.wire import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Tendered:
    """`received` in the order of arrival; `keys` the bidders' halves by number, `shares` by authority."""

    received: tuple[PriceHandedIn, ...] = ()
    closed: TenderClosed | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[Authority, PriceSharesGiven] = field(default_factory=dict)
    read: PricesRead | None = None

    @property
    def prices(self) -> tuple[StandingPrice, ...]:
        """The prices that stand; none before the deadline."""
        return self.closed.prices if self.closed else ()
