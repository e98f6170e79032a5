"""What both buses share: the forms of calls and replies, and topics that mean what they mean to RabbitMQ."""

import re
import subprocess
import sys

import pytest

from shared.messaging import bus, topology
from shared.messaging.bus import BusFault, call_body, result_of, topic


def test_the_exchanges_are_those_that_are_declared() -> None:
    assert (topology.CALLS.name, topology.EVENTS.name) == (bus.CALLS, bus.EVENTS)


def test_a_call_is_in_namekos_form() -> None:
    assert call_body({"asked": "投标", "signature": "s"}) == (
        '{"args":[],"kwargs":{"asked":"投标","signature":"s"}}'.encode()
    )


def test_a_reply_is_its_result_or_its_fault() -> None:
    assert result_of(b'{"result":{"outcome":null},"error":null}') == {"outcome": None}
    with pytest.raises(BusFault, match=r"^OperationalError$"):
        result_of(b'{"result":null,"error":{"exc_type":"OperationalError","value":"secret"}}')


@pytest.mark.parametrize(
    ("pattern", "heard", "not_heard"),
    [
        ("#", ["a", "a.b.c"], []),
        ("a.*", ["a.b"], ["a", "a.b.c", "xa.b"]),
        ("a.#", ["a", "a.b", "a.b.c"], ["ab", "x.a"]),
        ("*.b.#", ["a.b", "a.b.c"], ["b", "a.x.b"]),
        ("a.b", ["a.b"], ["a.bc", "aXb", "a.b.c"]),
    ],
)
def test_a_topic_matches_as_on_rabbitmq(pattern: str, heard: list[str], not_heard: list[str]) -> None:
    expression = re.compile(topic(pattern))

    assert [key for key in heard if not expression.fullmatch(f".{key}")] == []
    assert [key for key in not_heard if expression.fullmatch(f".{key}")] == []


def test_the_portal_loads_no_green_thread_and_no_broker_library() -> None:
    loaded = "import services.portal.main, sys; print({name.partition('.')[0] for name in sys.modules})"

    names = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout

    assert not {"eventlet", "nameko", "kombu"} & set(re.findall(r"\w+", names))
