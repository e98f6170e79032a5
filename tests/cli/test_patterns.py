"""Every pattern that a command of any line asks of a text is told in words, never as the pattern."""

from collections.abc import Iterator
from typing import Any

from cli.commanded import lines_commanded
from shared.kernel.wrong_fields import meaning


def test_every_pattern_of_every_command_has_words_in_both_languages() -> None:
    patterns = {found for line in lines_commanded() for found in _patterns(line.commands.json_schema())}

    silent = [pattern for pattern in patterns if meaning(pattern) == (pattern, pattern)]

    assert len(patterns) > 10
    assert silent == []


def _patterns(schema: Any) -> Iterator[str]:
    """Yield the patterns in a schema, wherever they stand."""
    children = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and isinstance(schema.get("pattern"), str):
        yield schema["pattern"]
    for child in children:
        yield from _patterns(child)
