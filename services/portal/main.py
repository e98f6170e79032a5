"""The portal's process: `python -m services.portal.main`. No access log: who reads what is nobody's business."""

import uvicorn

from services.portal.app import make_app
from shared.platform import logs
from shared.platform.settings import Settings, load

GRACE_SECONDS = 5
IDLE_SECONDS = 75
"""Longer than proxies keep theirs (nginx: 60): who closes first must be the one that asks."""


def run_portal(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    logs.configure("portal")
    uvicorn.run(
        make_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    run_portal(load())
