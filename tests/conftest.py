"""What every test may use: the real servers, and the mark of those that do; the seed of a run's made-up cases; logs."""

import gc
import os
import secrets
from collections.abc import Iterator

import pytest
import structlog

from tests.servers.fixtures import SERVER_FIXTURES, postgres, private_postgres, private_rabbitmq, rabbitmq

__all__ = ["postgres", "private_postgres", "private_rabbitmq", "rabbitmq"]


SEED = "GGZY_SEED"
"""The variable that gives a run its seed, of every hypothesis test and every crash; a new one where it is not set."""

TOLD = "told"
"""The property of a test whose values are printed at the end of the run."""

FIRST = ("tests/crash/", "tests/bench/", "tests/system/test_readme.py", "tests/system/", "tests/cli/", "tests/deploy/")
"""Where the longest files are. They begin first, folder by folder: two workers that share files then end together,
and a server that a folder shares starts once. Of itself pytest-xdist begins with the files of most tests."""


@pytest.hookimpl(tryfirst=True)  # before hypothesis reads it
def pytest_configure(config: pytest.Config) -> None:
    seed = os.environ.setdefault(SEED, str(secrets.randbits(32)))  # which the workers of a run inherit
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = seed
    _log_plainly()


def _log_plainly() -> None:
    """Keep structlog from painting every variable of a traceback, which takes seconds for one of a whole tender."""
    *before, _ = structlog.get_config()["processors"]
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*before, renderer])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests tell, and the seed, with which the same cases can be made again."""
    for report in (report for of in terminalreporter.stats.values() for report in of):
        if isinstance(report, pytest.TestReport) and report.when == "call":
            for told in (value for name, value in report.user_properties if name == TOLD):
                terminalreporter.write_line(f"{report.location[2]}: {told}")
    terminalreporter.write_line(f"{SEED}={terminalreporter.config.getoption('--hypothesis-seed')}")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep the garbage collector from modules and tests, which stay to the end and which it would search ever again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what `-m` does not name
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.system)
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((place for place, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST))
