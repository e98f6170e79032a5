"""What was told once and is the same need not be told again; and nothing that is somebody's is kept on the way."""

import pytest

from services.portal.ledger import FOR_EVER
from tests.portal.house import Browser, House

pytestmark = pytest.mark.anyio

PAGE = "/api/procedures/t1"


async def test_what_has_not_changed_is_not_sent_again(house: House, browser: Browser) -> None:
    house.answers["procedure"] = lambda _query: {"phase": "accepting"}
    first = await browser.ask("GET", PAGE)

    again = await browser.ask("GET", PAGE, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    house.answers["procedure"] = lambda _query: {"phase": "closed"}
    changed = await browser.ask("GET", PAGE, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "content-type" not in again.headers
    assert (changed.status_code, changed.json()) == (200, {"phase": "closed"})


async def test_a_tag_depends_on_what_is_told_and_on_who_is_told_and_on_nothing_else(
    house: House, browser: Browser
) -> None:
    house.answers["procedure"] = lambda _query: {"phase": "accepting"}

    tags = [
        (await browser.ask("GET", PAGE, who)).headers["etag"]
        for who in (None, None, house.person("ann"), house.person("ann"), house.person("sue"), house.holder())
    ]

    assert (tags[0], tags[2]) == (tags[1], tags[3])
    assert len(set(tags)) == 4


async def test_what_is_signed_is_kept_by_nobody(house: House, browser: Browser) -> None:
    house.answers["procedure"] = lambda _query: {"phase": "accepting"}

    public = await browser.ask("GET", PAGE)
    own = await browser.ask("GET", "/api/accounts/ann", house.person("ann"))
    outcome = await browser.give(house.person("ann"))

    assert public.headers["cache-control"] == "no-cache"
    assert "x-ggzy-account" in public.headers["vary"]
    assert own.headers["cache-control"] == outcome.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/api/procedures/nothing", "/api/outcomes/c1", "/api/time"])
async def test_problems_and_the_time_have_no_tag(browser: Browser, path: str) -> None:
    answer = await browser.ask("GET", path, headers={"If-None-Match": "*"})

    assert answer.status_code != 304
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_a_tile_never_changes_and_does_not_say_when_it_was_written(house: House, browser: Browser) -> None:
    tile = house.settings.data / "ledger" / "tile" / "0" / "000"
    tile.parent.mkdir(parents=True)
    tile.write_bytes(b"hashes")

    answer = await browser.ask("GET", "/ledger/tile/0/000")
    part = await browser.ask("GET", "/ledger/tile/0/000", headers={"Range": "bytes=1-2"})
    wrong = await browser.ask("GET", "/ledger/tile/0/000", headers={"Range": "bytes=100-"})

    assert answer.headers["cache-control"] == part.headers["cache-control"] == FOR_EVER["Cache-Control"]
    assert "last-modified" not in answer.headers
    assert (part.status_code, part.content) == (206, b"as")
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["content-range"]) == (
        416, "no_such_range", "bytes */6",
    )  # fmt: skip
