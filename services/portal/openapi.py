"""The description of the API (OpenAPI 3.1), made from the routes, the lines' own commands and events, and the problems.

A new command or event of any line appears by itself; a new route appears with its parameters, and with its answer once
`described` states it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from services.portal import headers, shapes
from services.portal.described import COMMAND, CREDENTIAL, HISTORY, ROUTES, Told
from services.portal.problems import TITLES
from shared.kernel.line import Line
from shared.kernel.outcome import Outcome

REF = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"
VERSION = "1.0.0"

BY_EVERY_ROUTE = ("bad_input", "too_many_requests", "fault")
BY_WHO_ASKS = ("not_authentic", "request_too_old", "malformed")
BY_SERVICES = ("no_answer",)
NO_SERVICE = frozenset({"time", "keys", "uploadOffer", "uploadLook", "uploadAppend", "ledgerFile", "health", "events"})

DECIMAL = {"type": "string", "format": "decimal"}
DECIMAL_ONLY = frozenset({"gt", "lt", "ge", "le", "decimal_places"})
"""What is said of exact decimals, which are text: JSON Schema knows no such bounds of text."""

ABOUT = """公共资源交易平台的接口。指令一律经 POST /api/commands 提出，由各业务线的规则决定；其余均为查询。
Every command goes through POST /api/commands; everything else is read. Refusals cite their article in both languages.

Requests are signed by the asker's own Ed25519 key over `ggzy-request/v1`, method, path with query, instant and SHA-256
of the body, a line each. GET /api/time gives the platform's time. A command may be sent again under the same
Idempotency-Key for ever and has one outcome. Lists take `limit` and `after`. Money is integer fen, ratios are text."""


class Schemas(GenerateJsonSchema):
    """JSON schemas in which exact decimals are text, as the door takes and gives them."""

    def decimal_schema(self, schema: Any) -> dict[str, Any]:
        """Return the schema of a decimal."""
        del schema
        return dict(DECIMAL)


def describe(app: FastAPI, lines: Mapping[str, Line]) -> Callable[[], dict[str, Any]]:
    """Return what gives the description of an application, made once."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app, lines)
        return app.openapi_schema

    return description


def _made(app: FastAPI, lines: Mapping[str, Line]) -> dict[str, Any]:
    base = get_openapi(title=app.title, version=VERSION, openapi_version="3.1.0", routes=app.routes)
    named, schemas = _schemas(lines)
    paths = {
        path: {method: _operation(f"{method.upper()} {path}", said, named) for method, said in methods.items()}
        for path, methods in base["paths"].items()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": app.title, "version": VERSION, "description": ABOUT, "license": headers.LICENCE},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {str(status): _problem_response(status) for status in sorted(_by_status())},
            "parameters": headers.PARAMETERS,
            "headers": headers.HEADERS,
            "securitySchemes": headers.SECURITY_SCHEMES,
        },
    }


