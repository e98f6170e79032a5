"""How a line reads what clients send: closed, typed, and kept in a form that every database takes."""

from typing import Any

import pytest

from shared.kernel.errors import BadInput
from tests.store.till import LINE, PutCoin

GOOD = {"type": "till.put_coin", "fen": 1}


def test_a_good_body_is_read() -> None:
    assert LINE.command(GOOD) == PutCoin(fen=1)


@pytest.mark.parametrize(
    "change",
    [{"fen": 1.5}, {"fen": "1"}, {"fen": True}, {"fen": None}, {"extra": 1}, {"type": "till.break_in"}, {"fen": 2**60}],
)
def test_a_bad_body_is_refused_with_its_place_and_without_its_values(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        LINE.command(GOOD | change)

    assert refused.value.zh
    assert refused.value.en


@pytest.mark.parametrize(("text", "kept"), [("a\0b", False), ("\\u0000", True), ("\\\0", False), ("好", True)])
def test_text_that_no_database_keeps_is_refused_by_the_door(text: str, kept: bool) -> None:
    body = GOOD | {"note": text}

    with pytest.raises(BadInput) as refused:
        LINE.command(body)

    assert ("U+0000" in refused.value.en) is not kept
