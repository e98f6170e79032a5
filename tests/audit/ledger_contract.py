"""What the sequencer promises on every database: one set of cases, run on SQLite and on PostgreSQL."""

from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from shared.ledger.leaf import parse_leaf
from shared.ledger.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion
from shared.store.database import Database
from shared.store.ledger import BATCH, LedgerDamaged, OutOfOrder, Sequencer, Writing
from shared.store.ledger_entry import Entry
from shared.store.ledger_read import Stored, entry_at, head, of_stream, streams
from shared.store.ledger_tables import APPEND_ONLY, ledger_head, metadata
from shared.store.migrate import migrate
from tests.audit.journal import Journal, pairs


def sequencer(database: Database) -> Sequencer:
    migrate(database, views=metadata)
    return Sequencer(database)


def state(database: Database) -> tuple[int, bytes, dict[str, int]]:
    with database.read() as connection:
        return head(connection)


def root(database: Database) -> bytes:
    with database.read() as connection:
        size, _, _ = head(connection)
        return Stored(connection).prover().root(size)


class LedgerContract:
    """Inherited once per database."""

    @pytest.fixture
    def database(self) -> Any:
        raise NotImplementedError

    def test_an_empty_ledger_is_empty(self, database: Database) -> None:
        assert sequencer(database).append([]) == 0
        assert state(database) == (0, Frontier().to_bytes(), {})

    def test_what_is_appended_is_kept_byte_by_byte_in_its_order(self, database: Database) -> None:
        told = Journal().several(600)
        at = sequencer(database)

        for start in range(0, 600, BATCH):
            at.append(pairs(told[start : start + BATCH]))

        with database.read() as connection:
            found = [
                item for name, _ in streams(connection, "till", "", 9) for item in of_stream(connection, "till", name)
            ]
        assert [entry for _, entry in sorted(found, key=lambda item: item[0])] == [message.entry for message in told]
        assert state(database)[2] == {"till": 600}

    def test_bytes_that_are_hard_to_carry_come_back_as_they_went_in(self, database: Database) -> None:
        journal = Journal()
        hard = [r"\\n", "\\u0000", "中文，“引号”", "%s :idx ''", "𠀀"]
        records = []
        for value in hard:
            record, leaf = pairs([journal.put()])[0]
            records.append((record.replace(b'"ann"', f'"ann {value}"'.encode()), leaf))

        sequencer(database).append(records)

        with database.read() as connection:
            found = [entry_at(connection, "till", position) for position in range(1, 6)]
        assert [(item[1].record, item[1].leaf) for item in found if item] == records

    def test_what_it_has_is_skipped(self, database: Database) -> None:
        told = pairs(Journal().several(20))
        at = sequencer(database)
        at.append(told[:10])

        size = at.append([*told[5:], *told[3:12]])

        assert size == 20
        assert at.append(told) == 20

    def test_a_position_is_never_left_out(self, database: Database) -> None:
        told = pairs(Journal().several(10))
        at = sequencer(database)

        with pytest.raises(OutOfOrder):
            at.append([*told[:5], *told[6:]])

        assert at.append(told[:5]) == 5

    def test_services_are_numbered_each_by_its_own_journal(self, database: Database) -> None:
        till, bank = Journal(), Journal("bank", seed=2)

        sequencer(database).append(pairs([*till.several(3), *bank.several(2), *till.several(1)]))

        assert state(database)[2] == {"till": 4, "bank": 2}

    def test_the_root_is_that_of_the_leaves(self, database: Database) -> None:
        told = pairs(Journal().several(700))
        at = sequencer(database)
        frontier = Frontier()

        for start in range(0, 700, 100):
            at.append(told[start : start + 100])
            frontier.extend(leaf_hash(leaf) for _, leaf in told[start : start + 100])

            assert root(database) == frontier.root()
            assert state(database)[1] == frontier.to_bytes()

    def test_a_new_sequencer_goes_on_where_the_last_one_ended(self, database: Database) -> None:
        told = pairs(Journal().several(900))
        frontier = Frontier()
        frontier.extend(leaf_hash(leaf) for _, leaf in told)

        for start in range(0, 900, 130):
            sequencer(database).append(told[start : start + 130])

        assert root(database) == frontier.root()

    def test_two_sequencers_on_one_ledger_do_not_disturb_each_other(self, database: Database) -> None:
        told = pairs(Journal().several(600))
        one, other = sequencer(database), sequencer(database)

        for start in range(0, 600, 60):
            (one if start % 120 else other).append(told[: start + 60])

        assert state(database)[0] == 600
        sequencer(database).append([])

    def test_proofs_are_made_from_what_is_stored(self, database: Database) -> None:
        told = pairs(Journal().several(600))
        sequencer(database).append(told)

        with database.read() as connection:
            prover = Stored(connection).prover()
            for index in (0, 255, 256, 511, 512, 599):
                leaf = leaf_hash(told[index][1])
                assert verify_inclusion(index, 600, leaf, prover.inclusion(index, 600), prover.root(600))
            for old in (1, 255, 256, 257, 512, 599):
                proof = prover.consistency(old, 600)
                assert verify_consistency(old, 600, proof, prover.root(old), prover.root(600))

    def test_a_transaction_that_fails_leaves_nothing(self, database: Database) -> None:
        told = Journal().several(300)
        at = sequencer(database)
        at.append(pairs(told[:100]))

        with pytest.raises(OutOfOrder), at.open() as writing:
            self._append_twice(writing, [message.entry for message in told[100:]])

        assert at.append(pairs(told)) == 300
        sequencer(database).append([])

    def test_an_entry_is_found_by_position_and_by_stream(self, database: Database) -> None:
        told = Journal().several(50)
        sequencer(database).append(pairs(told))

        with database.read() as connection:
            found = entry_at(connection, "till", 17)
            of_t1 = of_stream(connection, "till", "t1")
            assert entry_at(connection, "till", 51) is None
            assert of_stream(connection, "till", "t9") == []

        assert found == (16, told[16].entry)
        assert [entry.version for _, entry in of_t1] == list(range(1, len(of_t1) + 1))
        assert all(parse_leaf(entry.leaf).position == entry.position for _, entry in of_t1)

    @pytest.mark.parametrize("table", APPEND_ONLY)
    @pytest.mark.parametrize("verb", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
    def test_the_database_refuses_to_rewrite_the_ledger(self, database: Database, table: str, verb: str) -> None:
        sequencer(database).append(pairs(Journal().several(256)))
        with database.write() as connection:
            self._one_of_each(connection)
        column = metadata.tables[table].columns.keys()[0]

        with pytest.raises(DatabaseError), database.write() as connection:
            connection.execute(text(verb.format(table, f"{column} = {column}")))

    def test_a_head_that_does_not_agree_with_the_tiles_is_not_written_on(self, database: Database) -> None:
        told = pairs(Journal().several(300))
        at = sequencer(database)
        at.append(told[:299])
        other = Frontier()
        other.extend(leaf_hash(leaf) for _, leaf in reversed(told[:299]))
        with database.write() as connection:
            connection.execute(update(ledger_head).values(frontier=other.to_bytes()))

        for writer in (at, sequencer(database)):
            with pytest.raises(LedgerDamaged):
                writer.append(told)

    def _append_twice(self, writing: Writing, entries: list[Entry]) -> None:
        writing.append(entries)
        writing.append(entries)

    def _one_of_each(self, connection: Any) -> None:
        connection.execute(text("INSERT INTO checkpoint (size, note, positions, at) VALUES (1, '', '', '')"))
        connection.execute(text("INSERT INTO cosignature (size, witness, line, at) VALUES (1, 'w', '', '')"))
        connection.execute(text("INSERT INTO finding (id, code, zh, en, at) VALUES ('1', 'c', 'z', 'e', '')"))
