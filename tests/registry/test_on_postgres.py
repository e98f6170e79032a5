"""The registry's promises, on PostgreSQL."""

import pytest

from shared.store.database import Database
from tests.registry.answering import Answering
from tests.registry.coming_in import ComingIn
from tests.registry.credentials import Credentials
from tests.registry.deciding import Deciding
from tests.registry.drawing import Drawing
from tests.registry.identities import Identities
from tests.registry.keys_across import Openings
from tests.servers.postgres import Postgres


@pytest.fixture
def database(postgres: Postgres) -> Database:
    return Database(postgres.fresh_database())


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
