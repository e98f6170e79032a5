"""What every test may use: the real servers; and the mark of those that do."""

import pytest

from tests.servers.fixtures import SERVER_FIXTURES, postgres, private_postgres, private_rabbitmq, rabbitmq

__all__ = ["postgres", "private_postgres", "private_rabbitmq", "rabbitmq"]


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what `-m` does not name
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.system)
