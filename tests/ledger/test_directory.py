"""A whole log verified from its files: ours, a foreign one, and every kind of damage at its own step."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.directory import check_stream, entries, folder, leaves, prover, signed_by, verify_log
from shared.ledger.errors import BadProof, Malformed
from shared.ledger.keys import ED25519, Signer
from shared.ledger.leaf import Leaf, digest, tag
from tests.ledger import naive
from tests.ledger.factories import KEY, LOG, ORIGIN, STRANGER, Log, ledger, records

SIZE = 66_000
FOREIGN = Log([b"%x" % number * (number % 7) for number in range(SIZE)])  # entries of any bytes, empty ones too
FILES = FOREIGN.files()
TRUST = signed_by(LOG.verifier.vkey)

Files = dict[str, bytes]


def failing(files: Files) -> str:
    return verify_log(files.get, TRUST).overall


def test_a_log_of_any_entries_is_verified_from_memory() -> None:
    report = verify_log(FILES.get, TRUST)

    assert report.overall == "verified"
    assert [step.number for step in report.steps] == [1, 2, 3, 4, 5]
    assert report.checkpoint is not None
    assert report.checkpoint.size == SIZE


def test_a_log_written_by_the_specification_alone_is_verified_from_its_folder(tmp_path: Path) -> None:
    raw = [b"line %d\n" % number for number in range(300)]
    hashes = [sha256(b"\0" + entry).digest() for entry in raw]
    signer = Signer("other.example/log", ED25519, bytes([7]) * 32)
    text = Checkpoint("other.example/log", 300, naive.mth(hashes)).text
    files = {
        "checkpoint": note.sign(text, [signer]),
        "tile/0/000": b"".join(hashes[:256]),
        "tile/0/001.p/44": b"".join(hashes[256:]),
        "tile/1/000.p/1": naive.mth(hashes[:256]),
        "tile/entries/000": b"".join(len(entry).to_bytes(2, "big") + entry for entry in raw[:256]),
        "tile/entries/001.p/44": b"".join(len(entry).to_bytes(2, "big") + entry for entry in raw[256:]),
    }
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)

    report = verify_log(folder(tmp_path), signed_by(signer.verifier.vkey))

    assert report.overall == "verified"
    assert list(entries(folder(tmp_path), 300)) == raw


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_logs_of_every_shape_are_verified(size: int) -> None:
    assert failing(Log([b"entry %d" % number for number in range(size)]).files()) == "verified"


def test_full_files_may_stand_for_the_partial_ones_they_replaced() -> None:
    grown, at_300 = Log([b"%d" % number for number in range(512)]), Log([b"%d" % number for number in range(300)])
    files = grown.files() | {"checkpoint": at_300.note()}
    del files["tile/1/000.p/2"]

    assert failing(files | {"tile/1/000.p/1": at_300.files()["tile/1/000.p/1"]}) == "verified"


def test_an_origin_that_is_not_the_keys_name_must_be_asked_for() -> None:
    files = {"checkpoint": checkpoint.sign(Checkpoint("go.sum database tree", 0, Log().root()), LOG)}

    assert failing(files) == "failed at step 1"
    assert verify_log(files.get, signed_by(LOG.verifier.vkey, "go.sum database tree")).overall == "verified"


def flip(path: str, at: int = -1) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        data = bytearray(files[path])
        data[at] ^= 1
        return files | {path: bytes(data)}

    return change


def drop(path: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if name != path}


def cut(path: str, by: int) -> Callable[[Files], Files]:
    return lambda files: files | {path: files[path][:-by]}


@pytest.mark.parametrize(
    ("damage", "step"),
    [
        (drop("checkpoint"), 1),
        (flip("checkpoint", 0), 1),
        (lambda files: files | {"checkpoint": FOREIGN.note(signer=STRANGER)}, 1),
        (drop("tile/0/000"), 2),
        (drop("tile/0/257.p/208"), 2),
        (drop("tile/1/000"), 2),
        (drop("tile/2/000.p/1"), 2),
        (drop("tile/entries/100"), 2),
        (cut("tile/0/005", 32), 2),
        (cut("tile/0/257.p/208", 1), 2),
        (cut("tile/entries/003", 1), 2),
        (lambda files: files | {"tile/entries/003": files["tile/entries/003"] + b"\0\0"}, 2),
        (flip("tile/entries/003"), 3),
        (flip("tile/entries/257.p/208"), 3),
        (flip("tile/0/003"), 3),
        (flip("tile/0/257.p/208", 0), 3),
        (flip("tile/1/000", 77), 4),
        (flip("tile/1/001.p/1"), 4),
        (flip("tile/2/000.p/1"), 4),
        (lambda files: files | {"checkpoint": checkpoint.sign(Checkpoint(ORIGIN, SIZE, bytes(32)), LOG)}, 5),
    ],
)
def test_each_damage_is_named_at_its_step(damage: Callable[[Files], Files], step: int) -> None:
    report = verify_log(damage(FILES).get, TRUST)

    assert report.overall == f"failed at step {step}"
    assert [found.ok for found in report.steps] == [True] * (step - 1) + [False] + [None] * (5 - step)


def test_an_entry_and_its_hash_changed_together_are_found_one_level_up() -> None:
    entries_too = FOREIGN.entries[:300]
    changed = Log([*entries_too[:9], b"forged", *entries_too[10:]]).files()
    honest = Log(entries_too).files()
    both = honest | {path: changed[path] for path in ("tile/0/000", "tile/entries/000")}

    assert failing(both) == "failed at step 4"
    assert failing(both | {"tile/1/000.p/1": changed["tile/1/000.p/1"]}) == "failed at step 5"


def test_proofs_and_roots_come_from_the_files() -> None:
    read = prover(FILES.get, SIZE)

    assert read.root(SIZE) == FOREIGN.root()
    assert read.root(1_000) == FOREIGN.root(1_000)


def test_a_complete_stream_is_found_complete() -> None:
    log = ledger(records(5))

    check_stream(leaves(log.files().get, len(log.entries)), KEY, 5)


@pytest.mark.parametrize("count", [4, 6])
def test_a_hidden_last_version_and_a_lost_one_are_found(count: int) -> None:
    log = ledger(records(5))

    with pytest.raises(BadProof) as found:
        check_stream(leaves(log.files().get, len(log.entries)), KEY, count)

    assert f"version {max(count, 5)}" in str(found.value) or "version 6" in str(found.value)
    assert "版" in found.value.zh


def test_a_second_version_of_the_same_number_is_found() -> None:
    log = ledger(records(5))
    log.entries.append(Leaf("bidding", 99, tag(KEY, 3), digest(b"a second truth")).encode())

    with pytest.raises(BadProof, match="version 3 stands in the log 2 times"):
        check_stream(leaves(log.files().get, len(log.entries)), KEY, 5)


def test_an_entry_that_is_no_leaf_is_not_passed_over() -> None:
    with pytest.raises(Malformed):
        list(leaves(Log([b"something else"]).files().get, 1))
