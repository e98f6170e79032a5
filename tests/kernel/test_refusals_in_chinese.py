"""No Chinese sentence carries what a library, or an exception of ours, says in English."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def is_chinese(node: ast.AST) -> bool:
    texts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return any("\u4e00" <= letter <= "\u9fff" for text in texts for letter in text)


def mixed(source: str) -> Iterator[int]:
    """Yield the lines on which a Chinese sentence is made of an exception as it stands, or of its `strerror`."""
    for caught in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler) and node.name):
        for text in (node for node in ast.walk(caught) if isinstance(node, ast.JoinedStr) and is_chinese(node)):
            yield from (one.lineno for one in text.values if _is_english(one, str(caught.name)))


def _is_english(part: ast.expr, name: str) -> bool:
    match part:
        case ast.FormattedValue(value=ast.Name(id=found)):
            return found == name
        case ast.FormattedValue(value=ast.Attribute(value=ast.Name(id=found), attr="strerror" | "msg" | "args")):
            return found == name
        case _:
            return False


def test_a_chinese_sentence_is_made_of_no_exceptions_own_words() -> None:
    modules = [path for room in ("cli", "services", "shared", "witness") for path in (ROOT / room).rglob("*.py")]

    found = {f"{path.relative_to(ROOT)}:{line}" for path in modules for line in mixed(path.read_text("utf-8"))}

    assert len(modules) > 300
    assert found == set()


def test_what_is_looked_for_is_found() -> None:
    source = "try:\n    f()\nexcept OSError as error:\n    g(f'不能读：{error}')\n    g(f'不能读：{error.zh}')\n"

    assert list(mixed(source)) == [4]
