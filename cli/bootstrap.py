"""The first operator's account: given by whoever holds the installation's own keys, through its own bus."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

from cli.output import Refused
from cli.streams import account_stream
from shared.kernel.request import SYSTEM, Arrival
from shared.messaging.bus import Bus, BusTimeout
from shared.messaging.bus_amqp import AmqpBus
from shared.messaging.bus_embedded import SOCKET, EmbeddedBus
from shared.platform import keys
from shared.platform.door import Door
from shared.platform.settings import Settings

PATIENCE = timedelta(seconds=20)


def bootstrap(settings: Settings, account: str, public_key: str) -> dict[str, Any]:
    """Open the first operator's account and return the outcome. Raise Refused where there is one already."""
    command = {
        "type": "registry.bootstrap_operator",
        "account": account,
        "region": settings.region,
        "public_key": public_key,
    }
    clock = settings.make_clock()
    arrival = Arrival(
        id=uuid.uuid4().hex, stream=account_stream(account), actor=SYSTEM, received_at=clock.now(), command=command
    )
    door = Door(keys.Keyring(settings.data / "keys").signing(keys.DOOR))

    async def give() -> dict[str, Any]:
        bus = EmbeddedBus(settings.data / SOCKET, clock) if settings.embedded else AmqpBus(settings.broker, clock)
        async with bus:
            return await _call(bus, door.command(arrival), clock.now() + PATIENCE)

    try:
        reply = asyncio.run(give())
    except BusTimeout as error:
        raise Refused(
            "登记服务未应答，平台是否已启动？", "the registry does not answer: is the platform up?"
        ) from error
    outcome: dict[str, Any] = reply["outcome"]
    if outcome["refusal"]:
        told = outcome["refusal"]
        raise Refused(told["zh"], told["en"], code=told["code"], article=told["article"])
    return outcome


async def _call(bus: Bus, signed: dict[str, str], until: Any) -> dict[str, Any]:
    reply: dict[str, Any] = await bus.call("registry", "command", signed, until)
    return reply
