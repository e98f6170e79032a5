"""The registry's promises, on SQLite."""

from pathlib import Path

import pytest

from shared.store.database import Database
from tests.registry.answering import Answering
from tests.registry.coming_in import ComingIn
from tests.registry.credentials import Credentials
from tests.registry.deciding import Deciding
from tests.registry.drawing import Drawing
from tests.registry.identities import Identities
from tests.registry.keys_across import Openings


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'registry.db'}")


class TestDeciding(Deciding):
    pass


class TestCredentials(Credentials):
    pass


class TestIdentities(Identities):
    pass


class TestAnswering(Answering):
    pass


class TestComingIn(ComingIn):
    pass


class TestOpenings(Openings):
    pass


class TestDrawing(Drawing):
    pass
