"""Whatever fits the description of the API, asked by every role, is answered as it says, and is no fault."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.matrix import ROLES, Thing
from tests.system.cells import Cells, OpenStage

pytestmark = pytest.mark.system

EXAMPLES = 4
"""For each operation and role; the operations are many. The run's seed is printed at its end (GGZY_SEED)."""

NEVER_ENDS = "/api/events"
CHECKED = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
MOST_TOLD = 600
SILENT = 503
"""What a service says that is busy, and no fault."""


class Signing(requests.auth.AuthBase):
    """Signs a request as it is about to be sent, by who asks."""

    def __init__(self, cells: Cells, role: str) -> None:
        self._cells = cells
        self._asker = cells.asker(role, Thing(own=True))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Return the request with its signature."""
        for name in [
            name for name in request.headers if name.lower().startswith(("x-ggzy", "authorization", "cookie"))
        ]:
            del request.headers[name]
        if self._asker is None:
            return request
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        assert isinstance(body, bytes), "nothing is streamed here"
        now = self._cells.stage.settings.make_clock().now()
        digest = hashlib.sha256(body).hexdigest()
        request.headers.update(self._asker.headers(str(request.method), str(request.path_url), now, digest))
        return request


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cells]:
    with OpenStage(tmp_path_factory.mktemp("fuzz") / "data") as stage:
        yield Cells(stage)


@pytest.fixture(scope="module")
def operations(cells: Cells) -> list[APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_dict(cells.stage.client.get("/api/openapi.json"))
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(found) == len(list(schema.get_all_operations())), "some operation cannot be read"
    return [operation for operation in found if operation.path != NEVER_ENDS]


@pytest.mark.parametrize("role", ROLES)
def test_what_fits_the_description_is_answered_as_it_says(
    cells: Cells, operations: list[APIOperation[Any, Any, Any, Any]], role: str
) -> None:
    load_all_checks()
    signing, url = Signing(cells, role), cells.stage.url
    with requests.Session() as session:
        session.trust_env = False
        wrong = [found for operation in operations if (found := ask_all(operation, session, url, signing))]

    assert not wrong, "\n\n".join(wrong)


@schemathesis.serializer("application/offset+octet-stream")
def as_it_is(_context: Any, value: Any) -> bytes:
    """Return a part of a file as the bytes that it is."""
    return value if isinstance(value, bytes) else str(value).encode()


def ask_all(operation: APIOperation[Any, Any, Any, Any], session: requests.Session, url: str, signing: Signing) -> str:
    """Ask an operation some things that fit it; return what of the answers is not as described, or nothing."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        response = case.call(base_url=url, session=session, auth=signing, timeout=30)
        if response.status_code == SILENT:
            return
        case.validate_response(response, checks=[CHECKS.get_one(name) for name in CHECKED])

    try:
        ask()
    except (FailureGroup, Failure) as failure:
        told = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
        return f"{operation.label}: " + "; ".join(str(one)[:MOST_TOLD] for one in told)
    return ""
