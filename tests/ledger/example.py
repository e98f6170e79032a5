"""The worked example of docs/ledger.md, made from fixed keys: `python -m tests.ledger.example` writes its files."""

from hashlib import sha256
from pathlib import Path

from shared.ledger import bundle, canonical, checkpoint
from shared.ledger.bundle import Evidence
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.leaf import digest, leaf_of, tag
from shared.ledger.merkle import node_hash
from shared.ledger.proof import Receipt
from tests.ledger.factories import KEY, LOG, ORIGIN, TIME, WITNESSES, Log

FOLDER = Path(__file__).parent / "example"
PAGE = Path(__file__).parent.parent.parent / "docs" / "ledger.md"

RULEBOOK = canonical.encode({"line": "bidding", "v": 1})
COMMAND = canonical.encode({"announce": "市政道路工程", "id": "command-1"})
OTHER = leaf_of("land", 7, bytes(32), 1, b"a record of another procedure")
WITNESS = WITNESSES[0]


def record(version: int, kind: str, data: dict[str, str], command_digest: str | None) -> bytes:
    return canonical.encode(
        {
            "v": 1,
            "service": "bidding",
            "position": 40 + version,
            "stream": "example-1",
            "version": version,
            "id": f"event-{version}",
            "type": kind,
            "at": f"2026-11-2{version}T01:00:00.000000Z",
            "received_at": f"2026-11-2{version}T01:00:00.000000Z",
            "actor": "agency-7",
            "command_id": "command-1" if command_digest else None,
            "command_digest": command_digest,
            "cause": None,
            "rulebook": digest(RULEBOOK),
            "data": data,
            "salt": sha256(b"salt %d" % version).hexdigest(),
        }
    )


RECORDS = [
    record(1, "bidding.tender_announced.v1", {"title": "市政道路工程"}, digest(COMMAND)),
    record(2, "bidding.tender_failed.v1", {"cite": "招标投标法 第二十八条"}, None),
]
LEAVES = [leaf_of("bidding", 40 + version, KEY, version, data) for version, data in enumerate(RECORDS, start=1)]
LEDGER = Log([OTHER.encode(), *(leaf.encode() for leaf in LEAVES)])
HEAD = Checkpoint(ORIGIN, 3, LEDGER.root())
SIGNED = checkpoint.sign(HEAD, LOG)
NOTE = checkpoint.with_cosignatures(SIGNED, [checkpoint.cosign(SIGNED, WITNESS, TIME)])
PROOFS = [(index, tuple(LEDGER.prover().inclusion(index, 3))) for index in (1, 2)]
POLICY = f"log {LOG.verifier.vkey}\nwitness office {WITNESS.verifier.vkey}\nquorum office\n"
BUNDLE = bundle.make(Evidence("bidding", "example-1", NOTE, KEY, RULEBOOK, RECORDS, PROOFS, {1: COMMAND}))


def shown() -> dict[str, str]:
    """Return every value that the page shows, by the name of its block."""
    members = bundle.read(BUNDLE)
    hashes = LEDGER.hashes
    return {
        "stream-key": KEY.hex(),
        "tags": "\n".join(tag(KEY, version) for version in (1, 2, 3)),
        "record": RECORDS[0].decode(),
        "digest": digest(RECORDS[0]),
        "entries": b"\n".join(LEDGER.entries).decode(),
        "hashes": "\n".join(node.hex() for node in [*hashes, node_hash(hashes[0], hashes[1]), HEAD.root]),
        "checkpoint": NOTE.decode().removesuffix("\n"),
        "cosigned": f"cosignature/v1\ntime {TIME}\n{HEAD.text}".removesuffix("\n"),
        "policy": POLICY.removesuffix("\n"),
        "proof": members["proofs/000001.txt"].decode().removesuffix("\n"),
        "manifest": members["manifest.json"].decode(),
        "members": "\n".join(f"{len(data):>5}  {digest(data)[:16]}  {name}" for name, data in members.items()),
        "bundle": f"{len(BUNDLE)} bytes, SHA-256 {digest(BUNDLE)}",
        "receipt": Receipt(1, PROOFS[0][1], NOTE).encode().decode().removesuffix("\n"),
    }


def files() -> dict[str, bytes]:
    """Return the example's files by their path in its folder."""
    log = LEDGER.files() | {"checkpoint": NOTE}
    receipt = Receipt(1, PROOFS[0][1], NOTE).encode()
    return {
        "bundle.zip": BUNDLE,
        "policy": POLICY.encode(),
        "receipt.tlog-proof": receipt,
        **{f"log/{path}": data for path, data in log.items()},
    }


def main() -> None:
    """Write the example's files, and the page's blocks anew."""
    for path, data in files().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_bytes(data)
    page = PAGE.read_text("utf-8")
    for name, text in shown().items():
        start = page.index(f"```text {name}\n") + len(f"```text {name}\n")
        page = page[:start] + text + page[page.index("\n```", start - 1) :]
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
