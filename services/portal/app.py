"""The application: every room of the portal around one desk, and what runs beside the requests."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI

from services.portal import bundles, calendars, commands, documents, health, live, outcomes, problems, rooms
from services.portal.accounts import Accounts
from services.portal.caching import Caching
from services.portal.clock import ClockWatch
from services.portal.counted import Counted
from services.portal.covers import Covers
from services.portal.desk import Desk, Given, make_desk
from services.portal.draws import Draws
from services.portal.guard import Guard
from services.portal.ledger import Ledger
from services.portal.limits import Limits
from services.portal.live import Live
from services.portal.login import Login
from services.portal.openapi import describe
from services.portal.paging import refuse_unknown
from services.portal.probing import Probing
from services.portal.procedures import Procedures
from services.portal.rooms import Rooms
from services.portal.sweeper import Sweeper
from services.portal.uploads import Receiving
from shared.messaging.bus_amqp import AmqpBus
from shared.messaging.bus_embedded import SOCKET, EmbeddedBus
from shared.platform.clock import SystemClock
from shared.platform.logs import logger
from shared.platform.settings import Settings
from shared.runtime.lines import lines
from shared.store.blobs import BlobStore, Uploads

Beside = Callable[[], Coroutine[Any, Any, None]]
"""What runs beside the requests until it is cancelled."""

SWEPT_SECONDS = 3600.0


def make_app(settings: Settings, given: Given | None = None) -> FastAPI:
    """Return the portal of an installation. Raise KeyMissing, BadSettings where it is not made ready."""
    desk = make_desk(settings, given or _world(settings))
    watch, entered, limits = ClockWatch(desk), Rooms(desk), Limits(settings)
    watched, identity = Live(desk, entered), Counted(desk, limits)
    store = BlobStore(settings.data / "blobs")
    stored = Uploads(store, limit=settings.upload_limit, now=SystemClock().now, random_bytes=desk.random_bytes)
    beside = [watch.run, watched.run, lambda: _throw_away(stored), *_of_lines(settings, desk, given)]
    app = FastAPI(
        title="公共资源交易平台 / public resource trading",
        lifespan=_lifespan(desk, beside),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(refuse_unknown)],
    )
    for router in (  # the most asked for first: routes are tried one after the other
        commands.routes(desk, identity, watch),
        health.routes(desk, watch),
        live.routes(watched),
        rooms.routes(entered, identity),
        *_asked(desk, identity, stored),
    ):
        app.include_router(router)
    problems.install(app)
    app.openapi = describe(app, desk.lines)  # type: ignore[method-assign]  # as the framework says it is done
    app.state.clock_watch, app.state.live, app.state.rooms = watch, watched, entered
    app.add_middleware(Caching, key=desk.random_bytes(32))
    app.add_middleware(Guard, random_bytes=desk.random_bytes, limits=limits)
    return app


def _of_lines(settings: Settings, desk: Desk, given: Given | None) -> Iterator[Beside]:
    """Yield what runs beside for the lines: for what arrives, for what is timed, for dummies where they are sent."""
    for line in desk.lines.values():
        if line.arriving:
            yield Sweeper(desk, line.name).run
    if any(line.timed for line in desk.lines.values()):
        yield Probing(desk, own=None if given else _own(settings)).run
    if settings.covers:
        yield Covers(desk).run


def _own(settings: Settings) -> tuple[str, int] | None:
    """Return where the door reaches itself; None where its port is not known before it is bound."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    return (host, settings.port) if settings.port else None


def _world(settings: Settings) -> Given:
    """Return what the portal is given outside of tests."""
    clock = settings.make_clock()
    bus: AmqpBus | EmbeddedBus = (
        EmbeddedBus(settings.data / SOCKET, clock) if settings.embedded else AmqpBus(settings.broker, clock)
    )
    return Given(clock=clock, bus=bus, lines=lines(), random_bytes=os.urandom)


def _asked(desk: Desk, identity: Counted, stored: Uploads) -> list[APIRouter]:
    """Return the routes at which it matters who asks."""
    store = BlobStore(desk.settings.data / "blobs")
    return [
        outcomes.routes(desk, identity),
        Accounts(desk, identity).routes(),
        Login(desk, identity).routes(),
        Draws(desk, identity).routes(),
        calendars.routes(desk, identity),
        Procedures(desk, identity).routes(),
        bundles.routes(desk, identity),
        Receiving(identity, stored, desk.settings.upload_limit).routes(),
        documents.routes(desk, identity, store),
        Ledger(desk, identity).routes(),
    ]


def _lifespan(desk: Desk, beside: list[Beside]) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None, None]:
        async with AsyncExitStack() as held:
            held.callback(desk.close)
            if isinstance(desk.bus, AmqpBus | EmbeddedBus):
                await held.enter_async_context(desk.bus)
            tasks = [asyncio.create_task(_for_ever(work)) for work in beside]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return lifespan


async def _for_ever(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run what runs beside the requests, again where it fails: a fault in it is loud, and not the end of it."""
    while True:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the door must go on sweeping
            logger().error("beside_failed", kind=type(error).__name__)
        await asyncio.sleep(1.0)


async def _throw_away(stored: Uploads) -> None:
    """Throw away expired uploads once an hour."""
    while True:
        swept = await asyncio.to_thread(stored.sweep)
        if swept:
            logger().info("uploads_expired", count=swept)
        await asyncio.sleep(SWEPT_SECONDS)
