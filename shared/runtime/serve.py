"""Runs services in one process: patched first, then everything else is imported."""

import eventlet

eventlet.monkey_patch()

import signal
from collections.abc import Sequence
from typing import Any

from nameko.runners import ServiceRunner

from shared.platform import logs
from shared.platform.settings import Settings
from shared.runtime.lines import service_classes


def run_services(settings: Settings, names: Sequence[str], beside: Sequence[Any] = ()) -> None:
    """Run services until SIGTERM or SIGINT. `beside` are functions run as green threads with them."""
    logs.configure("+".join(names))
    runner = ServiceRunner({"AMQP_URI": settings.broker, "ggzy": settings, "max_workers": 32})
    for cls in service_classes(names):
        runner.add_service(cls)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(runner.stop))
    runner.start()
    for function in beside:
        eventlet.spawn(function)
    logs.logger().info("services_started", services=list(names))
    runner.wait()
