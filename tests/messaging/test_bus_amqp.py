"""The bus's promises, on RabbitMQ: also while the broker is dead, blocked or cut off."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from time import monotonic
from typing import Any

import pytest

from shared.messaging.bus import BusTimeout
from shared.messaging.bus_amqp import AmqpBus
from shared.platform.clock import SystemClock
from tests.messaging.bus_contract import BusContract, Service, soon
from tests.servers.rabbitmq import PrivateRabbitMQ, RabbitMQ

pytestmark = pytest.mark.anyio


class Brokered(Service):
    """The toy service on a broker."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        super().__init__(uri)


@pytest.fixture(scope="module")
def service(rabbitmq: RabbitMQ) -> Iterator[Brokered]:
    service = Brokered(rabbitmq.uri)
    yield service
    service.stop()


class TestOnRabbitMQ(BusContract):
    def opened(self, service: Brokered) -> AbstractAsyncContextManager[Any]:
        return AmqpBus(service.uri, SystemClock())

    def kept(self, bus: Any) -> int:
        return len(bus._waiting)

    async def interrupt(self, bus: AmqpBus, service: Brokered) -> None:
        assert bus._link is not None
        await bus._link.connection.transport.connection.close()  # type: ignore[union-attr]  # it is linked

    async def test_a_broker_killed_and_started_again_is_used_again(
        self, bus: AmqpBus, service: Brokered, private_rabbitmq: PrivateRabbitMQ
    ) -> None:
        await bus.call("toy", "echo", {}, soon())

        private_rabbitmq.kill()
        with pytest.raises(BusTimeout):
            await bus.call("toy", "echo", {}, soon(1))
        away = not await bus.alive()
        private_rabbitmq.start()

        assert away
        assert await bus.call("toy", "echo", {}, soon(40))

    async def test_a_blocked_broker_holds_no_call_past_its_deadline(
        self, bus: AmqpBus, private_rabbitmq: PrivateRabbitMQ
    ) -> None:
        await bus.call("toy", "echo", {}, soon())
        private_rabbitmq.ctl("set_vm_memory_high_watermark", "0.00001")
        try:
            began = monotonic()
            calls = [bus.call("toy", "echo", {"filler": "x" * 100_000}, soon(2)) for _ in range(100)]
            results = await asyncio.gather(*calls, return_exceptions=True)
            took = monotonic() - began
        finally:
            private_rabbitmq.ctl("set_vm_memory_high_watermark", "0.4")

        assert all(isinstance(result, BusTimeout) for result in results)
        assert took < 5
        assert self.kept(bus) == 0
        assert await bus.call("toy", "echo", {}, soon(60))

    async def test_a_closed_bus_leaves_no_call_waiting(self, service: Brokered) -> None:
        async with self.opened(service) as bus:
            calling = asyncio.create_task(bus.call("toy", "mute", {}, soon(30)))
            await asyncio.sleep(0.5)

        with pytest.raises(BusTimeout):
            await calling
