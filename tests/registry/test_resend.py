"""Lost records again: what a resend must look like, and that it brings the very bytes under the relay's headers."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from kombu import Connection, Queue

from shared.messaging import topology
from shared.messaging.relay import Relay
from shared.runtime import views
from shared.runtime.calls import Asked, Resend, Unreadable, answer_body
from shared.runtime.entrypoints import Query
from shared.store import journal
from shared.store.database import Database
from tests.registry.office import Office
from tests.registry.world import code, register


def message(method: str, kwargs: Any) -> Any:
    """Return a call as it lies in the views' queue."""
    key = {"routing_key": f"registry_views.{method}"}
    return SimpleNamespace(delivery_info=key, body=orjson.dumps({"args": [], "kwargs": kwargs}))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path, Database(f"sqlite:///{tmp_path / 'registry.db'}"))
    office.give_all([register(code(number)) for number in range(5)], stream="")
    return office


@pytest.fixture
def taken() -> Any:
    """Give a function that takes what lies in a queue of every event."""
    with Connection("embedded://") as connection:
        queue = Queue("taken", topology.EVENTS, routing_key="#")(connection.channel())
        queue.declare()
        queue.purge()

        def take() -> list[tuple[str, Any, bytes]]:
            messages = iter(lambda: queue.get(no_ack=True), None)
            return [(item.delivery_info["routing_key"], dict(item.headers), _bytes(item.body)) for item in messages]

        yield take


def test_one_queue_brings_queries_and_resends() -> None:
    signed = {"asked": "{}", "signature": "AA"}

    assert Query.read(Query(), message("query", signed)) == Asked("{}", "AA")
    assert Query.read(Query(), message("resend", {"first": 3, "last": 9})) == Resend(3, 9)


@pytest.mark.parametrize(
    "kwargs",
    [{"first": 0, "last": 9}, {"first": 3, "last": 2}, {"first": "3", "last": 9}, {"first": True, "last": 9},
     {"first": 1}, {"asked": "{}", "signature": "AA"}, None],
)  # fmt: skip
def test_any_other_resend_is_unreadable(kwargs: Any) -> None:
    with pytest.raises(Unreadable):
        Query.read(Query(), message("resend", kwargs))


def test_a_resend_is_no_query() -> None:
    with pytest.raises(Unreadable):
        Query.read(Query(), message("query", {"first": 3, "last": 9}))


def test_the_rows_asked_for_come_again_as_the_relay_brings_them(office: Office, taken: Any) -> None:
    relay = Relay("registry", office.tools.database, "embedded://", office.tools.hallmark)
    relay.run(alive=relay.stop)
    with office.tools.database.read() as connection:
        rows = [(item.record.type, item.record.raw) for item in journal.positions(connection, 2, 4)]
    told = [item for item in taken() if item[1]["kind"] == "record"]

    assert office.viewed.answer(Resend(2, 4)) is None

    again = taken()
    assert [(key, body) for key, _headers, body in again] == rows
    assert again == told[1:4]


def test_a_long_range_comes_page_by_page_to_the_end_of_the_journal(
    office: Office, taken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)

    office.viewed.answer(Resend(1, 1_000_000))

    assert [orjson.loads(body)["position"] for _key, _headers, body in taken()] == [1, 2, 3, 4, 5]


def test_while_one_range_is_under_way_another_is_left_to_be_asked_again(office: Office, taken: Any) -> None:
    office.viewed._resending.acquire()

    office.viewed.answer(Resend(1, 5))
    meanwhile = taken()
    office.viewed._resending.release()
    office.viewed.answer(Resend(1, 5))

    assert meanwhile == []
    assert len(taken()) == 5


def test_an_answer_that_is_no_json_is_told_as_a_fault() -> None:
    reply = orjson.loads(answer_body({1: "a key that is no text"}))

    assert (reply["result"], reply["error"]["exc_path"]) == (None, "")


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode()
