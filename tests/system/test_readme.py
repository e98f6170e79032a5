"""The README by hand: its commands as they stand, typed into two shells on an installation of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
BY_HAND = ("A first tender by hand", "A listing by hand", "Verifying the record yourself")


def commands(title: str) -> list[str]:
    """Return the indented blocks of a section of the README."""
    section = (ROOT / "README.md").read_text("utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [
        re.sub(r"^ {4}", "", found, flags=re.MULTILINE)
        for found in re.findall(r"(?:^ {4}.*\n)+", section, re.MULTILINE)
    ]


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """Give a directory as the README's reader has it, with ports and keys of its own."""
    (tmp_path / "cli").symlink_to(ROOT / "cli")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    given = {"GGZY_PORT": port, "GGZY_URL": f"http://127.0.0.1:{port}", "GGZY_HOME": str(tmp_path / "home")}
    return {**os.environ, **given, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_every_command_of_the_readme_works_as_it_stands(tmp_path: Path, place: dict[str, str]) -> None:
    start, *steps = [block for title in BY_HAND for block in commands(title)]
    same = start.splitlines()[0]
    with (tmp_path / "up.log").open("wb") as log:
        up = subprocess.Popen(
            ["bash", "-ec", start.replace("ggzy up", "exec ggzy up")], cwd=tmp_path, env=place, stdout=log, stderr=log
        )
        try:
            wait = "until ggzy doctor; do sleep 0.3; done"
            made = subprocess.run(
                ["bash", "-ec", "\n".join([same, wait, "set -x", *steps])],
                cwd=tmp_path,
                env=place,
                timeout=300,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(40)

    assert made.returncode == 0, made.stdout[-4000:]
    assert made.stdout.count("核验通过 / verified") == 5
    assert "已导入 / imported" in made.stdout
    assert "Traceback" not in made.stdout
