"""The bus over RabbitMQ: one connection, made again for ever; no call and no publishing waits past its deadline.

Connections, exchanges and queues are made with aio-pika. What is done for each message is done on the channel under it,
without objects and tasks that nobody needs here: 300 bids a second are as many calls, replies and records.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Self, cast

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from aiormq import Channel, spec
from aiormq.abc import ConsumerCallback, DeliveredMessage

from shared.messaging.bus import CALLS, EVENTS, BusTimeout, Told, call_body, result_of, until_header
from shared.platform.clock import Clock
from shared.platform.logs import logger

HEARTBEAT = 10
CONNECT_SECONDS = 5.0
RETRY_SECONDS = 0.2
PREFETCH = 500
ACKED = 100
"""Messages of a subscription that are acknowledged at once; what is not goes with the queue, which is ours alone."""


@dataclass(frozen=True, slots=True)
class Link:
    """One connection with its own queue of replies; `gone` is done when it is lost."""

    connection: AbstractConnection
    calls: Channel
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
        sent = _Call(f"{service}.{method}", call_body(kwargs), until_header(until), number)
        try:
            async with asyncio.timeout(seconds):
                return result_of(await self._answer(sent, self._waiting[number]))
        except TimeoutError as error:
            raise BusTimeout(f"{service}.{method}") from error
        finally:
            del self._waiting[number]

    async def subscribe(self, patterns: Sequence[str]) -> AsyncGenerator[Told, None]:
        """Return what is told from now on; see Bus."""
        first = asyncio.Queue[DeliveredMessage | None]()
        channel = await self._listen(patterns, first)
        return self._tell(patterns, first, channel)

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

    async def _answer(self, call: "_Call", answer: "asyncio.Future[bytes]") -> bytes:
        while not answer.done():
            link = await self._there()
            try:
                await call.publish(link)
            except CONNECTION_EXCEPTIONS as error:
                logger().info("call_interrupted", call=call.key, error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                either: list[asyncio.Future[Any]] = [answer, link.gone]
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return answer.result()

    async def _tell(
        self, patterns: Sequence[str], told: "asyncio.Queue[DeliveredMessage | None]", channel: Channel
    ) -> AsyncGenerator[Told, None]:
        while True:
            try:
                while (message := await told.get()) is not None:
                    if (tag := message.delivery_tag or 0) % ACKED == 0:
                        await channel.basic_ack(tag, multiple=True, wait=False)
                    headers = dict(message.header.properties.headers or {})
                    yield Told(str(message.routing_key), headers, bytes(message.body))
                told = asyncio.Queue()
                channel = await self._listen(patterns, told)
            except CONNECTION_EXCEPTIONS as error:
                logger().info("subscription_interrupted", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                told.put_nowait(None)

    async def _listen(self, patterns: Sequence[str], told: "asyncio.Queue[DeliveredMessage | None]") -> Channel:
        link = await self._there()
        channel = await link.connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await channel.declare_queue(exclusive=True, auto_delete=True)
        for pattern in patterns:
            await queue.bind(EVENTS, pattern)
        link.gone.add_done_callback(lambda _: told.put_nowait(None))
        under = await _under(channel)
        await under.basic_consume(queue.name, told.put)
        return under

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

    async def _take(self, message: DeliveredMessage) -> None:
        answer = self._waiting.get(message.header.properties.correlation_id or "")
        if answer is not None and not answer.done():
            answer.set_result(bytes(message.body))


@dataclass(frozen=True, slots=True)
class _Call:
    """A call as it is sent, again over each link until it is answered: its routing key, body, headers and number."""

    key: str
    body: bytes
    headers: Mapping[str, Any]
    number: str

    async def publish(self, link: Link) -> None:
        """Send it, without waiting until the bytes are out: who waits for the answer sends it again if they are not."""
        properties = spec.Basic.Properties(
            content_type="application/json",
            content_encoding="utf-8",
            headers=dict(self.headers),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            correlation_id=self.number,
            reply_to=link.reply_to,
        )
        await link.calls.basic_publish(
            self.body, exchange=CALLS, routing_key=self.key, properties=properties, wait=False
        )


async def _link(connection: AbstractConnection, take: ConsumerCallback) -> Link:
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    channel = await connection.channel(publisher_confirms=False)
    for closing in (connection.close_callbacks, channel.close_callbacks):
        closing.add(lambda *_: None if gone.done() else gone.set_result(None))
    calls = await channel.declare_exchange(CALLS, aio_pika.ExchangeType.TOPIC, durable=True)
    await channel.declare_exchange(EVENTS, aio_pika.ExchangeType.TOPIC, durable=True)
    replies = await channel.declare_queue(exclusive=True, auto_delete=True)
    await replies.bind(calls, replies.name)
    under = await _under(channel)
    await under.basic_consume(replies.name, take, no_ack=True)
    return Link(connection, under, replies.name, gone)


async def _under(channel: AbstractChannel) -> Channel:
    return cast("Channel", await channel.get_underlay_channel())  # the interface does not name all that it takes


async def _drop(connection: AbstractConnection) -> None:
    """Close without waiting for ever: a hung broker must not hang the door."""
    with suppress(TimeoutError, *CONNECTION_EXCEPTIONS):
        async with asyncio.timeout(1):
            await connection.close()
