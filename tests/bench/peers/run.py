"""Runs a plain nameko service: `python -m tests.bench.peers.run NAME BROKER DATABASE`. Patched first, then imported."""

import sys
from importlib import import_module

import eventlet

STARTED = "peer_started"


def main(name: str, broker: str, database: str) -> None:
    """Run the `SERVICE` of a peer with its `WORKERS` until the end."""
    eventlet.monkey_patch()
    from nameko.runners import ServiceRunner

    peer = import_module(f"tests.bench.peers.{name}")
    runner = ServiceRunner({"AMQP_URI": broker, "DATABASE_URL": database, "max_workers": peer.WORKERS})
    runner.add_service(peer.SERVICE)
    runner.start()
    print(STARTED, flush=True)
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
