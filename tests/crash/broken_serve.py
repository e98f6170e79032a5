"""A platform that acknowledges commands before it handles them, and sends none again: what the loss check must find.

A test starts it in the place of `ggzy serve`; nothing in the product leads here.
"""

import sys
from collections.abc import Sequence
from typing import Any

BROKEN = "tests.crash.broken_serve"


def main(names: Sequence[str]) -> None:
    """Run one broken process, or all of a platform, two of them broken."""
    match names:
        case ["bidding"]:
            _serve_acknowledging_first("bidding")
        case ["portal"]:
            _open_without_sweeping()
        case _:
            _supervise()


def _supervise() -> None:
    from cli.run import _python, _supervise
    from shared.runtime.lines import services_found

    children = {name: _python("shared.runtime.serve", name) for name in services_found()}
    broken = {name: _python(BROKEN, name) for name in ("bidding", "portal")}
    _supervise({**children, "relay": _python("shared.runtime.relaying"), **broken})


def _serve_acknowledging_first(name: str) -> None:
    from shared.runtime import serve  # isort: skip - it patches before anything else is imported
    from shared.messaging.lane import Lane

    handle = Lane._work

    def acknowledge_first(lane: Lane, connection: Any, work: Any, run: Sequence[Any]) -> None:
        for message in run:
            message.ack()
        handle(lane, connection, work, run)

    setattr(Lane, "_work", acknowledge_first)  # noqa: B010 - the fault itself, and no method of its type
    serve.main([name])


def _open_without_sweeping() -> None:
    import asyncio

    from services.portal.main import run_portal
    from services.portal.sweeper import Sweeper
    from shared.platform.settings import load

    async def rest(_sweeper: Sweeper) -> None:
        await asyncio.Event().wait()

    setattr(Sweeper, "run", rest)  # noqa: B010 - the fault itself, and no method of its type
    run_portal(load())


if __name__ == "__main__":
    main(sys.argv[1:])
