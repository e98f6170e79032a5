"""The small installation, its portal without a network, and its portal on a loopback port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from services.portal.wire import Bounded
from tests.portal.house import Browser, House, until


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    """Give a client of the application itself; what runs beside the requests does not run."""
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal") as http:
        yield Browser(house, http)


@pytest.fixture
async def served(house: House) -> AsyncIterator[Browser]:
    """Give a client of the portal as it is served, with everything that runs beside."""
    async with serve(house) as browser:
        yield browser


@asynccontextmanager
async def serve(house: House) -> AsyncIterator[Browser]:
    """Serve an installation's portal, and give a client of it."""
    config = uvicorn.Config(
        house.app,
        port=0,
        http=Bounded,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        yield Browser(house, http)
    server.should_exit = True
    await serving
