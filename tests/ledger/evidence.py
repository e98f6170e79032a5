"""One honest bundle, and ways to change it, for the tests of verification."""

from typing import Any

from shared.ledger import bundle, canonical, stored_zip
from shared.ledger.verify import verify_bundle
from tests.ledger.factories import commands, evidence, ledger, policy, records

COUNT = 5
STREAM = records(COUNT)
LEDGER = ledger(STREAM)
MADE = bundle.make(evidence(STREAM, LEDGER, commands(COUNT)))
MEMBERS = bundle.read(MADE)
POLICY = policy()

Members = dict[str, bytes]


def with_member(name: str, data: bytes) -> Members:
    return {**MEMBERS, name: data}


def without(*names: str) -> Members:
    return {name: data for name, data in MEMBERS.items() if name not in names}


def outcome(members: Members) -> str:
    return verify_bundle(stored_zip.pack(members), POLICY, LEDGER.files().get).overall


def honest(stream: list[bytes], **changes: Any) -> Members:
    """Return a bundle whose ledger really holds these records: only what they say can be wrong."""
    return bundle.read(bundle.make(evidence(stream, ledger(stream), **changes)))


def manifest(**changes: Any) -> Members:
    facts = canonical.decode_object(MEMBERS["manifest.json"])
    return with_member("manifest.json", canonical.encode({**facts, **changes}))


def withholding(*versions: int) -> Members:
    """Return the bundle of a reader who may not have these versions: their entries in the log stand in their place."""
    leaves = {version: LEDGER.entries[3 * version - 2] for version in versions}
    given = [None if version in versions else data for version, data in enumerate(STREAM, 1)]
    return bundle.read(bundle.make(evidence(STREAM, LEDGER, records=given, leaves=leaves)))
