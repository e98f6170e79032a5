"""The documents of an offer, as a sealed price commits to them: names, sizes and digests, in their order."""

from collections.abc import Sequence

from shared.kernel.canonical import digest, encode
from shared.procedure.lot.values import Document


def digest_of(documents: Sequence[Document]) -> bytes:
    """Return the SHA-256 of the documents' canonical list."""
    return bytes.fromhex(digest(encode([one.model_dump(mode="json") for one in documents])))
