"""Whatever a record or a command can say has words in both languages: every event, state, code and part of a record."""

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

import cli
from cli.codes import codes, said
from cli.commanded import lines_commanded
from cli.output import LABELS, answer
from cli.verbs import PARTS, fields, part_zh, table
from cli.words import event_zh, phase_zh
from cli.written import Kind
from services.registry.domain.commands import RegistryCommand
from services.registry.domain.events import RegistryEvent
from shared.runtime.lines import lines

Code = tuple[str, str]

PROPER = {"algorithm", "days_in_year", "phase", "scheme", "v", "version"}
"""Fields of codes that are names and numbers of their own; and phases, which lines bring words for."""


def coded(kind: Any, field: str = "", owner: type[BaseModel] | None = None, within: tuple[Any, ...] = ()) -> set[Code]:
    """Return every field with a code that a message can hold; not those that are told beside it in both languages."""
    if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        told = owner is not None and {"zh", "en"} <= owner.model_fields.keys()
        values = get_args(kind) or [one.value for one in kind]
        return set() if told else {(field, str(value)) for value in values}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        inner = [(of.annotation, name) for name, of in kind.model_fields.items() if name != "type"]
        found = (coded(of, name, kind, (*within, kind)) for of, name in inner if kind not in within)
    else:
        found = (coded(of, field, owner, within) for of in get_args(kind))
    return set[Code]().union(*found)


def every() -> set[Code]:
    spoken = [of for line in lines().values() for of in (line.events, line.commands)]
    kinds = [adapter._type for adapter in spoken] + [RegistryEvent, RegistryCommand]
    return set[Code]().union(*map(coded, kinds))


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def is_english(text: str) -> bool:
    return any(letter.isascii() and letter.isalpha() for letter in text) and not is_chinese(text)


def parts() -> Iterator[Code]:
    for kind in (kind for line in lines_commanded() for kind in line.entitled):
        for of in fields(kind):
            single = of.item if of.kind is Kind.MANY else of
            if single.kind is Kind.RECORD:
                yield from ((single.name, label) for label in single.labels)


def test_every_code_of_every_field_of_every_line_has_words_in_both_languages() -> None:
    found = {(field, code) for field, code in every() if field not in PROPER}

    wordless = [one for one in sorted(found) if not (is_chinese(said(*one)[0]) and is_english(said(*one)[1]))]

    assert len(found) > 200
    assert wordless == []


def test_there_are_words_for_no_code_that_nobody_can_say() -> None:
    kinds = {("kind", kind) for kind in ("asset", "capital_increase", "equity", "exploration", "land_use", "mining")}

    assert {(field, code) for field, words in codes().items() for code in words} <= every() | kinds


def test_every_event_and_every_phase_of_every_line_has_a_word() -> None:
    events = {kind for line in lines().values() for kind in line.events.json_schema()["discriminator"]["mapping"]}
    phases = {code for field, code in every() if field == "phase"}

    assert [kind for kind in sorted(events) if not is_chinese(event_zh(kind))] == []
    assert [phase for phase in sorted(phases) if not is_chinese(phase_zh(phase))] == []
    assert len(events) > 200


def test_every_part_of_a_record_that_an_option_takes_has_a_chinese_name_and_no_other_has() -> None:
    known = set(parts())
    names = {label for _, label in known} | {".".join(one) for one in known}

    assert [one for one in sorted(known) if not is_chinese(part_zh(*one))] == []
    assert table()[PARTS].keys() <= names


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("breach", "unpaid", "未按期付款 unpaid"),
        ("role", "agency", "代理机构 agency"),
        ("title", "东城市政道路改造", "东城市政道路改造"),
    ],
)
def test_a_code_in_an_answer_is_told_in_chinese_beside_its_own_name(
    name: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer({name: value}, as_json=False)

    assert told in capsys.readouterr().out


def answered(source: str) -> Iterator[str]:
    """Yield the names of the fields that a module's `say` writes out."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    says = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "say"]
    for made in (node for call in says for node in ast.walk(call) if isinstance(node, ast.Dict)):
        yield from (key.value for key in made.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_every_field_of_an_answer_has_a_chinese_name() -> None:
    modules = Path(cli.__file__).parent.rglob("*.py")
    names = {name for module in modules for name in answered(module.read_text("utf-8"))}

    assert len(names) > 50
    assert names - LABELS.keys() == set()
    assert [label for label in LABELS.values() if not is_chinese(label)] == []
