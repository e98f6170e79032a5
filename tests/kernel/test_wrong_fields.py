"""A refusal of wrong fields: each named, in Chinese and in English, and none of their values."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, cast, get_args

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from shared.kernel.errors import BadInput
from shared.kernel.wrong_fields import _ZH, UNFIT, bad_input, own, said_zh

ROOT = Path(__file__).parents[2]
CHECKING = (
    "shared/kernel/codes.py",
    "shared/kernel/message.py",
    "shared/platform/settings.py",
    "shared/seal/envelope.py",
    "shared/seal/keys.py",
    "shared/seal/reserve.py",
    "shared/seal/statement.py",
)
"""The modules whose fields make checks of their own."""


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: Annotated[str, Field(min_length=1, max_length=3)]
    days: Annotated[int, Field(ge=0, le=10)] = 0
    kind: Literal["works", "goods"] = "works"
    parts: Annotated[list[str], Field(min_length=1)] = ["a"]
    number: Annotated[str, Field(pattern=r"^[1-9][0-9]{5}$")] = "100000"
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,48}$")] = "a"
    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{21}[AQgw]$")] = "A" * 22


@pytest.mark.parametrize(
    ("given", "zh"),
    [
        ({}, "title：缺少此项"),
        ({"title": ""}, "title：至少 1 字"),
        ({"title": "secret"}, "title：至多 3 字"),
        ({"title": "t", "colour": "secret"}, "colour：不认识的字段，请去掉"),
        ({"title": "t", "days": -1}, "days：不得小于 0"),
        ({"title": "t", "days": 11}, "days：不得大于 10"),
        ({"title": "t", "days": "secret"}, "days：应为整数"),
        ({"title": "t", "kind": "secret"}, "kind：应为 'works'、'goods' 之一"),
        ({"title": "t", "parts": []}, "parts：至少 1 项"),
        ({"title": "t", "number": "secret"}, "number：格式不符，应为 6 位数字，首位不为 0"),
        ({"title": "t", "id": "secret!"}, "id：格式不符，应为 1 至 48 位的字母、数字、_ 与 -"),
        ({"title": "t", "key": "secret"}, "key：格式不符，应为 规定长度的 base64url 编码，不补 ="),
    ],
)
def test_a_wrong_field_is_named_in_chinese_and_its_value_is_not(given: dict[str, object], zh: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(given)

    refusal = bad_input(caught.value)

    assert refusal.zh == f"输入有误，请更正后重新提交：{zh}"
    assert refusal.en.startswith(f"correct these and send again: {zh.partition('：')[0]}: ")
    assert "secret" not in refusal.zh + refusal.en


def test_an_error_of_no_known_kind_is_told_in_its_own_words() -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"title": b"\xff", "parts": ["a", None]})

    assert "parts.1：应为文本" in bad_input(caught.value).zh


def test_every_kind_of_error_of_the_library_is_told_in_chinese_and_never_in_its_own_words() -> None:
    context = {name: "X" for kind in _ZH.values() for _, name, _, _ in Formatter().parse(kind) if name}
    for kind in get_args(ErrorType):
        fault = {"type": kind, "loc": ("a",), "msg": "Library words", "ctx": {**context, "pattern": "^x$"}}

        told = said_zh(cast("Any", fault))

        assert "Library" not in told
        assert any("\u4e00" <= letter <= "\u9fff" for letter in told)


def test_only_kinds_that_no_message_can_have_are_told_in_general_words() -> None:
    checked = {"value_error", "assertion_error", "string_pattern_mismatch"}
    impossible = {
        "attribute",
        "instance",
        "dataclass",
        "tuple",
        "factory",
        "python",
        "sentinel",
        "ellipsis",
        "subclass",
    }
    impossible |= {"callable", "argument", "complex", "fraction", "deque", "dict", "counter", "iteration", "recursion"}
    general = set(get_args(ErrorType)) - _ZH.keys() - checked

    assert [kind for kind in sorted(general) if not set(kind.split("_")) & (impossible | {"frozen", "arguments"})] == []


def test_every_check_that_fields_of_the_platform_make_is_told_in_chinese() -> None:
    made = {text for path in CHECKING for text in _raised((ROOT / path).read_text("utf-8"))}

    assert len(made) > 15
    assert [text for text in sorted(made) if own(text) == UNFIT] == []


def _raised(source: str) -> Iterator[str]:
    """Yield what a module's checks say, of a text made of parts its first."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[ast.Constant(value=str(text))])):
                yield text
            case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[ast.JoinedStr(values=[first, *_])])):
                yield str(cast("ast.Constant", first).value)


def test_a_refusal_behind_a_field_is_told_in_chinese_too() -> None:
    def read(text: str) -> str:
        raise ValueError("not a code") from BadInput(f"编码有误，{len(text)}字", "not a code")

    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(Annotated[str, AfterValidator(read)]).validate_python("x")

    told = bad_input(wrong.value)
    assert "编码有误，1字" in told.zh
    assert "not a code" in told.en
