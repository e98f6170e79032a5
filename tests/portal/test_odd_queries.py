"""What is asked in a way that nobody can mean is refused, and is no fault of the platform's."""

import pytest

from tests.portal.house import Browser, House

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "path",
    [
        "/api/procedures/e%CC%81",
        "/api/procedures/e%CC%81/history",
        "/api/procedures/t1/replay?as=e%CC%81",
        "/api/procedures/t1/replay?version=99999999999999999999",
        "/api/calendars/99999999999999999999",
        "/api/calendars/0",
        "/api/ledger/proof?service=till&position=9007199254740992",
        "/api/ledger/proof?service=e%CC%81&position=1",
        "/api/accounts/e%CC%81",
        "/api/outcomes/e%CC%81",
    ],
)
async def test_what_cannot_be_signed_for_the_services_is_bad_input(house: House, browser: Browser, path: str) -> None:
    answer = await browser.ask("GET", path, house.person("sue"))

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


@pytest.mark.parametrize(
    "id_", ["a%00b", "%ED%A0%80", "%FF", "..", "%2E%2E", "%2e%2e%2fcheckpoint", "a" * 5000, "%F0%9F%92%A9"]
)
async def test_an_odd_name_is_not_there_or_refused(browser: Browser, id_: str) -> None:
    for path in ("/api/procedures/{}", "/api/blobs/{}", "/ledger/{}", "/ledger/tile/0/{}", "/api/uploads/{}"):
        answer = await browser.ask("GET", path.format(id_))

        assert 400 <= answer.status_code < 500, path
        assert answer.headers["content-type"] == "application/problem+json"
