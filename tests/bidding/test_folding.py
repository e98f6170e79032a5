"""Pages of tenders are folded one at a time, so that many who look at once take the memory of one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest

from services.bidding import views
from shared.kernel.errors import NotFound
from shared.store import journal
from tests.bidding import factories as make


def test_many_who_look_at_once_are_served_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most, counting = 0, 0, threading.Lock()

    def slowly(*_: object) -> list[bytes]:
        nonlocal under_way, most
        with counting:
            under_way += 1
            most = max(most, under_way)
        sleep(0.01)
        with counting:
            under_way -= 1
        return []

    monkeypatch.setattr(journal, "bytes_of_stream", slowly)
    nothing: Any = None
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _refused(lambda: views.load(nothing, make.STREAM, make.AGENCY)), range(8)))

    assert most == 1
    assert answers == ["not_found"] * 8


def _refused(ask: Callable[[], object]) -> str:
    try:
        ask()
    except NotFound as no:
        return no.code
    return ""
