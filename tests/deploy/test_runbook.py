"""The runbook names only commands, units, scripts, tables and log lines that there are."""

import re
import shlex

import pytest

from shared.runtime.lines import lines, services_found, views_metadata
from shared.store.tables import metadata
from tests.deploy.deployed import DEPLOY
from tests.deploy.test_files import ROOT, UNITS, require

RUNBOOK = (DEPLOY / "runbook.md").read_text()
LINES = [line for block in re.findall(r"```sh\n(.*?)```", RUNBOOK, re.DOTALL) for line in block.splitlines()]
COMMANDS = [line.partition(" ggzy ")[2] for line in LINES if re.match(r"parts \w+ ggzy ", line)]
UNIT = re.compile(r"(ggzy-[a-z]+)(@[a-z*]+)?")


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_a_command_is_there(command: str) -> None:
    require(shlex.split(command))


def test_every_unit_and_its_service_is_there() -> None:
    named = {found.groups() for line in LINES if "systemctl" in line for found in UNIT.finditer(line)}
    there = {unit.stem for unit in UNITS}

    assert named
    for unit, service in named:
        assert (f"{unit}@" if service else unit) in there
        if service not in {None, "@*"}:
            assert service[1:] in (lines() if unit == "ggzy-relay" else services_found())


def test_every_script_and_module_is_there() -> None:
    for path in re.findall(r"/opt/ggzy/(deploy/\S+\.sh)", "\n".join(LINES)):
        assert (ROOT / path).is_file()
    for module in re.findall(r"python -m (\S+)", "\n".join(LINES)):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


def test_every_table_and_column_is_there() -> None:
    asked = [line for line in LINES if line.startswith("sql ")]
    named = {found for line in asked for found in re.findall(r"(?:FROM|JOIN) ([a-z]+)\.(\w+)", line)}

    assert named
    for service, table in named:
        there = set(views_metadata(service).tables) | (set(metadata.tables) if service in lines() else set())
        assert table in there, (service, table)


def test_every_log_line_is_one_that_is_written() -> None:
    source = "".join(
        path.read_text() for folder in ("shared", "services", "cli") for path in (ROOT / folder).rglob("*.py")
    )

    for name in set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", RUNBOOK)):
        assert f'"{name}"' in source, name


def test_every_section_says_where_to_look_in_both_languages() -> None:
    sections = RUNBOOK.split("\n## ")[1:]

    assert len(sections) == 12
    for section in sections:
        assert "```sh" in section
        assert re.search(r"[一-鿿]", section)
        assert len(re.findall(r"[A-Za-z]{3,}", re.sub(r"```sh.*?```", "", section, flags=re.DOTALL))) > 10
