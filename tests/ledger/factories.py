"""Made-up logs, witnesses and records, each lawful unless a test changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from shared.ledger import canonical, checkpoint
from shared.ledger.bundle import Evidence
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.keys import COSIGNATURE, ED25519, Signer
from shared.ledger.leaf import digest, leaf_of
from shared.ledger.merkle import Frontier, leaf_hash
from shared.ledger.policy import Policy, parse_policy
from shared.ledger.prover import Prover
from shared.ledger.tiles import WIDTH, bundles_of, encode_bundle, grow, tiles_of

ORIGIN = "ledger.ggzy.example/2026"
LOG = Signer(ORIGIN, ED25519, bytes([1]) * 32)
STRANGER = Signer(ORIGIN, ED25519, bytes([2]) * 32)
WITNESSES = [Signer(f"witness.example/w{n}", COSIGNATURE, bytes([16 + n]) * 32) for n in (1, 2, 3)]
TIME = 1_795_305_600  # 2026-11-22T00:00:00Z
KEY = bytes(range(32))
RULEBOOK = canonical.encode({"line": "bidding", "v": 1})
POLICY_TEXT = "".join(
    [
        f"log {LOG.verifier.vkey}\n",
        *(f"witness w{n} {witness.verifier.vkey}\n" for n, witness in enumerate(WITNESSES, start=1)),
        "group bodies 2 w1 w2 w3\n",
        "quorum bodies\n",
    ]
)


def policy(text: str = POLICY_TEXT) -> Policy:
    return parse_policy(text.encode())


@dataclass
class Log:
    """A log in memory: entries in, published files out."""

    entries: list[bytes] = field(default_factory=list)

    @property
    def hashes(self) -> list[bytes]:
        return [leaf_hash(entry) for entry in self.entries]

    def root(self, size: int | None = None) -> bytes:
        frontier = Frontier()
        frontier.extend(self.hashes[:size])
        return frontier.root()

    def note(self, signer: Signer = LOG, witnesses: Sequence[Signer] = WITNESSES) -> bytes:
        """Its checkpoint, signed and cosigned."""
        signed = checkpoint.sign(Checkpoint(ORIGIN, len(self.entries), self.root()), signer)
        return checkpoint.with_cosignatures(signed, [checkpoint.cosign(signed, w, TIME) for w in witnesses])

    def tiles(self) -> dict[tuple[int, int], bytes]:
        return {(tile.level, tile.number): data for tile, data in grow(0, (), self.hashes)[0]}

    def prover(self) -> Prover:
        tiles = self.tiles()
        return Prover(lambda level, number: tiles[level, number])

    def files(self) -> dict[str, bytes]:
        """Return what it publishes, by path."""
        tiles, files = self.tiles(), {"checkpoint": self.note()}
        for tile in tiles_of(len(self.entries)):
            files[tile.path] = tiles[tile.level, tile.number]
        for part in bundles_of(len(self.entries)):
            start = part.number * WIDTH
            files[part.path] = encode_bundle(self.entries[start : start + part.width])
        return files


def record_fields(version: int, position: int, /, **changes: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "service": "bidding",
        "position": position,
        "stream": "project-2026-001",
        "version": version,
        "id": f"event-{version}",
        "type": "bidding.tender_announced.v1" if version == 1 else "bidding.question_answered.v1",
        "at": "2026-11-22T01:00:00.000000Z",
        "received_at": "2026-11-22T01:00:00.000000Z",
        "actor": "agency-7",
        "command_id": f"command-{version}",
        "command_digest": None,
        "cause": None,
        "rulebook": digest(RULEBOOK),
        "data": {"title": "市政道路工程", "number": version},
        "salt": sha256(b"salt %d" % version).hexdigest(),
        **changes,
    }


def record(version: int, position: int, /, **changes: Any) -> bytes:
    return canonical.encode(record_fields(version, position, **changes))


def command(version: int) -> bytes:
    return canonical.encode({"id": f"command-{version}", "type": "announce_tender"})


def positions(count: int) -> list[int]:
    """Other procedures' records lie between: every third position is this stream's."""
    return [3 * version - 1 for version in range(1, count + 1)]


def records(count: int) -> list[bytes]:
    """Return a stream in which every odd version begins a decision and the next is of the same one."""
    return [
        record(version, position, command_digest=digest(command(version)) if version % 2 else None)
        for version, position in enumerate(positions(count), start=1)
    ]


def ledger(stream: Sequence[bytes], key: bytes = KEY) -> Log:
    """Return a log that holds this stream's leaves among others."""
    log = Log()
    for position in range(1, 3 * len(stream) + 3):
        version, rest = divmod(position + 1, 3)
        if rest == 0 and version <= len(stream):
            fields = canonical.decode_object(stream[version - 1])
            leaf = leaf_of("bidding", fields["position"], key, version, stream[version - 1])
        else:
            leaf = leaf_of("bidding", position, sha256(b"other").digest(), position, b"other %d" % position)
        log.entries.append(leaf.encode())
    return log


def evidence(
    stream: Sequence[bytes], log: Log, commands: Mapping[int, bytes] | None = None, **changes: Any
) -> Evidence:
    size, prover = len(log.entries), log.prover()
    indices = [position - 1 for position in positions(len(stream))]
    facts: dict[str, Any] = {
        "service": "bidding",
        "stream": "project-2026-001",
        "checkpoint": log.note(),
        "stream_key": KEY,
        "rulebook": RULEBOOK,
        "records": list(stream),
        "proofs": [(index, tuple(prover.inclusion(index, size))) for index in indices],
        "commands": commands or {},
    }
    return Evidence(**{**facts, **changes})


def commands(count: int) -> dict[int, bytes]:
    return {version: command(version) for version in range(1, count + 1, 2)}
