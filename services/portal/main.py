"""The portal's process: `python -m services.portal.main`. No access log: who reads what is nobody's business."""

import sys
import time

import uvicorn

from services.portal.app import make_app
from services.portal.desk import ROLE
from services.portal.wire import Bounded
from shared.platform import logs
from shared.platform.garbage import look_rarely
from shared.platform.settings import Settings, load
from shared.runtime.lines import lines
from shared.runtime.schemas import await_schemas
from shared.store.schema import SchemaFault

GRACE_SECONDS = 5
IDLE_SECONDS = 75
"""Longer than proxies keep theirs (nginx: 60): who closes first must be the one that asks."""


def run_portal(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. End where a line's schema is not this program's: the door writes there too."""
    logs.configure("portal")
    try:
        await_schemas(settings, lines(), time.sleep, role=ROLE)
    except SchemaFault as fault:
        sys.exit(str(fault))
    app = make_app(settings)
    look_rarely()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Bounded,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    run_portal(load())
