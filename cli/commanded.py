"""The commands of the lines as their own schemas tell them: which there are, what each is for, what fields it takes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from cli.law import line
from cli.output import Misused
from shared.kernel.line import Line

NEEDED = "必填 needed"
"""Stands in the place of a default where there is none."""

Schema = Mapping[str, Any]


def lines_commanded() -> Sequence[Line]:
    """Return the lines that take commands."""
    from shared.runtime.lines import lines  # loads the services; a light command need not

    return [found for found in lines().values() if found.entitled]


def line_of(kind: str) -> Line:
    """Return the line of a type of command. Raise Misused where there is no such type."""
    name = kind.partition(".")[0]
    try:
        found = line(name)
    except KeyError as error:
        raise _no_such(kind) from error
    if kind not in found.entitled:
        raise _no_such(kind)
    return found


def _no_such(kind: str) -> Misused:
    return Misused(f"没有指令 {kind}，见 ggzy commands", f"there is no command {kind!r}: see `ggzy commands`")


def given_by_accounts(of: Line) -> list[str]:
    """Return the types of command that somebody other than the platform itself may give, in order."""
    return sorted(kind for kind, roles in of.entitled.items() if roles != {"system"})


def definition(kind: str) -> Schema:
    """Return the schema of a type of command. Raise Misused for none."""
    schema = _schema(line_of(kind).name)
    found: Schema = schema["$defs"][str(schema["discriminator"]["mapping"][kind]).rpartition("/")[2]]
    return found


def definitions(kind: str) -> Mapping[str, Schema]:
    """Return the schemas that the schema of a type of command refers to, by name."""
    found: Mapping[str, Schema] = _schema(line_of(kind).name)["$defs"]
    return found


@cache
def _schema(name: str) -> dict[str, Any]:
    """Return the schema of a line's commands, made once."""
    return line(name).commands.json_schema()


def says(kind: str) -> str:
    """Return what a command is for, in its own words. Raise Misused for none."""
    return str(definition(kind).get("description", ""))


def fields_of(kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and default of the fields of a command. Raise Misused for none."""
    made = definition(kind)
    for name, field in made["properties"].items():
        if name != "type":
            needed = name in made.get("required", ())
            default = NEEDED if needed else json.dumps(field.get("default"), ensure_ascii=False)
            yield name, _kind(field), default


def _kind(field: Schema) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "anyOf" in field:
        return " | ".join(_kind(one) for one in field["anyOf"])
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    inner = f" of {_kind(field['items'])}" if "items" in field else ""
    return f"{field.get('type', 'any')}{inner}"
