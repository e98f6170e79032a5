"""The trust policy: which logs and witnesses a verifier believes, and how many of them must agree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.ledger import note
from shared.ledger.checkpoint import Checkpoint, parse_text
from shared.ledger.errors import Malformed, QuorumNotMet, Unsigned
from shared.ledger.keys import COSIGNATURE, MLDSA44, Verifier, parse_vkey, signed_time

_OCTETS = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_NONE = "none"


@dataclass(frozen=True)
class Group:
    """A group has witnessed a checkpoint when `threshold` of its members, witnesses or groups, have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Witnessed:
    """A checkpoint that meets a policy: the log that signed it, and who cosigned it at which Unix time."""

    checkpoint: Checkpoint
    log: Verifier
    witnesses: dict[str, int]


@dataclass
class Policy:
    """A policy as c2sp.org/tlog-policy defines it; `quorum` is the name that must have witnessed, or "none"."""

    logs: list[Verifier] = field(default_factory=list)
    witnesses: dict[str, Verifier] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    def met_by(self, witnesses: Iterable[str]) -> bool:
        """Tell whether cosignatures of these witnesses, by their names in the policy, are a quorum."""
        witnessed = {_NONE} | (set(witnesses) & self.witnesses.keys())
        for name, group in self.groups.items():  # in the order of definition: members come first
            if sum(member in witnessed for member in group.members) >= group.threshold:
                witnessed.add(name)
        return self.quorum in witnessed

    def check(self, data: bytes) -> Witnessed:
        """Return the checkpoint of a signed note that meets this policy; else raise LedgerFault.

        A log's key must bear the checkpoint's origin as its name.
        """
        signed = note.parse(data)
        checkpoint = parse_text(signed.text)
        logs = [log for log in self.logs if log.name == checkpoint.origin]
        if not logs:
            raise Unsigned(f"the policy knows no log named {checkpoint.origin!r}")
        found = signed.verified([*logs, *self.witnesses.values()])
        log = next((verifier for verifier, _ in found if verifier in logs), None)
        if log is None:
            raise Unsigned(f"the checkpoint is not signed by the log {checkpoint.origin!r}")
        names = {verifier: name for name, verifier in self.witnesses.items()}
        times = {names[by]: signed_time(line.value) for by, line in found if by in names}
        if not self.met_by(times):
            raise QuorumNotMet(f"cosigned by {sorted(times) or 'nobody'}, which is no quorum {self.quorum!r}")
        return Witnessed(checkpoint, log, times)


def parse_policy(data: bytes) -> Policy:
    """Return the policy that a file spells. Raise Malformed, naming the line, if it breaks a rule."""
    if not _OCTETS.fullmatch(data):
        raise Malformed("a policy holds no control characters but tabs and newlines")
    policy, grouped = Policy(), set[str]()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), start=1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if words and not words[0].startswith("#"):
            try:
                _read(policy, grouped, words[0], words[1:])
            except Malformed as error:
                raise Malformed(f"policy line {number}: {error}") from error
    if not policy.quorum:
        raise Malformed("a policy has one quorum line")
    return policy


def _read(policy: Policy, grouped: set[str], keyword: str, words: list[str]) -> None:
    """Take one line into the policy; `grouped` holds the names that are members of a group already."""
    match keyword, words:
        case "log", [vkey] | [vkey, _]:
            _add_log(policy, parse_vkey(vkey))
        case "witness", [name, vkey] | [name, vkey, _]:
            _add_witness(policy, name, parse_vkey(vkey))
        case "group", [name, threshold, *members]:
            _add_group(policy, grouped, name, threshold, members)
        case "quorum", [name]:
            if policy.quorum:
                raise Malformed("a second quorum")
            if name != _NONE:
                _must_be_defined(policy, name)
            policy.quorum = name
        case _:
            raise Malformed(f"not a line of a policy: {keyword!r}")


def _add_log(policy: Policy, verifier: Verifier) -> None:
    if any(log.key == verifier.key for log in policy.logs):
        raise Malformed("two logs have the same key")
    policy.logs.append(verifier)


def _add_witness(policy: Policy, name: str, verifier: Verifier) -> None:
    _must_be_new(policy, name)
    if verifier.kind not in {COSIGNATURE, MLDSA44}:
        raise Malformed("a witness has a key for cosignatures, type 0x04 or 0x06")
    if any(witness.key == verifier.key for witness in policy.witnesses.values()):
        raise Malformed("two witnesses have the same key")
    policy.witnesses[name] = verifier


def _add_group(policy: Policy, grouped: set[str], name: str, threshold: str, members: list[str]) -> None:
    _must_be_new(policy, name)
    for member in members:
        _must_be_defined(policy, member)
        if member in grouped:
            raise Malformed(f"{member!r} is in a group already")
        grouped.add(member)
    words = {"any": 1, "all": len(members)}
    if threshold not in words and not _NUMBER.fullmatch(threshold):
        raise Malformed(f"not a threshold: {threshold!r}")
    needed = words[threshold] if threshold in words else int(threshold)
    if not 1 <= needed <= len(members):
        raise Malformed(f"{threshold} of {len(members)} members cannot be")
    policy.groups[name] = Group(needed, tuple(members))


def _must_be_new(policy: Policy, name: str) -> None:
    if name == _NONE or name in policy.witnesses or name in policy.groups:
        raise Malformed(f"{name!r} is taken")


def _must_be_defined(policy: Policy, name: str) -> None:
    if name not in policy.witnesses and name not in policy.groups:
        raise Malformed(f"{name!r} is not defined above")
