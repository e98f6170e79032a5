"""What the store promises on every database: one set of cases, run on SQLite and on PostgreSQL."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError

from shared.kernel.decider import Decision, redecide
from shared.kernel.errors import Refusal
from shared.kernel.outcome import Outcome
from shared.kernel.request import Actor, Arrival
from shared.store import arrivals, journal, tables, timers
from shared.store.database import Database
from shared.store.handle import Failed, Handler
from shared.store.migrate import migrate
from shared.store.tables import APPEND_ONLY, command, quarantine, stream
from shared.store.vault import Vault
from tests.store import till
from tests.store.till import AT, asked, closing


class StillClock:
    simulated = True

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def handler(database: Database) -> Handler:
    migrate(database, views=till.metadata)
    return Handler(till.LINE, database, till.Port(), clock=StillClock(), random_bytes=random.Random(1).randbytes)


def outcome(result: Any) -> Outcome:
    assert isinstance(result, Outcome), result
    return result


def _arriving(name: str, at: datetime, fen: int = 1) -> Arrival:
    return asked(name, fen, at=at)


class StoreContract:
    """Inherited once per database."""

    @pytest.fixture
    def database(self) -> Any:
        raise NotImplementedError

    def test_a_batch_is_numbered_without_a_gap_in_commit_order(self, database: Database) -> None:
        at = handler(database)

        at.handle([asked("a"), asked("b", stream="t2"), asked("c")])
        at.handle([asked("d", stream="t2")])

        with database.read() as connection:
            written = journal.positions(connection, 1, 100)
        assert [(w.record.position, w.record.stream, w.record.version) for w in written] == [
            (1, "t1", 1), (2, "t2", 1), (3, "t1", 2), (4, "t2", 2),
        ]  # fmt: skip

    def test_a_command_given_again_gets_the_stored_outcome(self, database: Database) -> None:
        at = handler(database)
        first = at.handle([asked("a")])

        again = at.handle([asked("a"), asked("a")])

        assert again == first * 2
        with database.read() as connection:
            assert journal.last_position(connection) == 1

    def test_another_body_under_a_used_id_is_refused(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a", 1)])

        (result,) = at.handle([asked("a", 2)])

        assert isinstance(result, Refusal)
        assert result.code == "command_id_reused"

    def test_a_refusal_leaves_a_record_and_is_stored(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a", 60)])

        refused = outcome(at.handle([asked("b", 50)])[0])
        again = outcome(at.handle([asked("b", 50)])[0])

        assert refused.refusal is not None
        assert refused.refusal.article == "钱箱规则 第一条"
        assert [event.type for event in refused.events] == ["till.request_refused.v1"]
        assert again == refused

    def test_a_refusal_on_no_stream_is_recorded_apart(self, database: Database) -> None:
        at = handler(database)

        at.handle([asked("a", 1000, stream="nowhere")])

        with database.read() as connection:
            assert journal.last_versions(connection, ["nowhere", "refused"]) == {"refused": 1}

    def test_a_refusal_to_who_may_not_know_of_the_stream_is_recorded_apart(self, database: Database) -> None:
        at = handler(database)
        at.means = replace(at.means, line=replace(till.LINE, knows=lambda actor, _state: actor.role == "agency"))
        at.handle([asked("a", 60)])

        at.handle([asked("b", role="bidder"), asked("c", 1000)])

        with database.read() as connection:
            assert journal.last_versions(connection, ["t1", "refused"]) == {"t1": 2, "refused": 1}

    def test_nobody_has_a_procedure_of_the_name_under_which_refusals_are_kept(self, database: Database) -> None:
        result = outcome(handler(database).handle([asked("a", stream="refused")])[0])

        assert result.refusal is not None
        assert [event.type for event in result.events] == ["till.request_refused.v1"]

    def test_a_role_that_may_not_ask_is_refused(self, database: Database) -> None:
        result = outcome(handler(database).handle([asked("a", role="bidder")])[0])

        assert result.refusal is not None
        assert result.refusal.code == "not_entitled"

    def test_one_faulty_command_stops_no_other(self, database: Database) -> None:
        at = handler(database)

        results = at.handle([asked("a"), asked("b", 13), asked("c")])

        assert [type(result) for result in results] == [Outcome, Failed, Outcome]
        with database.read() as connection:
            assert journal.last_versions(connection, ["t1"]) == {"t1": 2}

    def test_a_call_past_its_deadline_is_not_handled(self, database: Database) -> None:
        at = handler(database)
        late = asked("a").model_copy(update={"until": AT - timedelta(seconds=1)})

        (result,) = at.handle([late])

        assert isinstance(result, Refusal)
        with database.read() as connection:
            assert journal.last_position(connection) == 0

    def test_two_handlers_on_one_database_decide_on_the_newest_state(self, database: Database) -> None:
        one, other = handler(database), handler(database)
        one.handle([asked("a", 60)])
        other.handle([asked("b", 30)])

        results = [outcome(one.handle([asked("c", 20)])[0]), outcome(other.handle([asked("d", 10)])[0])]

        assert [result.refusal is None for result in results] == [False, True]

    @pytest.mark.parametrize("table", APPEND_ONLY)
    @pytest.mark.parametrize(
        "verb", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}"]
    )
    def test_the_database_refuses_to_rewrite_the_record(self, database: Database, table: str, verb: str) -> None:
        handler(database).handle([asked("a")])
        with database.write() as connection:
            connection.execute(insert(tables.rulebook).values(digest="d", calendar="c", body=b"{}"))
            connection.execute(insert(tables.calendar_year).values(year=2027, revision=0, digest="d", body=b"{}"))
        column = next(iter(tables.metadata.tables[table].columns)).name

        with pytest.raises(DatabaseError, match=r"append-only|TRUNCATE"), database.write() as connection:
            connection.execute(text(verb.format(table=table, column=column)))

    def test_an_event_that_does_not_fold_quarantines_its_stream_alone(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a", 90)])
        forger = Handler(till.LINE, database, till.Port(), clock=StillClock(), random_bytes=random.Random(2).randbytes)
        careless = replace(
            till.LINE.decider,
            decide=lambda request, _state: (till.CoinPut(fen=request.command.fen),),
            evolve=lambda state, _event: state,
        )
        forger.means = replace(forger.means, line=replace(till.LINE, decider=careless))
        forger.handle([asked("forged", 90)])

        results = handler(database).handle([asked("b"), asked("c", stream="t2")])

        assert isinstance(results[0], Refusal)
        assert results[0].code == "quarantined"
        assert isinstance(results[1], Outcome)
        with database.read() as connection:
            assert connection.execute(select(quarantine.c.stream)).scalars().all() == ["t1"]

    def test_what_was_decided_is_decided_again_the_same(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a", 60), asked("b", 50), asked("c", 40), closing("d"), asked("e", role="public")])

        with database.read() as connection:
            records = [written.record for written in journal.of_stream(connection, "t1")]
            rows = connection.execute(select(command.c.id, command.c.request).where(command.c.stream == "t1"))
            requests = {id_: till.LINE.requests.validate_json(bytes(raw)) for id_, raw in rows}
        decisions = [Decision(requests[r.command_id], (till.LINE.event(r),)) for r in records]

        state = redecide(till.LINE.audited(), decisions, till.LINE.refused)

        assert state == till.Till(held=100, open=False)

    def test_who_may_not_close_or_asks_too_early_does_not_learn_that_something_waits(self, database: Database) -> None:
        at, vault = handler(database), Vault(Fernet.generate_key())
        arrivals.commit(database, vault, lambda: AT, [("t1", lambda _now: asked("waits"))])
        stranger = closing("s").model_copy(update={"actor": Actor(account="bob", role="bidder")})

        refused = at.handle([stranger])[0]
        at.means = replace(
            at.means, line=replace(till.LINE, closing={"till.close_till": lambda _state: AT + timedelta(seconds=1)})
        )
        early = at.handle([closing("e")])[0]

        assert outcome(refused).refusal is not None
        assert [event.type for event in outcome(early).events] == ["till.till_closed.v1"]  # as decided, not held up

    def test_closing_waits_for_what_has_arrived(self, database: Database) -> None:
        at, vault = handler(database), Vault(Fernet.generate_key())
        (made,) = arrivals.commit(database, vault, lambda: AT, [("t1", lambda now: asked("a", at=now))])
        assert made is not None

        early = at.handle([closing("close")])[0]
        together = at.handle([made, closing("close")])

        assert isinstance(early, Refusal)
        assert early.code == "not_yet"
        assert [type(result) for result in together] == [Outcome, Outcome]

    def test_an_arrival_sent_again_keeps_its_first_time(self, database: Database) -> None:
        handler(database)
        vault = Vault(Fernet.generate_key())
        (first,) = arrivals.commit(database, vault, lambda: AT, [("t1", lambda now: asked("a", at=now))])

        later = AT + timedelta(minutes=5)
        (again,) = arrivals.commit(database, vault, lambda: later, [("t1", lambda now: asked("a", at=now))])

        assert again == first
        with database.read() as connection:
            (waiting,) = arrivals.waiting(connection, None, AT + timedelta(seconds=1), 10)
        assert b"put_coin" not in waiting.sealed

    def test_arrivals_that_share_a_commit_each_have_their_own_time_and_one_sent_twice_the_first(
        self, database: Database
    ) -> None:
        handler(database)
        vault, times = Vault(Fernet.generate_key()), iter(AT + timedelta(seconds=number) for number in range(4))
        signing = [partial(_arriving, name) for name in ("a", "b", "a")]
        signing.append(partial(_arriving, "b", fen=5))

        made = arrivals.commit(database, vault, lambda: next(times), [("t1", sign) for sign in signing])

        a, b, again, other = (one for one in made if one is not None)
        assert [a.received_at, b.received_at] == [AT, AT + timedelta(seconds=1)]
        assert again == a
        assert other.command["fen"] == 5  # another body: for the service to refuse, and the first is what is kept
        with database.read() as connection:
            waiting = arrivals.waiting(connection, None, AT + timedelta(minutes=1), 10)
            later = arrivals.waiting(connection, b.received_at, AT + timedelta(minutes=1), 10)
        assert [one.id for one in waiting] == ["a", "b"]
        assert [(one.id, one.received_at) for one in later] == [("b", b.received_at)]

    def test_a_timer_fires_once_and_waits_while_it_must(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a", 7)])
        due = AT + timedelta(days=1)

        early = timers.claim(database, due - timedelta(microseconds=1))
        (item,) = timers.claim(database, due)
        twice = timers.claim(database, due)
        timers.settle(database, [], [item.id], due + timedelta(seconds=1))
        (again,) = timers.claim(database, due + timedelta(seconds=1))
        results = at.handle([again.arrival])
        timers.settle(database, [again.id], [], due)

        assert (early, twice) == ([], [])
        assert outcome(results[0]).events[0].type == "till.till_closed.v1"
        assert timers.next_due(database) is None

    def test_the_stream_key_is_kept_and_never_made_twice(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a"), asked("b")])
        handler(database).handle([asked("c")])

        with database.read() as connection:
            assert len(connection.execute(select(stream.c.key)).all()) == 1

    def test_a_gap_cannot_be_filled_twice(self, database: Database) -> None:
        at = handler(database)
        at.handle([asked("a")])

        with database.read() as connection:
            (written,) = journal.positions(connection, 1, 1)
        row = {"position": 9, "stream": "t1", "version": 1, "record": written.record.raw, "leaf": written.leaf}
        with pytest.raises(DatabaseError), database.write() as connection:
            connection.execute(insert(tables.journal), [row])
