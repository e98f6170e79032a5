"""Check a release against the OCDS 1.1 schema, with lots and bids typed as their extensions type them.

What the import reads must be valid. What it does not read (awards, contracts, planning) is reported and no more.
"""

import copy
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from cli.ocds.findings import Findings, json_path
from cli.ocds.reading import Release

READ = frozenset({"ocid", "id", "date", "tag", "initiationType", "parties", "buyer", "tender", "bids"})
"""The members of a release that the import reads."""

_SHOWN = 60
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

_ID: Mapping[str, Any] = {"type": ["string", "integer"]}
_TEXT: Mapping[str, Any] = {"type": ["string", "null"]}
_VALUE: Mapping[str, Any] = {"$ref": "#/definitions/Value"}

LOTS: Mapping[str, Any] = {
    "type": ["array", "null"],
    "items": {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": _ID,
            "title": _TEXT,
            "description": _TEXT,
            "mainProcurementCategory": {"enum": ["goods", "works", "services", None]},
            "value": _VALUE,
        },
    },
}
"""As the lots extension has them: https://extensions.open-contracting.org/en/extensions/lots/ ."""

BIDS: Mapping[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "details": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {
                    "value": _VALUE,
                    "tenderers": {"type": ["array", "null"], "items": {"$ref": "#/definitions/OrganizationReference"}},
                },
            },
        }
    },
}
"""As the bids extension has them: https://extensions.open-contracting.org/en/extensions/bids/ ."""

_EMPTY = ("不得为空", "must not be empty")
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "required": ("缺少此字段", "this field is missing"),
    "type": ("类型应为 {rule}，现为 {shown}", "must be of type {rule}, not {shown}"),
    "enum": ("{shown} 不在允许的取值之内", "{shown} is not one of the allowed values"),
    "format": ("{shown} 不是带时区的日期时间（{rule}）", "{shown} is not a {rule} with its zone"),
    "uniqueItems": ("列表中有重复项", "the list holds the same item twice"),
    "minLength": _EMPTY,
    "minItems": _EMPTY,
    "minProperties": _EMPTY,
}
_OTHER = ("不符合 OCDS 1.1 的 {name} 规则", "breaks the rule {name} of OCDS 1.1")

FORMATS = FormatChecker(formats=())


def is_moment(text: object) -> bool:
    """Return whether a text is a date and time with its zone (RFC 3339), or not a text at all."""
    if not isinstance(text, str):
        return True
    try:
        return bool(_RFC3339.fullmatch(text)) and datetime.fromisoformat(text.upper()).tzinfo is not None
    except ValueError:
        return False


FORMATS.checks("date-time")(is_moment)


def validator(schema: Mapping[str, Any]) -> Draft4Validator:
    """Return the validator made of the release schema; done once for a file."""
    whole = copy.deepcopy(dict(schema))
    whole["properties"]["bids"] = BIDS
    whole["definitions"]["Tender"]["properties"]["lots"] = LOTS
    return Draft4Validator(whole, format_checker=FORMATS)


def check(release: Release, schema: Draft4Validator, findings: Findings) -> None:
    """Note everything in a release that the schema does not allow."""
    known = _party_ids(release.body)
    for error in schema.iter_errors(release.body):
        parts = list(error.absolute_path)
        zh, en = _said(error)
        path = json_path([*parts, *_missing(error)], release.path)
        if _is_named_elsewhere(error, known):
            findings.warn(
                path, "name_from_parties", "缺少名称，取自 parties", "no name here: the one in parties is used"
            )
        elif parts and parts[0] not in READ:
            findings.warn(path, f"schema_{error.validator}", f"{zh}（不影响导入）", f"{en} (not needed here)")
        else:
            findings.error(path, f"schema_{error.validator}", f"{zh}，请更正", f"{en}: correct it")


def _party_ids(body: Mapping[str, Any]) -> set[str]:
    parties = body.get("parties")
    if not isinstance(parties, list):
        return set()
    return {str(party["id"]) for party in parties if isinstance(party, dict) and "id" in party}


def _is_named_elsewhere(error: ValidationError, known: set[str]) -> bool:
    """Return whether only the name of a reference is missing, and the party that it refers to is in the file."""
    if _missing(error) != ["name"] or not isinstance(error.instance, dict):
        return False
    return str(error.instance.get("id")) in known


def _missing(error: ValidationError) -> list[str]:
    """Return the field that a `required` error misses: the first named one that is not there."""
    if error.validator != "required" or not isinstance(error.instance, dict):
        return []
    assert isinstance(error.validator_value, list)
    names = [str(name) for name in error.validator_value if name not in error.instance]
    return [next((name for name in names if error.message.startswith(repr(name))), names[0])]


def _said(error: ValidationError) -> tuple[str, str]:
    rule = error.validator_value
    words = " / ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
    shown = "" if error.validator == "required" else ascii(error.instance)[:_SHOWN]
    zh, en = _SENTENCES.get(str(error.validator), _OTHER)
    facts = {"rule": words, "shown": shown, "name": error.validator}
    return zh.format(**facts), en.format(**facts)
