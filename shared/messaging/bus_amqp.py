"""The bus over RabbitMQ: one connection, made again for ever; no call and no publishing waits past its deadline."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Self

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from shared.messaging.bus import CALLS, EVENTS, BusTimeout, Told, call_body, result_of, until_header
from shared.platform.clock import Clock
from shared.platform.logs import logger

HEARTBEAT = 10
CONNECT_SECONDS = 5.0
RETRY_SECONDS = 0.2
PREFETCH = 500

Take = Callable[[AbstractIncomingMessage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Link:
    """One connection with its own queue of replies; `gone` is done when it is lost."""

    connection: AbstractConnection
    calls: AbstractExchange
    reply_to: str
    gone: "asyncio.Future[None]"


class AmqpBus:
    """A Bus on RabbitMQ, as an async context. `url` is an AMQP address."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._link: Link | None = None
        self._linked = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def call(self, service: str, method: str, kwargs: Mapping[str, Any], until: datetime) -> Any:
        """Return the result of a service's method; see Bus."""
        if (seconds := (until - self._clock.now()).total_seconds()) <= 0:
            raise BusTimeout(f"{service}.{method}")
        number = str(next(self._numbers))
        self._waiting[number] = asyncio.get_running_loop().create_future()
        message = {"body": call_body(kwargs), "headers": until_header(until), "correlation_id": number}
        try:
            async with asyncio.timeout(seconds):
                return result_of(await self._answer(f"{service}.{method}", message, self._waiting[number]))
        except TimeoutError as error:
            raise BusTimeout(f"{service}.{method}") from error
        finally:
            del self._waiting[number]

    async def subscribe(self, patterns: Sequence[str]) -> AsyncGenerator[Told, None]:
        """Return what is told from now on; see Bus."""
        first = asyncio.Queue[AbstractIncomingMessage | None]()
        await self._listen(patterns, first)
        return self._tell(patterns, first)

    async def alive(self) -> bool:
        """Whether there is a connection now."""
        return self._linked.is_set()

    async def close(self) -> None:
        """End every call and the connection."""
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        self._linked.set()

    async def _answer(self, key: str, message: dict[str, Any], answer: "asyncio.Future[bytes]") -> bytes:
        while not answer.done():
            link = await self._there()
            sent = aio_pika.Message(
                **message,
                reply_to=link.reply_to,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            try:
                await link.calls.publish(sent, key, mandatory=False)
            except CONNECTION_EXCEPTIONS as error:
                logger().info("call_interrupted", call=key, error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                either: list[asyncio.Future[Any]] = [answer, link.gone]
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return answer.result()

    async def _tell(
        self, patterns: Sequence[str], told: "asyncio.Queue[AbstractIncomingMessage | None]"
    ) -> AsyncGenerator[Told, None]:
        while True:
            try:
                while (message := await told.get()) is not None:
                    await message.ack()
                    yield Told(str(message.routing_key), dict(message.headers), message.body)
                told = asyncio.Queue()
                await self._listen(patterns, told)
            except CONNECTION_EXCEPTIONS as error:
                logger().info("subscription_interrupted", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                told.put_nowait(None)

    async def _listen(self, patterns: Sequence[str], told: "asyncio.Queue[AbstractIncomingMessage | None]") -> None:
        link = await self._there()
        channel = await link.connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.declare_queue(exclusive=True, auto_delete=True)
        for pattern in patterns:
            await queue.bind(EVENTS, pattern)
        link.gone.add_done_callback(lambda _: told.put_nowait(None))
        await queue.consume(told.put)

    async def _there(self) -> Link:
        while self._link is None:
            if self._closed:
                raise BusTimeout("the bus is closed")
            await self._linked.wait()
        return self._link

    async def _keep(self) -> None:
        while True:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    connection = await aio_pika.connect(self._url, heartbeat=HEARTBEAT)
                try:
                    async with asyncio.timeout(CONNECT_SECONDS):
                        self._link = await _link(connection, self._take)
                    self._linked.set()
                    await self._link.gone
                finally:
                    self._linked.clear()
                    self._link = None
                    await _drop(connection)
            except (TimeoutError, *CONNECTION_EXCEPTIONS) as error:
                logger().warning("bus_lost", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _take(self, message: AbstractIncomingMessage) -> None:
        answer = self._waiting.get(message.correlation_id or "")
        if answer is not None and not answer.done():
            answer.set_result(message.body)


async def _link(connection: AbstractConnection, take: Take) -> Link:
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    channel = await connection.channel(publisher_confirms=False)
    for closing in (connection.close_callbacks, channel.close_callbacks):
        closing.add(lambda *_: None if gone.done() else gone.set_result(None))
    calls = await channel.declare_exchange(CALLS, aio_pika.ExchangeType.TOPIC, durable=True)
    await channel.declare_exchange(EVENTS, aio_pika.ExchangeType.TOPIC, durable=True)
    replies = await channel.declare_queue(exclusive=True, auto_delete=True)
    await replies.bind(calls, replies.name)
    await replies.consume(take, no_ack=True)
    return Link(connection, calls, replies.name, gone)


async def _drop(connection: AbstractConnection) -> None:
    """Close without waiting for ever: a hung broker must not hang the door."""
    with suppress(TimeoutError, *CONNECTION_EXCEPTIONS):
        async with asyncio.timeout(1):
            await connection.close()
