"""The bus's promises, on the Unix socket of the embedded mode."""

import stat
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from shared.messaging.bus_embedded import SOCKET, EmbeddedBus
from shared.platform.clock import SystemClock
from tests.messaging.bus_contract import BusContract, Service, soon

pytestmark = pytest.mark.anyio


class Embedded(Service):
    """The toy service with its socket."""

    def __init__(self, directory: Path) -> None:
        self.socket = directory / SOCKET
        super().__init__("embedded://", str(directory))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    service = Embedded(tmp_path_factory.mktemp("bus"))
    yield service
    service.stop()


class TestOnASocket(BusContract):
    def opened(self, service: Embedded) -> AbstractAsyncContextManager[Any]:
        return EmbeddedBus(service.socket, SystemClock())

    def kept(self, bus: Any) -> int:
        return len(bus._used) - len(bus._idle)

    async def interrupt(self, bus: EmbeddedBus, service: Embedded) -> None:
        service.stop()
        service.start()

    async def test_the_socket_is_its_owners_alone(self, bus: EmbeddedBus, service: Embedded) -> None:
        await bus.call("toy", "echo", {}, soon())

        assert stat.S_IMODE(service.socket.stat().st_mode) == 0o600

    async def test_a_second_process_does_not_take_the_socket_away(self, bus: EmbeddedBus, service: Embedded) -> None:
        from shared.runtime.socket_door import listen

        await bus.call("toy", "echo", {}, soon())

        with pytest.raises(OSError, match="another services' process"):
            listen(service.socket)
        assert await bus.alive()

    async def test_it_says_when_nobody_is_there(self, tmp_path: Path) -> None:
        async with EmbeddedBus(tmp_path / "nothing.sock", SystemClock()) as bus:
            assert not await bus.alive()