def _schemas(lines: Mapping[str, Line]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of each shape by the name or type that routes state it by, and what they refer to."""
    adapters: dict[Any, TypeAdapter[Any]] = {
        shape: TypeAdapter(shape) for shape in {id(s): s for s in _shapes()}.values()
    }
    inputs = [(shape, "validation", adapter) for shape, adapter in adapters.items()]
    inputs += [(("command", name), "validation", line.commands) for name, line in lines.items()]
    inputs += [(("event", name), "validation", line.events) for name, line in lines.items()]
    made, known = TypeAdapter.json_schemas(inputs, ref_template=REF, schema_generator=Schemas)  # type: ignore[arg-type]  # any hashable names a schema
    schemas = known.get("$defs", {})
    found = {key: schema for (key, _), schema in made.items()}
    commands = _union(found, "command", lines)
    for union in [commands, *_told_apart(schemas)]:
        for reference in union["discriminator"]["mapping"].values():
            _require(schemas[reference.rpartition("/")[2]], union["discriminator"]["propertyName"])
    events = [
        _event(schemas, name, of) for name, of in _union(found, "event", lines)["discriminator"]["mapping"].items()
    ]
    schemas |= dict(events)
    mapping = {event["properties"]["type"]["const"]: REF.format(model=name) for name, event in events}
    one_of = [{"$ref": reference} for reference in mapping.values()]
    own = {
        "AnyCommand": commands,
        "AnyEvent": {"oneOf": one_of, "discriminator": {"propertyName": "type", "mapping": mapping}},
        "ProblemDetails": headers.problem(found[Outcome]),
        COMMAND: headers.ASKED,
        CREDENTIAL: headers.WANTED,
        HISTORY: headers.HISTORY,
    }
    if taken := own.keys() & schemas.keys():
        raise ValueError(f"a line has schemas of these names too: {sorted(taken)}")
    schemas |= own
    return found | {HISTORY: {"$ref": REF.format(model=HISTORY)}}, _plain(schemas)


def _shapes() -> list[Any]:
    told = [told.shape for told in ROUTES.values() if told.shape not in {None, HISTORY}]
    return [*told, *(shape for said in ROUTES.values() for shape in said.also.values()), shapes.Refused]


def _union(found: Mapping[Any, Any], kind: str, lines: Mapping[str, Line]) -> dict[str, Any]:
    """Return the union of what every line has of a kind, told apart by its type."""
    of_lines = [found[kind, name] for name in lines]
    mapping: dict[str, str] = {}
    for schema in of_lines:
        mapping |= schema["discriminator"]["mapping"]
    one_of = [{"$ref": reference} for reference in mapping.values()]
    return {"oneOf": one_of, "discriminator": {"propertyName": "type", "mapping": mapping}}


def _told_apart(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every union in schemas that is told apart by a field."""
    if isinstance(value, dict):
        if "mapping" in value.get("discriminator", {}):
            yield value
        for item in value.values():
            yield from _told_apart(item)
    elif isinstance(value, list):
        for item in value:
            yield from _told_apart(item)


def _require(schema: dict[str, Any], field: str) -> None:
    """Require what tells a value apart, which the classes give themselves."""
    schema["properties"][field].pop("default", None)
    schema["required"] = [field, *(name for name in schema.get("required", []) if name != field)]


def _event(schemas: Mapping[str, Any], name: str, reference: str) -> tuple[str, dict[str, Any]]:
    """Return the schema of a recorded event as histories tell it: its type, when, and its data without the type."""
    model = reference.rpartition("/")[2]
    body = schemas[model]
    rest = {field: schema for field, schema in body["properties"].items() if field != "type"}
    required = [field for field in body.get("required", []) if field != "type"]
    data = {"type": "object", "additionalProperties": False, "properties": rest, "required": required}
    fields = {"type": {"const": name}, "at": {"type": "string", "format": "date-time"}, "data": data}
    about = {"description": body.get("description", ""), "additionalProperties": False}
    return f"{model}Recorded", {"type": "object", **about, "properties": fields, "required": list(fields)}


def _plain(value: Any, *, of_properties: bool = False) -> Any:
    """Return schemas without made titles, and without bounds that text cannot have."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    dropped = frozenset() if of_properties else {"title", *DECIMAL_ONLY}
    kept = {name: item for name, item in value.items() if name not in dropped}
    return {name: _plain(item, of_properties=name == "properties" and not of_properties) for name, item in kept.items()}


def _operation(route: str, said: Mapping[str, Any], named: Mapping[Any, Any]) -> dict[str, Any]:
    """Return an operation: what the framework knows of it, and what it answers."""
    known = {name: said[name] for name in ("summary", "description", "parameters", "requestBody") if name in said}
    told = ROUTES.get(route)
    if told is None:
        return {**known, "operationId": said["operationId"], "responses": _problems(BY_EVERY_ROUTE)}
    parameters = [_plain_parameter(item) for item in said.get("parameters", [])]
    asks = (*told.asks, "Accept-Language", *(("If-None-Match",) if route.startswith("GET") else ()))
    parameters = [item for item in parameters if item["in"] != "header" or item["name"] not in headers.PARAMETERS]
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in asks]
    made = {**known, "operationId": told.id, "tags": [told.tag], "parameters": parameters}
    made["responses"] = _responses(told, named, cached=route.startswith("GET"))
    if told.id in headers.BODIES:
        made["requestBody"] = headers.BODIES[told.id]
    return {**made, "security": headers.SECURITY[told.by]}


def _plain_parameter(item: Mapping[str, Any]) -> dict[str, Any]:
    return {**item, "schema": _plain(item["schema"])}


def _responses(told: Told, named: Mapping[Any, Any], *, cached: bool) -> dict[str, Any]:
    answered = {told.status: _answer(told.shape, told, named)}
    answered |= {status: _answer(shape, told, named) for status, shape in told.also.items()}
    codes = {*BY_EVERY_ROUTE, *told.problems}
    codes |= set(BY_WHO_ASKS) if told.by in {"anyone", "signed"} else set()
    codes |= set() if told.id in NO_SERVICE else set(BY_SERVICES)
    problems = _problems(codes)
    if cached and told.shape is not None:
        answered[304] = {"description": "同前未变 / not changed since", "headers": headers.references(("ETag",))}
    if "Range" in told.asks:
        answered[206] = {**answered[200], "description": "所要的一段 / the range asked for"}
    made = {str(status): answer for status, answer in answered.items()}
    return {**{status: answer for status, answer in problems.items() if status not in made}, **made}


def _answer(shape: Any, told: Told, named: Mapping[Any, Any]) -> dict[str, Any]:
    tells = (*told.tells, *headers.ALWAYS, *(("ETag",) if shape is not None else ()))
    body = {"schema": _plain(named[shape])} if shape is not None else {"schema": {"type": "string"}}
    media = {kind: {} if kind in headers.BINARY else body for kind in told.media}
    about = "所答 / the answer" if told.media else "完成，无内容 / done, without content"
    return {"description": about, "headers": headers.references(tells), **({"content": media} if media else {})}


def _problems(codes: Any) -> dict[str, Any]:
    statuses = sorted({TITLES[code][0] for code in codes})
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _by_status() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code, (status, _, _) in TITLES.items():
        found.setdefault(status, []).append(code)
    return found


def _problem_response(status: int) -> dict[str, Any]:
    """Return the response of every problem with a status, an example for each of its codes."""
    codes = _by_status()[status]
    titles = " / ".join(TITLES[codes[0]][1:]) if len(codes) == 1 else "；".join(TITLES[code][1] for code in codes)
    examples = {code: {"value": headers.example(code)} for code in codes}
    content = {PROBLEM: {"schema": {"$ref": REF.format(model="ProblemDetails")}, "examples": examples}}
    tells = (*headers.ALWAYS, *headers.OF_PROBLEM.get(status, ()))
    return {"description": titles, "headers": headers.references(tells), "content": content}
