"""An office on each database, and the openings that it discloses for."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.registry.domain.commands import (
    BootstrapOperator,
)
from shared.kernel.request import SYSTEM
from shared.store.database import Database
from tests.registry.office import Office
from tests.registry.relating import Opening, done
from tests.registry.world import key


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Return an office with one operator, on each database."""
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").fresh_database()
    with closing(Database(url)) as database:
        office = Office(tmp_path, database)
        done(office.give(BootstrapOperator(account="op-1", public_key=key(50)), SYSTEM))
        yield office


@pytest.fixture
def opening(office: Office, tmp_path: Path) -> Opening:
    return Opening(office, tmp_path / "bidding")
