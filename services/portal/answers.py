"""Answers: JSON as the services gave it, never kept by a cache on the way."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response


def json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that holds `value` as JSON."""
    return Response(orjson.dumps(value), status, headers, media_type="application/json")
