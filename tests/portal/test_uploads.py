"""Files come by tus 1.0 and go out only to those who may see them."""

import asyncio
import base64
import hashlib
import random
from typing import Any

import httpx
import pytest

from services.portal.uploads import OCTETS
from shared.kernel.errors import NotFound
from tests.portal.house import Browser, House, Person

pytestmark = pytest.mark.anyio
TUS = {"Tus-Resumable": "1.0.0"}
DATA = random.Random(4).randbytes(3_000_000)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def begin(browser: Browser, who: Person | None, data: bytes, length: Any = None) -> httpx.Response:
    metadata = f"name ZG9j,sha256 {base64.b64encode(sha256(data).encode()).decode()}"
    headers = {"Upload-Length": str(len(data) if length is None else length), "Upload-Metadata": metadata}
    return await browser.ask("POST", "/api/uploads", who, headers={**TUS, **headers})


async def patch(browser: Browser, place: str, offset: int, data: bytes) -> httpx.Response:
    headers = {"Upload-Offset": str(offset), "Content-Type": OCTETS}
    return await browser.ask("PATCH", place, None, data, {**TUS, **headers})


async def test_a_file_comes_in_two_parts(house: House, browser: Browser) -> None:
    made = await begin(browser, house.holder(), DATA)
    place = made.headers["location"]

    first = await patch(browser, place, 0, DATA[:2_000_000])
    stands = await browser.ask("HEAD", place, None, headers=TUS)
    last = await patch(browser, place, 2_000_000, DATA[2_000_000:])
    done = await browser.ask("HEAD", place, None, headers=TUS)

    assert (made.status_code, first.status_code, stands.status_code, last.status_code) == (201, 204, 200, 204)
    assert [answer.headers["upload-offset"] for answer in (made, first, stands, last, done)] == [
        "0", "2000000", "2000000", "3000000", "3000000",
    ]  # fmt: skip
    assert stands.headers["upload-length"] == "3000000"
    assert stands.headers["cache-control"] == "no-store"
    assert stands.headers["upload-expires"].endswith("GMT")
    assert (house.settings.data / "blobs" / sha256(DATA)[:2] / sha256(DATA)[2:]).read_bytes() == DATA


async def test_a_broken_connection_loses_nothing_that_arrived(house: House, served: Browser) -> None:
    place = (await begin(served, house.holder(), DATA)).headers["location"]
    url = served.http.base_url
    _reader, writer = await asyncio.open_connection(url.host, url.port)
    head = (
        f"PATCH {place} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: {OCTETS}\r\n"
    )
    writer.write(f"{head}Content-Length: {len(DATA)}\r\n\r\n".encode() + DATA[:1_234_567])
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.transport.abort()

    offset, last = await go_on(served, place)

    assert offset == 1_234_567
    assert last.headers["upload-offset"] == "3000000"


async def go_on(browser: Browser, place: str) -> tuple[int, httpx.Response]:
    """Go on as a client does: ask where the upload stands, send the rest, again while the broken part is in hand."""
    while True:
        stands = await browser.ask("HEAD", place, None, headers=TUS)
        offset = int(stands.headers["upload-offset"])
        last = await patch(browser, place, offset, DATA[offset:])
        if last.status_code not in {409, 423}:
            return offset, last
        await asyncio.sleep(0.05)


async def test_other_bytes_are_refused_by_name(house: House, browser: Browser) -> None:
    place = (await begin(browser, house.holder(), b"abc")).headers["location"]

    answer = await patch(browser, place, 0, b"abd")

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_digest")
    assert sha256(b"abc") in answer.json()["detail_en"]
    assert sha256(b"abd") in answer.json()["detail_zh"]


async def test_a_wrong_offset_is_refused(house: House, browser: Browser) -> None:
    place = (await begin(browser, house.holder(), b"abc")).headers["location"]

    answer = await patch(browser, place, 1, b"bc")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_offset")


