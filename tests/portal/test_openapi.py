"""The description of the API is valid, complete, and says what is true."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.portal.described import ROUTES
from services.portal.openapi import describe
from services.portal.problems import TITLES
from shared.kernel.line import Line
from shared.runtime.lines import lines
from tests.portal.house import Browser, House
from tests.system.bodies import Bodies
from tests.system.routes import LIVE, paths

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the description with every line of the platform, which takes a second to make."""
    return describe(House(tmp_path_factory.mktemp("described")).app, lines())()


def conforms(whole: dict[str, Any], name: str, value: Any) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": whole["components"]}
    return bool(Draft202012Validator(schema).is_valid(value))


def test_it_is_valid_by_a_validator_of_others(whole: dict[str, Any]) -> None:
    assert whole["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(whole).iter_errors()] == []


def test_every_schema_is_one_of_2020_12(whole: dict[str, Any]) -> None:
    for schema in whole["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


async def test_it_is_served_as_it_is_made(house: House, browser: Browser) -> None:
    answer = await browser.ask("GET", "/api/openapi.json")

    assert answer.json()["paths"].keys() == house.app.openapi()["paths"].keys()
    assert answer.json()["components"]["schemas"]["AnyCommand"]["discriminator"]["mapping"].keys() == {
        "till.put_coin", "till.close_till",
    }  # fmt: skip


@pytest.mark.parametrize("line", lines().values(), ids=lambda line: str(line.name))
def test_every_command_of_every_line_is_one_of_the_union(whole: dict[str, Any], line: Line) -> None:
    union = whole["components"]["schemas"]["AnyCommand"]
    mapping = union["discriminator"]["mapping"]

    assert set(line.entitled) <= mapping.keys()
    assert [item["$ref"] for item in union["oneOf"]] == list(mapping.values())
    for kind in line.entitled:
        schema = whole["components"]["schemas"][mapping[kind].rpartition("/")[2]]
        assert "type" in schema["required"]
        assert schema["properties"]["type"]["const"] == kind
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize("line", lines().values(), ids=lambda line: str(line.name))
def test_what_is_made_from_the_description_is_a_command(whole: dict[str, Any], line: Line) -> None:
    bodies = Bodies(whole)

    for kind in line.entitled:
        body = bodies.command(kind)
        assert conforms(whole, "AnyCommand", body), kind
        assert line.command(body).model_dump()["type"] == kind


def test_a_command_is_told_apart_by_its_type_and_nothing_is_added_to_it(whole: dict[str, Any]) -> None:
    command = {"type": "bidding.award_tender", "bid": "b1"}

    assert conforms(whole, "CommandGiven", {"procedure": "t1", "command": command})
    for wrong in ({}, {"role": "operator"}, {"bid": 1}, {"type": "bidding.award"}):
        other = {**command, **wrong} if wrong else {"bid": "b1"}
        assert not conforms(whole, "CommandGiven", {"procedure": "t1", "command": other})
    assert not conforms(whole, "CommandGiven", {"procedure": "t1", "command": command, "actor": "ann"})


def test_ratios_are_text(whole: dict[str, Any]) -> None:
    score = {"bid": "b1", "factor": "f1", "score": "93.5"}

    assert conforms(whole, "Score", score)
    assert not conforms(whole, "Score", {**score, "score": 93.5})


def test_every_route_says_what_it_answers(whole: dict[str, Any]) -> None:
    served = {f"{method.upper()} {path}": said for path, of in whole["paths"].items() for method, said in of.items()}

    assert served.keys() == ROUTES.keys()
    ids = [said["operationId"] for said in served.values()]
    assert len(set(ids)) == len(ids)
    for route, said in served.items():
        assert "security" in said, route
        assert said["summary"], route
        assert any(status.startswith("2") for status in said["responses"]), route
        assert {"422", "429", "500"} <= said["responses"].keys(), route
        assert "401" in said["responses"] or not said["security"], route


def test_every_problem_is_described_in_both_languages(whole: dict[str, Any]) -> None:
    named: dict[str, str] = {}
    for status, response in whole["components"]["responses"].items():
        content = response["content"]["application/problem+json"]
        for code, example in content["examples"].items():
            assert conforms(whole, "ProblemDetails", example["value"])
            assert example["value"]["status"] == int(status)
            assert re.search(r"[一-鿿]", example["value"]["detail_zh"])
            named[code] = status

    assert named.keys() == TITLES.keys()


def test_every_code_is_told_by_some_route(whole: dict[str, Any]) -> None:
    told = {status for of in whole["paths"].values() for said in of.values() for status in said["responses"]}
    unasked = {"405"}  # of no operation: it is what a path answers to a method that it has not

    assert {str(status) for status, _, _ in TITLES.values()} - told == unasked


async def test_problems_are_as_they_are_described(house: House, browser: Browser, whole: dict[str, Any]) -> None:
    answers = [
        await browser.ask("GET", "/api/nothing"),
        await browser.ask("GET", "/api/outcomes/c1"),
        await browser.give(house.person("bob")),
        await browser.give(house.person("ann"), fen=1000),
    ]

    for answer in answers:
        assert conforms(whole, "ProblemDetails", answer.json()), answer.text


async def test_an_outcome_and_a_history_are_as_they_are_described(house: House, browser: Browser) -> None:
    described = house.app.openapi()
    event = {"type": "till.coin_put.v1", "at": "2026-12-01T01:00:00.000000Z", "data": {"fen": 1, "coins": 1}}
    house.answers["history"] = lambda _query: {"events": [event]}

    outcome = await browser.give(house.person("ann"))
    history = await browser.ask("GET", "/api/procedures/t1/history")

    assert conforms(described, "Outcome", outcome.json())
    assert not conforms(described, "Outcome", {**outcome.json(), "more": 1})
    assert set(history.json()) == {"events", "after"}
    assert not conforms(described, "HistoryPage", {"events": [{**event, "type": "till.nothing.v1"}], "after": None})


def test_every_route_that_answers_is_asked_by_the_tests_of_leaks() -> None:
    served = {route.removeprefix("GET ") for route in ROUTES if route.startswith("GET ")}

    assert served == {*paths("t1", party={"scheme": "CN-USCC", "id": "nobody"}), LIVE}
