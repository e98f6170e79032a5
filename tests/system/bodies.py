"""Bodies of commands, made from the description of the API: a lawful form for each, whatever the law says of it."""

import re
from collections.abc import Mapping
from typing import Any

from cli.demo import made
from shared.kernel.codes import USCC
from shared.seal.keys import hpke_public
from shared.seal.wire import text

INSTANT = "2026-12-01T01:00:00.000000Z"
POINT = hpke_public(text(b"\x01" * 32))
PREFIX = "#/components/schemas/"

NAME = re.compile(r"\^\[A-Za-z0-9_-\]\{1,\d+\}\$")
"""The patterns of names, of whatever length."""

PATTERNS: Mapping[str, str] = {
    r"^[0-9a-f]{64}$": "0" * 64,
    r"^\d{6}$": "370500",
    r"^[1-9][0-9]{5}$": "370500",
    r"^([1-9][0-9]{5})?$": "370500",
    r"^(\d{6})?$": "370500",
    r"^\S(.*\S)?$": "虚构单位",
    r"^[A-Z0-9]+(-[A-Z0-9]+)*$": USCC,
    r"^[A-Za-z0-9_-]*$": "AAAA",
    r"^[A-Za-z0-9_-]{85}[AQgw]$": "A" * 86,
    r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$": "A" * 43,
    r"^[A-Za-z0-9_-]{21}[AQgw]$": "A" * 22,
    r"^[A-Za-z0-9_-]{86}[AEIMQUYcgkosw048]$": POINT,
    r"^[A-Za-z0-9_-]{22}[AEIMQUYcgkosw048]$": "A" * 23,
    r"^https?://[^\s]+$": "https://example.cn/notice",
}
"""Text that fits each pattern; of a new pattern the tests say that it is missing here."""

NUMBERS: Mapping[str, int] = {"year": 2027}
"""What must be a particular number to mean anything."""

PARTY = {"scheme": USCC, "id": made.code(4321)}
NAMED = {**PARTY, "name": "虚构单位"}
WHOLE: Mapping[str, Any] = {"PartyId": PARTY, "Buyer": NAMED, "Seller": NAMED}
"""What holds together by more than its fields."""


class Unmade(LookupError):
    """Nothing here fits a schema."""


class Bodies:
    """Makes values of an API's schemas."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._schemas = description["components"]["schemas"]

    def kinds(self) -> list[str]:
        """Return the types of all commands."""
        return sorted(self._schemas["AnyCommand"]["discriminator"]["mapping"])

    def command(self, kind: str) -> dict[str, Any]:
        """Return a command of a type. Raise Unmade where nothing here fits."""
        made_ = self._value({"$ref": self._schemas["AnyCommand"]["discriminator"]["mapping"][kind]}, kind)
        return {**made_, "type": kind}

    def _value(self, schema: Mapping[str, Any], place: str) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(PREFIX)
            return WHOLE[name] if name in WHOLE else self._value(self._schemas[name], f"{place}:{name}")
        for union in ("oneOf", "anyOf"):
            if union in schema:
                return self._value(schema[union][0], place)
        if "const" in schema or "enum" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        return self._of_type(schema, place)

    def _of_type(self, schema: Mapping[str, Any], place: str) -> Any:
        match schema.get("type"):
            case "object":
                fields = schema.get("properties", {})
                return {name: self._value(fields[name], f"{place}.{name}") for name in schema.get("required", [])}
            case "array":
                return [self._value(schema["items"], place) for _ in range(schema.get("minItems", 0))]
            case "integer":
                return NUMBERS.get(place.rpartition(".")[2], max(schema.get("minimum", 0), 1))
            case "boolean":
                return True
            case "string":
                return self._text(schema, place)
            case _:
                raise Unmade(f"{place}: {schema}")

    def _text(self, schema: Mapping[str, Any], place: str) -> str:
        if "pattern" in schema:
            if NAME.fullmatch(schema["pattern"]):
                return "made"
            if schema["pattern"] not in PATTERNS:
                raise Unmade(f"{place}: {schema['pattern']}")
            fits = PATTERNS[schema["pattern"]]
            return fits.ljust(int(schema.get("minLength", 0)), "A")
        by_format: dict[str, str] = {"date-time": INSTANT, "date": INSTANT[:10], "decimal": "0.5"}
        if place.endswith(("valid_until", "_at")):
            return INSTANT
        shortest = int(schema.get("minLength", 1))
        return by_format.get(str(schema.get("format")), "虚构" * max(1, shortest))
