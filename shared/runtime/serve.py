"""The process that runs services: `python -m shared.runtime.serve [SERVICE ...]`. Patched first, then imported."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # docs/decisions/0001

import eventlet

eventlet.monkey_patch()

import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from nameko.runners import ServiceRunner

from shared.platform import logs
from shared.platform.alone import claim
from shared.platform.garbage import look_rarely
from shared.platform.settings import Settings, load
from shared.runtime.lines import service_classes, services_found
from shared.runtime.relaying import relays
from shared.runtime.schemas import await_schemas
from shared.runtime.socket_door import SocketDoor
from shared.store.schema import SchemaFault


def run_services(settings: Settings, names: Sequence[str], beside: Sequence[Callable[[], None]] = ()) -> None:
    """Run services until SIGTERM or SIGINT, and the functions `beside` them as green threads."""
    logs.configure("+".join(names))
    config = {"AMQP_URI": settings.broker, "ggzy": settings, "max_workers": 32, "HEARTBEAT": 30}
    runner = ServiceRunner(config)
    for cls in service_classes(names):
        runner.add_service(cls)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    look_rarely()
    for function in beside:
        eventlet.spawn(function)
    logs.logger().info("services_started", services=list(names))
    runner.wait()


def main(given: Sequence[str]) -> None:
    """Run the services named, or all; in the embedded mode with their relays and the socket to the portal."""
    settings = load()
    names = list(given) or list(services_found())
    logs.configure("+".join(names))
    _require_schemas(settings, names)
    beside: list[Callable[[], None]] = []
    with ExitStack() as held:
        if settings.embedded:
            held.enter_context(claim(settings.data))
            beside = [relay.run for relay in relays(settings, [])]
            beside.append(SocketDoor(settings).run)
        run_services(settings, names, beside)


def _require_schemas(settings: Settings, names: Sequence[str]) -> None:
    """End the process where a schema is of an older or a newer program than this."""
    try:
        await_schemas(settings, names, eventlet.sleep)
    except SchemaFault as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main(sys.argv[1:])
