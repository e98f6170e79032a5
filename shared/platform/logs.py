"""Structured logs: one JSON object a line with the correlation id; nothing sealed, secret or personal."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

_NEVER = frozenset(
    {"body", "command", "record", "sealed", "key", "secret", "share", "k_b", "password", "signature", "token", "name"}
)


def configure(service: str) -> None:
    """Send every log of this process to standard error as JSON, also those of the libraries."""

    def name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)  # not a context variable: threads and green threads begin with none
        return event

    handler = logging.StreamHandler(sys.stderr)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _withhold,
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "aio_pika", "aiormq", "amqp", "kombu", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def logger() -> FilteringBoundLogger:
    """Return the logger to use."""
    log: FilteringBoundLogger = structlog.get_logger()
    return log


def _withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name in _NEVER & event.keys():
        event[name] = "withheld"
    return event
