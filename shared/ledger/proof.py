"""The offline receipt 回执: an entry's inclusion proof with its checkpoint in one file (c2sp.org/tlog-proof)."""

from dataclasses import dataclass

from shared.ledger.errors import BadProof, Malformed
from shared.ledger.merkle import verify_inclusion
from shared.ledger.policy import Policy, Witnessed
from shared.ledger.text import decode_base64, decode_decimal, decode_hash, decode_utf8, encode_base64

_HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands in a log, and what shows it: `proof` from the leaf up, `checkpoint` a signed note.

    `extra` is carried along and vouched for by nobody.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return the file's bytes."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines += [f"index {self.index}", *map(encode_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    def verify(self, leaf: bytes, policy: Policy) -> Witnessed:
        """Return the checkpoint if it meets the policy and includes the leaf hash; else raise LedgerFault."""
        witnessed = policy.check(self.checkpoint)
        head = witnessed.checkpoint
        if not verify_inclusion(self.index, head.size, leaf, self.proof, head.root):
            raise BadProof(f"the entry is not shown to be leaf {self.index} of {head.size}")
        return witnessed


def parse_receipt(data: bytes) -> Receipt:
    """Return the receipt that a file spells. Raise Malformed; the checkpoint is not looked into here."""
    head, separator, rest = data.partition(b"\n\n")
    header, *lines = decode_utf8(head).split("\n")
    if not separator or header != _HEADER or not lines:
        raise Malformed(f"a receipt begins with {_HEADER}, an index and hashes, and an empty line")
    extra = decode_base64(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index ") or len(lines) > 1 + MAX_HASHES:
        raise Malformed(f"a receipt has an index line and at most {MAX_HASHES} hashes")
    return Receipt(
        decode_decimal(lines[0].removeprefix("index ")),
        tuple(decode_hash(line) for line in lines[1:]),
        rest,
        extra,
    )
