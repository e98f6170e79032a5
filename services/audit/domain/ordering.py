"""Where arriving records belong: next in the ledger, behind a gap, or against what is on record already.

Position order is commit order, so a service's records enter the ledger by position and none is left out. What is well
formed is a fact and enters even where its version is wrong, beside a finding; a second record for a place that is
taken never does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from shared.store.ledger_entry import Entry, Finding

Key = tuple[str, int]
"""A service and one of its positions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is there already: last positions by service, entries at taken positions, records that wait, last versions.

    `versions` must answer for every (service, stream) of the batch and of the waiting records; 0 is none.
    """

    positions: Mapping[str, int]
    entered: Mapping[Key, Entry]
    waiting: Mapping[Key, Entry]
    versions: Mapping[tuple[str, str], int]


@dataclass(slots=True)
class Arranged:
    """What is to be done, in this order: enter `append`, pass over `passed`, keep `hold`, let go of `release`."""

    append: list[Entry] = field(default_factory=list)
    passed: list[Key] = field(default_factory=list)
    hold: list[Entry] = field(default_factory=list)
    release: list[Key] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def key_of(item: Entry) -> Key:
    """Return the place that an entry claims."""
    return item.service, item.position


def arrange(batch: Iterable[Entry], held: Held) -> Arranged:
    """Return what is to be done with a batch, in whatever order and however often its records came."""
    made = Arranged()
    pool = dict(held.waiting)
    for item in batch:
        taken = held.entered.get(key_of(item)) or pool.get(key_of(item))
        if taken is None and item.position > held.positions.get(item.service, 0):
            pool[key_of(item)] = item
        elif taken is not None and (taken.record, taken.leaf) != (item.record, item.leaf):
            made.findings.append(_two_histories(item, "position", f"{item.service} {item.position}"))
    versions = dict(held.versions)
    for service, keys in groupby(sorted(pool), key=lambda key: key[0]):
        _line_up(made, [pool[key] for key in keys], held, versions, service)
    return made


def gaps(positions: Mapping[str, int], lowest: Mapping[str, int]) -> list[Finding]:
    """Return what is missing before the first waiting record of each service, given by `lowest`."""
    following = {service: positions.get(service, 0) + 1 for service in lowest}
    return [_gap(name, following[name], first - 1) for name, first in lowest.items() if first > following[name]]


def _gap(service: str, first: int, last: int) -> Finding:
    return Finding(
        code="gap",
        zh=f"{service} 缺第 {first} 至 {last} 号记录，已向该服务索取",
        en=f"{service}: records {first} to {last} are missing and have been asked for",
        service=service,
        first=first,
        last=last,
    )


def _line_up(
    made: Arranged, items: Sequence[Entry], held: Held, versions: dict[tuple[str, str], int], service: str
) -> None:
    """Take a service's records while each follows the last; the rest wait."""
    last = held.positions.get(service, 0)
    for item in items:
        if item.position == last + 1:
            last = item.position
            _take(made, item, versions)
            if key_of(item) in held.waiting:
                made.release.append(key_of(item))
        elif key_of(item) not in held.waiting:
            made.hold.append(item)


def _take(made: Arranged, item: Entry, versions: dict[tuple[str, str], int]) -> None:
    stream = item.service, item.stream
    expected = versions[stream] + 1
    if item.version < expected:
        made.passed.append(key_of(item))
        made.findings.append(_two_histories(item, "version", f"{item.service} {item.stream} {item.version}"))
        return
    if item.version > expected:
        made.findings.append(_version_gap(item, expected))
    versions[stream] = item.version
    made.append.append(item)


def _two_histories(item: Entry, what: str, where: str) -> Finding:
    return Finding(
        code=f"two_histories_{what}",
        zh=f"同一位置出现两份不同记录：{where}",
        en=f"a second, other record for a place that is taken: {where}",
        service=item.service,
        first=item.position,
        last=item.position,
        leaf=item.leaf,
        body=item.record,
    )


def _version_gap(item: Entry, expected: int) -> Finding:
    return Finding(
        code="version_gap",
        zh=f"{item.service} {item.stream} 第 {expected} 版缺失，直接出现第 {item.version} 版",
        en=f"{item.service} {item.stream}: version {item.version} follows {expected - 1}",
        service=item.service,
        first=item.position,
        last=item.position,
        leaf=item.leaf,
        body=item.record,
    )
