"""The container of an evidence bundle: one byte string, a plain zip to everyone."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger import bundle, stored_zip
from shared.ledger.errors import LedgerFault, Malformed
from tests.ledger.factories import commands, evidence, ledger, records

STREAM = records(5)
LOG = ledger(STREAM)
MADE = bundle.make(evidence(STREAM, LOG, commands(5)))


def test_a_bundle_is_a_plain_zip_that_any_program_opens() -> None:
    with zipfile.ZipFile(io.BytesIO(MADE)) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.read("records/000003.json") == STREAM[2]

    assert names[:4] == ["manifest.json", "checkpoint", "stream.key", "rulebook.json"]
    assert names[4:9] == [f"records/{version:06d}.json" for version in range(1, 6)]
    assert names[9:14] == [f"proofs/{version:06d}.txt" for version in range(1, 6)]
    assert names[14:] == [f"commands/{version:06d}.json" for version in (1, 3, 5)]


def test_the_same_evidence_makes_the_same_bytes() -> None:
    assert bundle.make(evidence(STREAM, LOG, commands(5))) == MADE


def test_a_bundle_reads_back() -> None:
    members = bundle.read(MADE)

    assert list(bundle.numbered(members, "records").values()) == STREAM
    assert bundle.numbered(members, "commands") == commands(5)
    assert bundle.decode_proof(members["proofs/000002.txt"])[0] == 4


@given(st.dictionaries(st.text("abc/._", min_size=1, max_size=9), st.binary(max_size=40), max_size=5))
def test_any_files_read_back_in_their_order(files: dict[str, bytes]) -> None:
    packed = stored_zip.pack(files)

    assert list(stored_zip.unpack(packed).items()) == list(files.items())


@given(st.binary(max_size=200))
def test_whatever_comes_in_only_ledger_faults_come_out(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", MADE[:30]):
        with pytest.raises(LedgerFault):
            stored_zip.unpack(start + data)


def written_by(change: dict[str, object]) -> bytes:
    """Return the same members as another program would write them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        for name, data in bundle.read(MADE).items():
            info = zipfile.ZipInfo(name)
            for field, value in change.items():
                setattr(info, field, value)
            other.writestr(info, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"compress_type": zipfile.ZIP_DEFLATED},
        {"date_time": (2026, 11, 22, 0, 0, 0)},
        {"extra": b"\x01\x00\x00\x00"},
        {"comment": b"sealed"},
    ],
)
def test_other_programs_zips_of_the_same_files_are_not_canonical(change: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        bundle.read(written_by(change))


@pytest.mark.parametrize("around", [(b"", b"\0"), (b"\0", b""), (b"", b"PK\x05\x06" + bytes(18))])
def test_nothing_stands_before_or_after_the_zip(around: tuple[bytes, bytes]) -> None:
    with pytest.raises(Malformed):
        bundle.read(around[0] + MADE + around[1])


def test_the_first_differing_byte_is_named() -> None:
    changed = MADE[:1000] + bytes([MADE[1000] ^ 1]) + MADE[1001:]

    with pytest.raises(Malformed, match="differs at byte"):
        bundle.read(changed)


def renamed(old: str, new: str) -> dict[str, bytes]:
    return {new if name == old else name: data for name, data in bundle.read(MADE).items()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stream.key", "stream.pem"),
        ("records/000002.json", "records/2.json"),
        ("records/000002.json", "records/000000.json"),
        ("records/000002.json", "records/000002.txt"),
        ("proofs/000002.txt", "proofs/000002.json"),
        ("commands/000005.json", "readme.txt"),
        ("records/000002.json", "records/000009.json"),
        ("commands/000005.json", "commands/000002.json"),
    ],
)
def test_other_names_and_orders_are_not_canonical(old: str, new: str) -> None:
    with pytest.raises(Malformed):
        bundle.read(stored_zip.pack(renamed(old, new)))


def test_every_head_member_is_needed() -> None:
    for name in bundle.HEAD:
        members = {other: data for other, data in bundle.read(MADE).items() if other != name}

        with pytest.raises(Malformed):
            bundle.read(stored_zip.pack(members))


def test_one_name_stands_once() -> None:
    with pytest.raises(Malformed):
        stored_zip.unpack(stored_zip.pack({"a": b"1", "b": b"2"}).replace(b"b", b"a"))


@pytest.mark.parametrize(
    "data", [b"", b"1", b"01\n", b"1\n\n", b"1\r\n", b"-1\n", b"1\nAAAA\n", b"1\n" + b"A" * 43 + b"=", b"\xff\n"]
)
def test_other_spellings_of_a_proof_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        bundle.decode_proof(data)


@pytest.mark.parametrize("data", [b"", b"ab" * 32, b"AB" * 32 + b"\n", b"ab" * 31 + b"\n", b"ab" * 32 + b"\n\n"])
def test_other_spellings_of_a_stream_key_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        bundle.decode_stream_key(data)


def test_evidence_that_makes_no_bundle_is_refused() -> None:
    whole = evidence(STREAM, LOG)

    changes: list[dict[str, Any]] = [
        {"records": []},
        {"proofs": whole.proofs[1:]},
        {"stream_key": b"short"},
        {"checkpoint": b"no note"},
    ]
    for change in changes:
        with pytest.raises(Malformed):
            bundle.make(evidence(STREAM, LOG, **change))
    with pytest.raises(Malformed):
        bundle.make(evidence(STREAM, LOG, {1_000_000: b"{}"}))