async def test_more_than_the_limit_is_refused(house: House, browser: Browser) -> None:
    answer = await begin(browser, house.holder(), b"", length=house.settings.upload_limit + 1)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_more_than_announced_is_refused(house: House, browser: Browser) -> None:
    place = (await begin(browser, house.holder(), b"abc")).headers["location"]

    answer = await patch(browser, place, 0, b"abcd")

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_the_public_begins_no_upload(browser: Browser) -> None:
    answer = await begin(browser, None, b"abc")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authentic")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 412, "tus_version"),
        ({"Tus-Resumable": "0.2.2"}, 412, "tus_version"),
        (TUS, 400, "malformed"),
        ({**TUS, "Upload-Defer-Length": "1"}, 400, "malformed"),
        ({**TUS, "Upload-Length": "-1"}, 400, "malformed"),
        ({**TUS, "Upload-Length": "3"}, 422, "bad_input"),
        ({**TUS, "Upload-Length": "3", "Upload-Metadata": "sha256 !!"}, 422, "bad_input"),
        ({**TUS, "Upload-Length": "3", "Upload-Metadata": "sha256 YWJj"}, 422, "bad_input"),
    ],
)
async def test_what_is_no_beginning_is_refused(
    house: House, browser: Browser, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await browser.ask("POST", "/api/uploads", house.holder(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_part_of_another_type_is_refused(house: House, browser: Browser) -> None:
    place = (await begin(browser, house.holder(), b"abc")).headers["location"]

    answer = await browser.ask(
        "PATCH", place, None, b"abc", {**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_an_unknown_upload_is_not_found(browser: Browser) -> None:
    assert (await browser.ask("HEAD", f"/api/uploads/{'0' * 32}", None, headers=TUS)).status_code == 404
    assert (await patch(browser, f"/api/uploads/{'0' * 32}", 0, b"a")).status_code == 404


async def test_it_says_what_it_speaks(house: House, browser: Browser) -> None:
    answer = await browser.ask("OPTIONS", "/api/uploads")

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,expiration"
    assert answer.headers["tus-max-size"] == str(house.settings.upload_limit)


@pytest.fixture
async def stored(house: House, browser: Browser) -> str:
    """Give the address of a stored blob."""
    place = (await begin(browser, house.holder(), b"bytes of a bid")).headers["location"]
    await patch(browser, place, 0, b"bytes of a bid")
    return f"/api/blobs/{sha256(b'bytes of a bid')}"


async def test_a_document_of_a_published_tender_goes_to_anyone(house: House, browser: Browser, stored: str) -> None:
    house.answers["document"] = lambda query: {"public": query.arguments["sha256"] == stored.rpartition("/")[2]}

    answer = await browser.ask("GET", stored)

    assert (answer.status_code, answer.content) == (200, b"bytes of a bid")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("account", [None, "ann", "bob", "sue"])
async def test_a_bid_goes_out_to_those_to_whom_the_line_gives_it(
    house: House, browser: Browser, stored: str, account: str | None
) -> None:
    sha = stored.rpartition("/")[2]
    house.answers["document"] = lambda _query: {"public": False}
    house.answers["bids"] = lambda query: {"given": query.actor.account in {"ann", "sue"}}
    house.answers["history"] = lambda _query: {"events": [{"data": {"bids": [{"envelope": {"sha256": sha}}]}}]}

    answer = await browser.ask("GET", f"{stored}?procedure=t1", house.person(account) if account else None)

    assert answer.status_code == (200 if account in {"ann", "sue"} else 404)


async def test_a_bid_of_another_procedure_does_not_go_out(house: House, browser: Browser, stored: str) -> None:
    house.answers["bids"] = lambda _query: {"given": True}
    house.answers["history"] = lambda _query: {"events": []}

    answer = await browser.ask("GET", f"{stored}?procedure=t2", house.person("sue"))

    assert answer.status_code == 404


async def test_a_blob_that_is_not_there_and_one_that_is_secret_are_told_the_same(
    house: House, browser: Browser, stored: str
) -> None:
    def nothing(_query: Any) -> Any:
        raise NotFound("没有", "none")

    house.answers["document"] = nothing

    secret = await browser.ask("GET", stored)
    missing = await browser.ask("GET", f"/api/blobs/{'0' * 64}")
    odd = await browser.ask("GET", "/api/blobs/..%2f..%2fkeys")

    assert (secret.status_code, missing.status_code, odd.status_code) == (404, 404, 404)
    assert secret.json()["detail_en"] == missing.json()["detail_en"]


async def test_problems_speak_tus_too(house: House, browser: Browser) -> None:
    problems = [
        await browser.ask("HEAD", "/api/uploads/" + "0" * 32, None, headers=TUS),
        await browser.ask("PATCH", "/api/uploads/" + "0" * 32, None, headers={**TUS, "Upload-Offset": "0"}),
        await browser.ask("POST", "/api/uploads", None, headers=TUS),
        await browser.ask("POST", "/api/uploads", house.holder(), headers={**TUS, "Upload-Length": "1"}),
        await browser.ask("HEAD", "/api/uploads/" + "0" * 32),
    ]

    assert [answer.status_code for answer in problems] == [404, 415, 401, 422, 412]
    assert {answer.headers["tus-resumable"] for answer in problems} == {"1.0.0"}
