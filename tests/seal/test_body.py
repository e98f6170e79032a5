"""The body: what it says, in constant memory, and what is wrong with it, named."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Callable

import pytest
from cryptography.cobblestone import Cobblestone128Encryptor
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.seal.body import Body, DocumentChanged, Opened, open_body, seal_body, sealed_size
from shared.seal.container import head, read_container
from shared.seal.faults import Code, NotOpenable, Whose
from shared.seal.statement import Document, Statement, plaintext_size, span
from shared.seal.walk import STEP
from shared.seal.wire import SealError
from tests.seal.world import FILES, document, offer, statement, streams

KEY = bytes(range(16))


def opened(ciphertext: bytes, body: Body, expected: Statement, key: bytes = KEY) -> tuple[Opened, bytes]:
    sink = io.BytesIO()
    return open_body(io.BytesIO(ciphertext), sink, key, expected, body), sink.getvalue()


def sealed(said: Statement, files: dict[str, bytes] | None = None) -> tuple[bytes, Body]:
    sink = io.BytesIO()
    body = seal_body(said, streams(files), KEY, sink)
    return sink.getvalue(), body


def crooked(plaintext: bytes, said: Statement, key: bytes = KEY) -> tuple[bytes, Body]:
    """Return a ciphertext that a bidder with a client of its own makes: any plaintext, rightly described."""
    encryptor = Cobblestone128Encryptor(key, said.context)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return ciphertext, Body(size=len(ciphertext), sha256=hashlib.sha256(ciphertext).hexdigest())


def fault_of(act: Callable[[], object]) -> tuple[Code, Whose]:
    with pytest.raises(NotOpenable) as caught:
        act()
    return caught.value.fault.code, caught.value.fault.whose


def test_a_body_opens_to_what_was_sealed() -> None:
    said = statement()

    ciphertext, body = sealed(said)
    result, plaintext = opened(ciphertext, body, said)

    assert result == Opened(said, said.digest(), len(plaintext), documents_checked=True)
    assert plaintext == head(said) + b"".join(FILES.values())
    assert body == Body(size=len(ciphertext), sha256=hashlib.sha256(ciphertext).hexdigest())
    for name, content in FILES.items():
        offset, size = span(said, name)
        assert plaintext[offset : offset + size] == content


def test_the_size_of_a_ciphertext_is_known_beforehand() -> None:
    for size in (0, 1, 16_383, 16_384, 16_385, STEP, 100_000):
        said = statement(documents=(document("a", bytes(size)),))

        ciphertext, _ = sealed(said, {"a": bytes(size)})

        assert len(ciphertext) == sealed_size(plaintext_size(said))


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.binary(max_size=40_000), max_size=4))
def test_any_documents_come_back(contents: list[bytes]) -> None:
    files = {f"file-{number}": content for number, content in enumerate(contents)}
    said = statement(documents=tuple(document(name, content) for name, content in files.items()))

    result, plaintext = opened(*sealed(said, files), said)

    assert result.statement == said
    assert plaintext.endswith(b"".join(contents))


def test_a_thousand_empty_documents_are_no_deep_matter() -> None:
    files = {f"file-{number}": b"" for number in range(1000)}
    said = statement(documents=tuple(document(name, b"") for name in files))

    result, _ = opened(*sealed(said, files), said)

    assert len(result.statement.documents) == 1000


def test_a_document_that_changed_since_it_was_signed_is_not_sealed() -> None:
    said = statement()

    for files in (FILES | {"drawing.bin": b"other"}, FILES | {"空.txt": b"no longer empty"}):
        with pytest.raises(DocumentChanged):
            seal_body(said, streams(files), KEY, io.BytesIO())
    with pytest.raises(ValueError, match="zip"):
        seal_body(said, streams()[:-1], KEY, io.BytesIO())


def test_a_statement_whose_signature_does_not_hold_is_not_sealed() -> None:
    said = statement().model_copy(update={"price_fen": 1})

    with pytest.raises(SealError, match="signature"):
        seal_body(said, streams(), KEY, io.BytesIO())


@pytest.mark.parametrize(
    ("plaintext", "code"),
    [
        (b"", Code.CONTAINER_TRUNCATED),
        (b"\0\0", Code.CONTAINER_TRUNCATED),
        (b"\0\0\0\0", Code.STATEMENT_INVALID),
        (b"\xff\xff\xff\xff", Code.STATEMENT_INVALID),
        (b"\0\0\0\x05{", Code.CONTAINER_TRUNCATED),
        (b"\0\0\0\x02{}", Code.STATEMENT_INVALID),
        (head(statement())[:-1], Code.CONTAINER_TRUNCATED),
        (head(statement()), Code.CONTAINER_TRUNCATED),
        (head(statement()) + b"".join(FILES.values())[:-1], Code.CONTAINER_TRUNCATED),
        (head(statement()) + b"".join(FILES.values()) + b"!", Code.CONTAINER_EXTRA),
        (head(statement()) + bytes(sum(map(len, FILES.values()))), Code.DOCUMENT_MISMATCH),
    ],
)
def test_a_crooked_plaintext_is_named_and_is_the_bidders_fault(plaintext: bytes, code: Code) -> None:
    said = statement()

    assert fault_of(lambda: opened(*crooked(plaintext, said), said)) == (code, Whose.BIDDER)


def test_an_empty_document_with_the_digest_of_another_is_a_mismatch() -> None:
    said = statement(documents=(Document(name="a", size=0, sha256="0" * 64),))

    assert fault_of(lambda: opened(*crooked(head(said), said), said))[0] is Code.DOCUMENT_MISMATCH


@pytest.mark.parametrize("name", ["tender", "lot", "bid", "token"])
def test_a_statement_for_something_else_is_named(name: str) -> None:
    said = statement()
    other = statement(**{name: "another"})

    with pytest.raises(NotOpenable) as caught:
        opened(*crooked(head(other), said), said)

    assert caught.value.fault.code is Code.STATEMENT_OF_ANOTHER
    assert caught.value.fault.detail == name


def test_a_statement_altered_after_its_signature_is_named() -> None:
    forged = statement().model_copy(update={"price_fen": 1})

    assert fault_of(lambda: opened(*crooked(head(forged), forged), forged))[0] is Code.PARTY_SIGNATURE_BAD


def test_a_statement_in_another_spelling_is_invalid() -> None:
    said = statement()
    spaced = said.to_bytes().replace(b'"v":1', b'"v": 1')

    plaintext = len(spaced).to_bytes(4) + spaced

    assert fault_of(lambda: opened(*crooked(plaintext, said), said))[0] is Code.STATEMENT_INVALID


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", ".", "..", "", " a", "a\n", "a\u202eb", "a\0", "x" * 201])
def test_a_file_name_that_leaves_its_folder_or_lies_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        document(name, b"")


@pytest.mark.parametrize(
    "changes",
    [
        {"price_fen": 0},
        {"price_fen": -1},
        {"price_fen": 1.5},
        {"price_fen": True},
        {"days": -1},
        {"documents": (document("a", b""), document("a", b""))},
        {"lot": "a|b"},
        {"unknown": 1},
        {"currency": "USD"},
    ],
)
def test_an_offer_outside_the_form_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        offer(**changes)


def test_documents_can_be_compared_later() -> None:
    said = statement()
    wrong = head(said) + bytes(sum(map(len, FILES.values())))
    ciphertext, body = crooked(wrong, said)
    sink = io.BytesIO()

    result = open_body(io.BytesIO(ciphertext), sink, KEY, said, body, documents_later=True)

    assert not result.documents_checked
    sink.seek(0)
    assert fault_of(lambda: read_container(sink, said))[0] is Code.DOCUMENT_MISMATCH


LARGE = """
import hashlib, resource, sys
from shared.seal.body import open_body, seal_body
from tests.seal.world import statement
from shared.seal.statement import Document

SIZE, STEP = int(sys.argv[1]) << 20, 1 << 20
DIGEST = hashlib.sha256()
for _ in range(SIZE // STEP):
    DIGEST.update(bytes(STEP))

class Zeros:
    left = SIZE
    def readinto(self, view):
        taken = min(self.left, len(view)); self.left -= taken; view[:taken] = bytes(taken)
        return taken

class Hole:
    size = 0
    def write(self, data): self.size += len(data); return len(data)

said = statement(documents=(Document(name="zeros", size=SIZE, sha256=DIGEST.hexdigest()),))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[2], "wb") as sink:
    body = seal_body(said, [Zeros()], bytes(16), sink)
hole = Hole()
with open(sys.argv[2], "rb") as source:
    open_body(source, hole, bytes(16), said, body)
assert hole.size > SIZE
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_two_hundred_mib_pass_in_a_few_mib_of_memory(tmp_path: object) -> None:
    command = [sys.executable, "-c", LARGE, "200", f"{tmp_path}/body"]

    grown_kib = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert grown_kib < 16 * 1024
