"""Pages of lists, one convention for all: `limit` and an opaque `after`, and RFC 8288's Link to the next page.

A cursor names the last thing that was shown, and the services' own page on which it lay: what is added meanwhile
neither repeats nor hides anything. It holds nothing that its reader was not shown.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.portal.answers import json
from shared.kernel.canonical import digest
from shared.kernel.errors import BadInput
from shared.seal.wire import SealError, raw, text

MOST = 100
MOST_PAGES = 200
"""How many of the services' pages are looked through at most for where to go on."""

Fetch = Callable[[Any], Awaitable[tuple[list[Any], Any]]]
"""Returns a service's page behind its own cursor (None: the first), and the cursor of the next or None."""

Keys = Callable[[Sequence[Any]], list[str]]
"""Returns what each thing on a page is told by."""


class Page(BaseModel):
    """Which part of a list: how many at most, and behind what; `after` is as the page before gave it."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=MOST, ge=1, le=MOST)
    after: str | None = Field(default=None, max_length=2000)


class Cursor(BaseModel):
    """Where a list goes on: behind `last`, on the service's page behind `behind`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    behind: str | int | None
    last: str

    @property
    def opaque(self) -> str:
        """The cursor as it is told."""
        return text(orjson.dumps(self.model_dump()))

    @classmethod
    def read(cls, opaque: str) -> "Cursor":
        """Return the cursor that was told. Raise BadInput for anything else."""
        try:
            return cls.model_validate_json(raw(opaque))
        except (SealError, ValueError) as error:
            raise wrong_cursor() from error


def named(field: str) -> Keys:
    """Return the keys of things that have a name of their own."""
    return lambda things: [str(thing[field]) for thing in things]


def by_content(things: Sequence[Any]) -> list[str]:
    """Return the keys of things without names: digests, and which of several that are the same."""
    seen: Counter[str] = Counter()
    keys = []
    for thing in things:
        content = digest(orjson.dumps(thing, option=orjson.OPT_SORT_KEYS))
        seen[content] += 1
        keys.append(f"{content}.{seen[content]}")
    return keys


async def page_of(asked: Page, fetch: Fetch, keys: Keys) -> tuple[list[Any], str | None]:
    """Return what stands on a page, and the cursor of the next. Raise BadInput for a cursor that leads nowhere."""
    start = None if asked.after is None else Cursor.read(asked.after)
    behind, last = (None, None) if start is None else (start.behind, start.last)
    found: list[Any] = []
    end = Cursor(behind=behind, last=last or "")
    for _ in range(MOST_PAGES):
        things, following = await fetch(behind)
        named_ = list(zip(keys(things), things, strict=True))
        if last is not None:
            names = [name for name, _ in named_]
            named_ = named_[names.index(last) + 1 :] if last in names else []
            last = None if last in names else last
        for name, thing in named_:
            if len(found) == asked.limit:
                return found, end.opaque
            found.append(thing)
            end = Cursor(behind=behind, last=name)
        if following is None:
            break
        behind = following
    if last is not None:
        raise wrong_cursor()
    return found, None


async def listed(request: Request, name: str, asked: Page, fetch: Fetch, keys: Keys) -> Response:
    """Return the response that is a page of a list, with the way to the next."""
    things, after = await page_of(asked, fetch, keys)
    return json({name: things, "after": after}, headers=_link(request, after))


async def refuse_unknown(request: Request) -> None:
    """Raise BadInput for parameters that a route does not take, or that are given twice: neither means anything."""
    # a coroutine: what is none, the framework runs in a thread, for each request
    names = [name for name, _ in request.query_params.multi_items()]
    if request.method != "GET" or not names:
        return
    if len(set(names)) < len(names):
        raise BadInput("同一参数只能给出一次", "give each parameter once")
    if not request.scope["route"].dependant.query_params:
        raise BadInput("此处没有参数", "there are no parameters here")


def wrong_cursor() -> BadInput:
    """Return the refusal of a cursor that no page of this list gave."""
    return BadInput("after 不是本列表给出的，请从头查询", "after is not what this list gave: begin anew")


def _link(request: Request, after: str | None) -> dict[str, str]:
    if after is None:
        return {}
    query = urlencode({**request.query_params, "after": after})
    return {"Link": f'<{request.url.path}?{query}>; rel="next"'}
