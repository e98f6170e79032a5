"""How much may be asked: token buckets for addresses that ask unsigned, and for accounts and pseudonyms that sign.

A submission by who may give it, its uploads and the reading of outcomes are never refused, and never counted. Nobody
can use up what is another's: accounts and pseudonyms are counted only once their signature holds, each under its own
name, and no bucket knows of another. Who asks under names that do not hold is counted by address, and while that
address has too many of these, an account must have been proven lately to be looked up for it.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: RateLimit-Policy and RateLimit.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from services.portal.problems import Problem
from shared.kernel.request import Actor
from shared.platform.settings import Settings

REMEMBERED = 10_000
"""Buckets of each kind that are kept; who is forgotten begins with a full one."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit: `burst` at once, and `per_second` more from then on."""

    name: str
    per_second: int
    burst: int

    @property
    def policy(self) -> str:
        """The limit as RateLimit-Policy states it: its quota, and the seconds in which that much is given."""
        return f'"{self.name}";q={self.burst};w={ceil(self.burst / self.per_second)}'


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a limit after one more was asked for, and in how many seconds there is more."""

    rate: Rate
    left: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """The limit and what is left of it, as answers state them."""
        state = f'"{self.rate.name}";r={max(self.left, 0)};t={self.wait}'
        return {"RateLimit-Policy": self.rate.policy, "RateLimit": state}

    def require(self) -> None:
        """Raise Problem where nothing was left."""
        if self.left < 0:
            zh, en = "请求过于频繁，请稍后再试", "too many requests; try again in a moment"
            raise Problem("too_many_requests", zh, en, headers={"Retry-After": str(self.wait)})


@dataclass(slots=True)
class Bucket:
    """What one may still take, as of a moment (monotonic seconds)."""

    left: float
    at: float


class Buckets:
    """A token bucket for each name, the latest ten thousand."""

    def __init__(self, rate: Rate, seconds: Callable[[], float]) -> None:
        self._rate = rate
        self._seconds = seconds
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, name: str) -> Standing:
        """Return how a name stands once it has one more; below nothing is left it is given nothing."""
        bucket = self._filled(name)
        self._buckets[name] = bucket
        self._buckets.move_to_end(name)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        allowed = bucket.left >= 1
        bucket.left -= allowed
        return self._standing(bucket, allowed=allowed)

    def look(self, name: str) -> Standing:
        """Return how a name would stand, and take nothing."""
        bucket = self._filled(name)
        return self._standing(bucket, allowed=bucket.left >= 1)

    def _filled(self, name: str) -> Bucket:
        now, rate = self._seconds(), self._rate
        bucket = self._buckets.get(name, Bucket(rate.burst, now))
        bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * rate.per_second)
        bucket.at = now
        return bucket

    def _standing(self, bucket: Bucket, *, allowed: bool) -> Standing:
        wait = max(1, ceil((1 - bucket.left) / self._rate.per_second))
        return Standing(self._rate, int(bucket.left) if allowed else -1, wait)


@dataclass(slots=True)
class Visit:
    """One request: from where, under what name, whether that held, and how the limit that it fell under stands.

    `name` is a digest of all that it names itself by, empty for nothing: it tells one name from another, and no more.
    """

    address: str
    name: str
    proven: bool = False
    standing: Standing | None = field(default=None)


class Limits:
    """All limits of one door."""

    def __init__(self, settings: Settings, seconds: Callable[[], float] = monotonic) -> None:
        public = Rate("public", settings.rate_public, settings.burst_public)
        signed = Rate("signed", settings.rate_signed, settings.burst_signed)
        self._addresses, self._unproven = Buckets(public, seconds), Buckets(public, seconds)
        self._accounts, self._tokens = Buckets(signed, seconds), Buckets(signed, seconds)
        self._proven: OrderedDict[str, None] = OrderedDict()

    def admit_unsigned(self, visit: Visit) -> None:
        """Count what nobody signs, by address. Raise Problem where it is too much."""
        visit.standing = self._addresses.take(visit.address)
        visit.standing.require()

    def admit_claim(self, visit: Visit) -> None:
        """Let a name be looked up, unless too many from there did not hold and it is none of those that did.

        Raise Problem.
        """
        if visit.name not in self._proven:
            self._unproven.look(visit.address).require()

    def prove(self, visit: Visit) -> None:
        """Note that a name held."""
        visit.proven = True
        self._proven[visit.name] = None
        self._proven.move_to_end(visit.name)
        if len(self._proven) > REMEMBERED:
            self._proven.popitem(last=False)

    def count(self, visit: Visit, actor: Actor) -> None:
        """Count a request of a name that held. Raise Problem where it is too much."""
        buckets = self._tokens if actor.role == "token" else self._accounts
        visit.standing = buckets.take(actor.account)
        visit.standing.require()

    def leave(self, visit: Visit) -> None:
        """Count a request under a name that did not hold, or that nobody asked about, by where it came from."""
        if visit.name and not visit.proven:
            self._unproven.take(visit.address)


def address_of(host: str) -> str:
    """Return what one client's limit goes by: its address, of IPv6 the network of 64 bits that one client has."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else host
