"""The hallmark: what a service told is known, and nothing else."""

import pytest

from shared.messaging.hallmark import Hallmark

KEY = "bidding.keys_collected.v1"
HEADERS = {"kind": "record", "leaf": "{}"}
BODY = b'{"a":1}'


def test_what_a_service_told_is_known_whatever_the_broker_adds() -> None:
    mark = Hallmark(b"k" * 32)

    told = mark.marked(KEY, HEADERS, BODY)

    assert mark.holds(KEY, {**told, "x-delivery-count": 3}, BODY)


@pytest.mark.parametrize(
    ("key", "headers", "body"),
    [
        ("bidding.tender_failed.v1", {}, BODY),
        (KEY, {"kind": "witnessed"}, BODY),
        (KEY, {"leaf": "{ }"}, BODY),
        (KEY, {"mark": ""}, BODY),
        (KEY, {"mark": "印章"}, BODY),
        (KEY, {"mark": "\ud800"}, BODY),
        (KEY, {}, BODY + b" "),
    ],
)
def test_what_was_changed_on_the_way_is_not(key: str, headers: dict[str, str], body: bytes) -> None:
    mark = Hallmark(b"k" * 32)
    told = mark.marked(KEY, HEADERS, BODY)

    assert not mark.holds(key, {**told, **headers}, body)


def test_another_installation_makes_other_marks() -> None:
    told = Hallmark(b"k" * 32).marked(KEY, HEADERS, BODY)

    assert not Hallmark(b"l" * 32).holds(KEY, told, BODY)
