"""The units, the image, the containers and the proxy: they name commands, settings and services there are."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml  # type: ignore[import-untyped]  # nameko's, which publishes no types of it
from typer.exceptions import TyperException

from cli.main import app
from shared.platform.settings import Settings
from shared.runtime.lines import lines, services_found
from tests.deploy.deployed import DEPLOY

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PARTS = DEPLOY / "systemd" / "ggzy.env"
PROGRAM = "/opt/ggzy/.venv/bin/ggzy"
BROKER = "amqp://ggzy-bidding:secret@127.0.0.1/ggzy"
ROOT = DEPLOY.parent


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def require(words: Sequence[str]) -> None:
    """Let typer read a command line as `ggzy` would. Raise KeyError or TyperException for what is not there."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_parser(typer.Context(command)).parse_args(rest)
    there = {"serve": services_found(), "relay": lines()}
    assert set(words[1:]) <= set(there.get(words[0], words)), words


def starts(unit: Path) -> Iterator[list[str]]:
    for line in unit.read_text().splitlines():
        if line.startswith("ExecStart="):
            yield shlex.split(line.removeprefix("ExecStart="))


def settings_of(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Z]", line))
    return {name: value.strip("'") for name, value in pairs}


def loaded(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of an environment that holds these variables and no other GGZY_ one."""
    for name in [name for name in os.environ if name.startswith("GGZY_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_a_command_line_that_is_not_there_is_found() -> None:
    with pytest.raises(KeyError):
        require(["frobnicate"])
    with pytest.raises(TyperException):
        require(["migrate", "--nothing"])
    with pytest.raises(AssertionError):
        require(["serve", "nobody"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_there_is(unit: Path) -> None:
    (start,) = starts(unit)

    assert start[0] == PROGRAM
    for service in lines():
        require([word.replace("%i", service) for word in start[1:]])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_what_systemd_takes(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    for one in UNITS:
        text = one.read_text().replace(PROGRAM, "/bin/true")
        (tmp_path / one.name.replace("@", "@bidding")).write_text(text)

    path = tmp_path / unit.name.replace("@", "@bidding")
    found = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_may_write_its_data_alone_and_is_kept_running(unit: Path) -> None:
    text = unit.read_text()

    hardened = {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet="}
    assert hardened <= set(text.splitlines())
    assert re.findall(r"^ReadWritePaths=(.*)$", text, re.MULTILINE) in (["/var/lib/ggzy"], ["%S/ggzy-witness"])
    assert re.search(r"^Restart=(always|on-failure)$", text, re.MULTILINE)
    assert ("Type=oneshot" in text) == ("Restart=on-failure" in text)
    assert not re.search(r"^User=root", text, re.MULTILINE)


def test_the_units_settings_are_settings_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings_of(PARTS.read_text())

    found = loaded(given | {"GGZY_BROKER": BROKER}, monkeypatch)

    assert {name.removeprefix("GGZY_").lower() for name in given} <= set(Settings.model_fields)
    assert not found.embedded
    assert "{service}" in found.database


def test_every_container_runs_a_command_there_is_with_settings_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, service in compose()["services"].items():
        if service["image"] != "ggzy":
            continue
        words = service["command"]
        words = words if words[0] == "ggzy" else shlex.split(words[2].removeprefix("exec "))
        require(words[1:])
        given = {key: value for key, value in service.get("environment", {}).items() if key.startswith("GGZY_")}
        assert {key.removeprefix("GGZY_").lower() for key in given} <= set(Settings.model_fields), name
        if given:
            assert not loaded(given | {"GGZY_BROKER": BROKER}, monkeypatch).embedded


def test_every_service_and_every_journal_has_its_container() -> None:
    commands = [service.get("command") for service in compose()["services"].values()]

    for service in services_found():
        assert ["ggzy", "serve", service] in commands
    for line in lines():
        assert ["ggzy", "relay", line] in commands
    assert ["ggzy", "portal"] in commands


def test_containers_hold_no_secret_and_files_that_are_there() -> None:
    document = compose()
    text = (DEPLOY / "compose.yaml").read_text()

    assert not re.search(r"PASSWORD(?!_FILE)\s*:|amqp://", text)
    for name, service in document["services"].items():
        parts = service.get("environment", {}).get("PARTS", "").split()
        wanted = {f"{part}.env" for part in parts}
        assert wanted <= set(service.get("secrets", [])), name
        assert set(service.get("secrets", [])) <= set(document["secrets"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            made = source.startswith(("./secrets", "./tls")) or source in document["volumes"]
            assert made or (DEPLOY / source).is_file(), volume
        for other in service.get("depends_on", {}):
            assert other in document["services"]
        assert not name.startswith("ggzy") or service["read_only"]


def test_containers_of_the_platform_have_no_rights_to_lose() -> None:
    for service in compose()["services"].values():
        if service["image"] == "ggzy":
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert "no-new-privileges:true" in service["security_opt"]


def test_the_secrets_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    command = [str(DEPLOY / "secrets.sh"), str(tmp_path / "secrets"), "rabbitmq", "postgres"]

    subprocess.run(command, check=True)
    again = subprocess.run(command, capture_output=True, check=False)

    made = {path.name for path in (tmp_path / "secrets").iterdir()}
    wanted = {Path(entry["file"]).name for entry in compose()["secrets"].values()} | {"roles.sql"}
    assert wanted - made == {"witness.key", "witness.logs"}
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "secrets").iterdir()} == {0}
    assert again.returncode == 1


def test_the_entrypoint_reads_the_parts_and_becomes_the_command(tmp_path: Path) -> None:
    (tmp_path / "bidding.env").write_text("GGZY_BROKER=amqp://bidding\nPGPASSWORD=one\n")
    (tmp_path / "relay.env").write_text("GGZY_BROKER=amqp://relay\n")
    environment = {"PATH": os.environ["PATH"], "SECRETS": str(tmp_path), "PARTS": "bidding relay"}

    said = subprocess.run(
        [str(DEPLOY / "entrypoint.sh"), "sh", "-c", 'echo "$GGZY_BROKER $PGPASSWORD"'],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    missing = subprocess.run(
        [str(DEPLOY / "entrypoint.sh"), "true"], env=environment | {"PARTS": "nobody"}, capture_output=True, check=False
    )

    assert said == "amqp://relay one\n"
    assert missing.returncode != 0


def test_the_broker_knows_every_service() -> None:
    setup = compose()["services"]["broker-setup"]

    assert {f"{service}.env" for service in services_found()} <= set(setup["secrets"])


def test_the_image_is_built_of_files_there_are_by_nobody_of_rank() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()

    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"python:3.11-slim-bookworm"}
    assert "--require-hashes" in dockerfile
    for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignored
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["ggzy"]


def test_the_proxy_keeps_no_record_of_requests_and_holds_nothing_back() -> None:
    conf = (DEPLOY / "nginx.conf").read_text()

    assert re.findall(r"access_log (\S+);", conf) == ["off"]
    assert "log_format" not in conf
    assert "proxy_request_buffering off;" in _block(conf, "location /api/uploads {")
    assert "proxy_buffering off;" in _block(conf, "location = /api/events {")
    assert re.findall(r"ssl_protocols (.*);", conf) == ["TLSv1.2 TLSv1.3"]


def test_the_proxy_takes_its_settings(tmp_path: Path) -> None:
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "1"]
    files = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run([*made, *files], check=True, capture_output=True)
    conf = tmp_path / "nginx.conf"
    conf.write_text((DEPLOY / "nginx.conf").read_text().replace("/etc/nginx/tls", str(tmp_path)))

    found = subprocess.run(["nginx", "-t", "-c", str(conf)], capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda script: script.name)
def test_a_script_can_be_read_by_its_shell_and_stops_at_the_first_fault(script: Path) -> None:
    text = script.read_text()
    shell = "bash" if "bash" in text.partition("\n")[0] else "sh"

    assert os.access(script, os.X_OK)
    assert re.search(r"^set -eu(o pipefail)?$", text, re.MULTILINE)
    assert shell == "sh" or "set -euo pipefail" in text
    subprocess.run([shell, "-n", str(script)], check=True)


@pytest.mark.parametrize(
    ("package", "elsewhere"), [("rabbitmq-server-none", True), ("postgresql-none", True), ("none-venv", False)]
)
def test_who_may_install_nothing_is_told_the_command_and_where_servers_could_be(
    package: str, *, elsewhere: bool, tmp_path: Path
) -> None:
    nobody = tmp_path / "id"
    nobody.write_text("#!/bin/sh\necho 1000\n")
    nobody.chmod(0o755)

    told = subprocess.run(
        [DEPLOY / "install.sh", package], env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert told.returncode == 1
    assert f"missing: {package}" in told.stderr
    assert f"{DEPLOY / 'install.sh'} {package}" in told.stderr
    assert ("AMQP_URI and DATABASE_URL" in told.stderr) is elsewhere


def _block(conf: str, opening: str) -> str:
    """Return what stands between an opening and the next closing brace."""
    assert conf.count(opening) == 1
    return conf.partition(opening)[2].partition("}")[0]
