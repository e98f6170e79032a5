"""What every test may use: the real servers, and the mark of those that do; and the seed of a run's made-up cases."""

import os
import secrets

import pytest

from tests.servers.fixtures import SERVER_FIXTURES, postgres, private_postgres, private_rabbitmq, rabbitmq

__all__ = ["postgres", "private_postgres", "private_rabbitmq", "rabbitmq"]


SEED = "GGZY_SEED"
"""The variable that gives every hypothesis test of a run its seed; a new one where it is not set."""


@pytest.hookimpl(tryfirst=True)  # before hypothesis reads it
def pytest_configure(config: pytest.Config) -> None:
    seed = os.environ.setdefault(SEED, str(secrets.randbits(32)))  # which the workers of a run inherit
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = seed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the seed, with which the same cases can be made again."""
    terminalreporter.write_line(f"{SEED}={terminalreporter.config.getoption('--hypothesis-seed')}")


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what `-m` does not name
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.system)
