"""The plaintext of a body: u32 big-endian length, statement in canonical JSON, then the documents' bytes."""

from shared.seal.faults import Code, NotOpenable
from shared.seal.statement import Statement, signature_holds
from shared.seal.walk import LENGTH, MAX_STATEMENT, Plain, Plaintext, Source, steps
from shared.seal.wire import BidIds, SealError, Unreadable


def head(statement: Statement) -> bytes:
    """Return the length and the statement, as they stand before the documents."""
    encoded = statement.to_bytes()
    if len(encoded) > MAX_STATEMENT:
        raise SealError(f"the statement has more than {MAX_STATEMENT} bytes")
    return len(encoded).to_bytes(LENGTH) + encoded


def judge(plain: Plain, expected: BidIds, *, digests: bool = True) -> Statement:
    """Return the statement of a plaintext. Raise NotOpenable for the first thing that is wrong with it, as it stands.

    With `digests` off the documents' digests are still to be compared, and `read_container` does it later.
    """
    statement = read_statement(_statement_of(plain), expected)
    for document, digest in zip(statement.documents, plain.documents, strict=False):  # up to where it ended
        if digests and digest != document.sha256:
            raise NotOpenable(Code.DOCUMENT_MISMATCH, detail=document.name)
    if plain.end == "undecryptable":
        raise NotOpenable(Code.BODY_UNDECRYPTABLE)
    if plain.end == "extra":
        raise NotOpenable(Code.CONTAINER_EXTRA)
    if plain.end == "truncated" or len(plain.documents) != len(statement.documents):
        raise NotOpenable(Code.CONTAINER_TRUNCATED)
    return statement


def _statement_of(plain: Plain) -> bytes:
    size = int.from_bytes(plain.head[:LENGTH])
    if len(plain.head) >= LENGTH and not 0 < size <= MAX_STATEMENT:
        raise NotOpenable(Code.STATEMENT_INVALID, detail="length")
    if len(plain.head) < LENGTH + max(size, 1):
        raise NotOpenable(Code.BODY_UNDECRYPTABLE if plain.end == "undecryptable" else Code.CONTAINER_TRUNCATED)
    return plain.head[LENGTH:]


def read_statement(data: bytes, expected: BidIds) -> Statement:
    """Return the statement in `data`. Raise NotOpenable unless it is well-formed, signed, and for `expected`."""
    try:
        statement = Statement.from_bytes(data)
    except Unreadable as error:
        raise NotOpenable(Code.STATEMENT_INVALID) from error
    differing = [name for name in BidIds.model_fields if getattr(statement, name) != getattr(expected, name)]
    if differing:
        raise NotOpenable(Code.STATEMENT_OF_ANOTHER, detail=", ".join(differing))
    if not signature_holds(statement):
        raise NotOpenable(Code.PARTY_SIGNATURE_BAD)
    return statement


def read_container(source: Source, expected: BidIds) -> Statement:
    """Return the statement of a whole plaintext, every document's digest checked. Raise NotOpenable."""
    plaintext = Plaintext()
    for piece in steps(source):
        plaintext.feed(piece)
    return judge(plaintext.seen(), expected)
