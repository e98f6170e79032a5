"""Every list is read a page at a time, and what is added meanwhile neither repeats nor hides anything."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.seal.wire import text
from tests.portal.house import Browser, House, Person

pytestmark = pytest.mark.anyio

HISTORY = "/api/procedures/t1/history"
EVENTS = [{"type": "till.coin_put.v1", "at": f"2026-12-01T01:00:0{second}.000000Z", "data": {}} for second in range(7)]


class Shelf:
    """The services' side of a list: newest first, three a page, behind the name of the last."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def page(self, query: Any) -> Any:
        names = self.names
        after = query.arguments.get("after")
        if after is not None:
            names = names[names.index(after) + 1 :]
        last = names[2] if len(names) > 3 else None
        return {"procedures": [{"stream": name} for name in names[:3]], "after": last}


async def walk(browser: Browser, path: str, who: Person | None, meanwhile: Callable[[], None] | None = None) -> Any:
    """Return the pages of a list, each as it stood when it was asked for."""
    pages = []
    url: str | None = path
    while url:
        answer = await browser.ask("GET", url, who)
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
        url = answer.links["next"]["url"] if "next" in answer.links else None
        assert (url is None) == (answer.json()["after"] is None)
        if meanwhile:
            meanwhile()
    return pages


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 8), (3, [3, 3, 2]), (5, [5, 3]), (8, [8]), (100, [8])])
async def test_all_of_a_list_comes_once_whatever_the_pages(
    house: House, browser: Browser, limit: int, sizes: list[int]
) -> None:
    house.answers["procedures"] = Shelf(list("hgfedcba")).page

    pages = await walk(browser, f"/api/procedures?line=till&limit={limit}", None)

    assert [item["stream"] for page in pages for item in page["procedures"]] == list("hgfedcba")
    assert [len(page["procedures"]) for page in pages] == sizes


async def test_what_is_added_at_the_top_shifts_nothing(house: House, browser: Browser) -> None:
    shelf = Shelf(list("hgfedcba"))
    new = iter("ijklmnopqrstuvwxyz")
    house.answers["procedures"] = shelf.page

    pages = await walk(browser, "/api/procedures?line=till&limit=2", None, lambda: shelf.names.insert(0, next(new)))

    assert [item["stream"] for page in pages for item in page["procedures"]] == list("hgfedcba")


async def test_a_history_goes_on_where_it_was_though_earlier_events_come_to_light(
    house: House, browser: Browser
) -> None:
    events = [*EVENTS[:3], EVENTS[2], *EVENTS[3:]]
    hidden = {"type": "till.sealed.v1", "at": "2026-12-01T01:00:00.000000Z", "data": {}}
    house.answers["history"] = lambda _query: {"events": events}

    pages = await walk(
        browser, f"{HISTORY}?limit=3", None, lambda: events.insert(0, hidden) if hidden not in events else None
    )

    assert [event for page in pages for event in page["events"]] == [*EVENTS[:3], EVENTS[2], *EVENTS[3:]]


async def test_parties_and_findings_are_read_the_same_way(house: House, browser: Browser) -> None:
    def parties(query: Any) -> Any:
        behind = [name for name in "abcde" if name > query.arguments["after"]][:2]
        return {"parties": [{"stream": name} for name in behind], "next": behind[1] if len(behind) == 2 else None}

    def findings(query: Any) -> Any:
        behind = [number for number in range(1, 6) if number > query.arguments["after"]][:2]
        return {"findings": [{"number": number} for number in behind], "after": behind[1] if len(behind) == 2 else None}

    house.registry["parties"], house.answers["findings"] = parties, findings
    sue = house.person("sue")

    listed = await walk(browser, "/api/parties?limit=3", sue)
    found = await walk(browser, "/api/ledger/findings?limit=3", sue)

    assert [[item["stream"] for item in page["parties"]] for page in listed] == [["a", "b", "c"], ["d", "e"]]
    assert [[item["number"] for item in page["findings"]] for page in found] == [[1, 2, 3], [4, 5]]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=x", "after=", "after=nonsense", "page=2", "limit=1&limit=2",
        "after=" + text(b'{"behind":null,"last":"nothing"}'), "after=" + text(b'{"behind":null}'),
        "after=" + "A" * 2001,
    ],
)  # fmt: skip
async def test_what_is_no_page_is_refused(house: House, browser: Browser, query: str) -> None:
    house.answers["history"] = lambda _query: {"events": EVENTS}

    answer = await browser.ask("GET", f"{HISTORY}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


@pytest.mark.parametrize(
    "path", ["/api/procedures/t1", "/api/time", "/api/keys", "/ledger/checkpoint", "/api/calendars"]
)
async def test_where_there_are_no_parameters_none_is_taken(browser: Browser, path: str) -> None:
    answer = await browser.ask("GET", f"{path}?as=supervisor")

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
