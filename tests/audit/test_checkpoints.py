"""Checkpoints are signed on a beat, follow one another, and lie with all they need where everyone can verify them."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from services.audit.announcing import WITNESSED
from shared.kernel.canonical import decode
from shared.ledger.checkpoint import parse
from shared.ledger.directory import folder, prover
from shared.ledger.errors import BadProof
from shared.ledger.keys import ED25519, Signer
from shared.ledger.merkle import verify_consistency
from shared.ledger.note import open_note
from shared.messaging.heads import HEADS, read_heads
from shared.store import ledger_checkpoints as checkpoints
from shared.store.database import Database
from shared.store.ledger_read import Stored
from tests.audit.house import LOG, ORIGIN, House
from tests.audit.journal import Journal


def news(house: House) -> list[bytes]:
    return [body for key, _, body in house.voice.told if key == WITNESSED]


def test_what_was_taken_in_is_published_and_verifies(house: House) -> None:
    house.take(Journal().several(600))

    house.second()

    report = house.verified()
    assert report.overall == "verified"
    assert report.checkpoint is not None
    assert (report.checkpoint.origin, report.checkpoint.size) == (ORIGIN, 600)


def test_the_directory_verifies_after_every_second(house: House) -> None:
    journal = Journal()
    for count in (1, 254, 1, 1, 255, 300, 0, 700):
        house.take(journal.several(count))
        house.second()

        report = house.verified()
        assert report.overall == "verified", report
        assert report.checkpoint is not None
        assert report.checkpoint.size == journal.position


def test_every_two_checkpoints_are_consistent(house: House) -> None:
    journal, notes = Journal(), []
    for count in (1, 7, 248, 1, 300, 90):
        house.take(journal.several(count))
        house.second()
        notes.append(parse(open_note(house.note, [LOG.verifier]).encode()))

    tree = prover(folder(house.data / "ledger"), notes[-1].size)
    for number, new in enumerate(notes):
        for old in notes[:number]:
            proof = tree.consistency(old.size, new.size)
            assert verify_consistency(old.size, new.size, proof, old.root, new.root)


def test_nothing_is_signed_while_nothing_comes(house: House) -> None:
    house.second()
    assert house.publication.last() is None

    house.take(Journal().several(3))
    house.second()
    first = house.note
    house.second()

    assert house.note == first
    assert sealed_sizes(house) == [3]


def test_one_checkpoint_a_second_is_signed_at_most(house: House) -> None:
    journal = Journal()
    for _ in range(20):
        house.take(journal.several(2))
        house.time.seconds += 0.2
        house.sealer.beat()

    assert len(sealed_sizes(house)) == 4


def test_a_restart_signs_nothing_new(house: House) -> None:
    house.take(Journal().several(300))
    house.second()
    before = house.note

    house.restart()
    house.second()

    assert house.note == before
    assert sealed_sizes(house) == [300]
    assert house.verified().overall == "verified"


def test_a_lost_directory_is_published_again(house: House) -> None:
    journal = Journal()
    house.take(journal.several(700))
    house.second()
    shutil.rmtree(house.data / "ledger")

    house.restart()
    house.second()

    assert house.verified().overall == "verified"


def test_partial_tiles_go_when_the_full_one_is_there(house: House) -> None:
    journal = Journal()
    for count in (100, 100, 100):
        house.take(journal.several(count))
        house.second()

    files = {
        str(path.relative_to(house.data / "ledger")) for path in (house.data / "ledger").rglob("*") if path.is_file()
    }
    assert files == {
        "checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44",
    }  # fmt: skip


def test_the_news_says_what_is_covered_and_is_told_again(house: House) -> None:
    house.take([*Journal().several(4), *Journal("bank", seed=2).several(2)])

    for _ in range(12):
        house.second()

    assert len(news(house)) == 3
    (body,) = set(news(house))
    said = decode(body)
    assert said["heads"] == {"till": 4, "bank": 2}
    assert (said["origin"], said["size"], said["witnesses"]) == (ORIGIN, 6, [])


def test_what_the_ledger_holds_is_told_every_second_even_before_a_checkpoint(house: House) -> None:
    house.take([*Journal().several(4), *Journal("bank", seed=2).several(2)])

    house.teller.beat()
    for _ in range(5):
        house.second()

    heads = [(kind, read_heads(body)) for key, kind, body in house.voice.told if key == HEADS]
    assert heads == [("heads", {"till": 4, "bank": 2})] * 6


def test_what_is_missing_is_asked_of_its_service(house: House) -> None:
    told = Journal().several(9)
    house.take([told[0], *told[5:]])

    house.second()

    assert house.voice.called == [("till_views", "resend", {"first": 2, "last": 5})]


def test_a_ledger_restored_from_a_backup_signs_nothing(tmp_path: Path) -> None:
    journal = Journal()
    first = Database(f"sqlite:///{tmp_path / 'audit.db'}")
    house = House(tmp_path, first)
    house.take(journal.several(5))
    house.second()
    first.close()
    shutil.copy(tmp_path / "audit.db", tmp_path / "backup.db")
    house = House(tmp_path, Database(f"sqlite:///{tmp_path / 'audit.db'}"))
    house.take(journal.several(5))
    house.second()
    before = house.note
    house.database.close()

    restored = House(tmp_path, Database(f"sqlite:///{tmp_path / 'backup.db'}"))
    restored.second()
    found = restored.codes
    restored.take(Journal("bank", seed=3).several(6))
    restored.second()

    assert found == restored.codes == ["ledger_not_signed"]
    assert restored.note == before
    assert sealed_sizes(restored) == [5]
    restored.database.close()


@pytest.mark.parametrize(("swapped", "codes"), [(False, []), (True, ["ledger_not_signed"])])
def test_a_restored_ledger_is_signed_on_only_if_what_it_lacks_comes_in_the_order_that_it_had(
    tmp_path: Path, swapped: bool, codes: list[str]
) -> None:
    house = House(tmp_path, Database(f"sqlite:///{tmp_path / 'audit.db'}"))
    till, bank = Journal().several(3), Journal("bank", seed=3).several(2)
    house.take(till)
    house.take(bank)
    house.second()
    house.database.close()

    restored = House(tmp_path, Database(f"sqlite:///{tmp_path / 'older.db'}"))
    for told in (bank, till) if swapped else (till, bank):
        restored.take(told)
    restored.second()

    assert restored.codes == codes
    restored.database.close()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger_head SET size = size - 1",
        "UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 0) WHERE idx = 299",
        "DELETE FROM entry WHERE idx = 299",
        "DELETE FROM tile",
    ],
)
def test_a_tampered_database_is_not_signed(house: House, tampering: str) -> None:
    journal = Journal()
    house.take(journal.several(290))
    house.second()
    house.take(journal.several(10))
    tamper(house, tampering)

    house.second()

    assert house.codes == ["ledger_not_signed"]
    assert sealed_sizes(house) == [290]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE tile SET data = zeroblob(8192)",
        "UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 0) WHERE idx = 7",
        "DELETE FROM entry WHERE idx = 7",
    ],
)
def test_a_tampered_entry_or_tile_is_not_published(house: House, tampering: str) -> None:
    house.take(Journal().several(300))
    tamper(house, tampering)

    house.second()
    house.second()

    assert house.codes == ["ledger_not_published"]
    assert house.publication.last() is None
    assert news(house) == []


def test_a_ledger_begun_under_another_name_is_not_signed(house: House) -> None:
    journal = Journal()
    house.take(journal.several(3))
    house.second()
    before = house.note

    house.signer = Signer("other.example/1", ED25519, bytes(32))
    house.restart()
    house.take(journal.several(3))
    house.second()

    assert house.codes == ["ledger_not_signed"]
    assert house.note == before


def test_no_proof_is_made_from_a_tampered_tile(house: House) -> None:
    house.take(Journal().several(300))
    tamper(house, "UPDATE tile SET data = zeroblob(8192)")

    with house.database.read() as connection, pytest.raises(BadProof):
        Stored(connection).prover().inclusion(3, 300)


def tamper(house: House, statement: str) -> None:
    """Do what an administrator of the database can: take the triggers off and rewrite."""
    with house.database.write() as connection:
        for table in ("entry", "tile"):
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        connection.execute(text(statement))


def sealed_sizes(house: House) -> list[int]:
    with house.database.read() as connection:
        sizes = list(connection.execute(text("SELECT size FROM checkpoint ORDER BY size")).scalars())
        tree = Stored(connection).prover()
        for old, new in pairwise(sizes):
            assert tree.consistency(old, new)
        assert all(checkpoints.of_size(connection, size).note for size in sizes)
    return sizes
