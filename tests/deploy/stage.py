"""An installation run as deploy/ says, each part with its own broker user and role; to be backed up and restored."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from cli.demo.stage import Stage
from shared.runtime.lines import lines, services_found
from tests.deploy.deployed import DEPLOY, DeployedRabbitMQ, make_secrets, variables
from tests.servers.postgres import PrivatePostgres

QUIET_LOOKS = 30
"""How often the checkpoint must be seen unchanged, a tenth of a second apart, to count as the last one."""


class DeployedStage(Stage):
    """A stage on a broker and a database that deploy/'s scripts set up."""

    def __init__(self, data: Path, rabbitmq: DeployedRabbitMQ, postgres: PrivatePostgres) -> None:
        super().__init__(data)
        self.rabbitmq, self.postgres = rabbitmq, postgres
        self._secrets = make_secrets(data.parent / "secrets", rabbitmq, f"127.0.0.1:{postgres.port}")
        rabbitmq.set_up(self._secrets)
        for statement in (self._secrets / "roles.sql").read_text().split(";\n"):
            if statement:
                postgres.execute(statement)

    def further_settings(self) -> dict[str, str]:
        url = f"postgresql+psycopg2://{{service}}@127.0.0.1:{self.postgres.port}/ggzy"
        return {**variables(self._secrets, "operator"), "GGZY_DATABASE": url}

    def start_platform(self) -> None:
        """Migrate as the owner, then start each part as a unit or container would."""
        given = variables(self._secrets, "migrate")
        self.ggzy("migrate", "--admin", given["ADMIN_URL"], environment=given)
        for service in services_found():
            self._start_part([service], "serve", service)
        for line in lines():
            self._start_part([line, "relay"], "relay", line)
        self._start_part(["portal"], "portal")

    def ggzy(self, *words: str, environment: dict[str, str] | None = None) -> str:
        """Run a command to its end and return what it said; CalledProcessError if it fails."""
        command = [sys.executable, "-m", "cli.main", *words]
        given = self.environment | (environment or {})
        return subprocess.run(command, env=given, check=True, stdout=subprocess.PIPE, text=True).stdout

    def back_up(self, folder: Path, passphrase: Path) -> None:
        """Run deploy/backup.sh while the platform runs."""
        self._script("backup.sh", str(self.data), self.dsn, str(folder), str(passphrase))

    def restore(self, folder: Path, passphrase: Path, **environment: str) -> None:
        """Run deploy/restore.sh and put what it brought back in its place."""
        restored = self.data.parent / "restored"
        self._script("restore.sh", str(folder), str(restored), self.dsn, str(passphrase), **environment)
        for path in restored.iterdir():
            shutil.move(path, self.data / path.name)
        restored.rmdir()

    def destroy(self) -> None:
        """Lose everything but what belongs to others, the wallets and the witness, and what was backed up."""
        *parts, witness = self._processes  # which the stage starts last
        for process in parts:
            process.kill()
            process.wait()
        self._processes = [witness]
        self.rabbitmq.ctl("delete_vhost", "ggzy")
        self.postgres.execute("DROP DATABASE ggzy WITH (FORCE)")
        for name in ("keys", "blobs", "opened", "ledger"):
            shutil.rmtree(self.data / name, ignore_errors=True)
        (self.data / "clock.json").unlink()

    def stop_platform(self) -> None:
        """End every part in order; broker, database and witness go on."""
        *parts, witness = self._processes
        for process in parts:
            process.terminate()
        for process in parts:
            process.wait(40)
        self._processes = [witness]

    def restore_alone(self, service: str, folder: Path) -> None:
        """Bring one service's schema back from a backup, and leave all else as it is."""
        self.postgres.execute(f"DROP SCHEMA {service} CASCADE", "ggzy")
        self.postgres.execute(f"CREATE SCHEMA {service} AUTHORIZATION ggzy", "ggzy")
        asked = ["pg_restore", "--no-password", "--exit-on-error", "--single-transaction", f"--schema={service}"]
        subprocess.run([*asked, f"--dbname={self.dsn}", str(folder / "database.dump")], check=True)

    def recover(self, service: str) -> dict[str, Any]:
        """Run `ggzy recover` as the runbook says: with the operator's broker user and everyone's passwords."""
        given = {**variables(self._secrets, "operator"), "PGPASSFILE": str(self._secrets / "pgpass")}
        said: dict[str, Any] = json.loads(self.ggzy("recover", service, "--json", environment=given))
        return said

    def make_servers_anew(self) -> None:
        """Set the broker up again and make an empty database."""
        self.rabbitmq.set_up(self._secrets)
        self.postgres.execute("CREATE DATABASE ggzy OWNER ggzy")

    def restart_platform(self) -> None:
        """Start every part again and wait until the door answers."""
        witness = self._processes.pop()
        self.start_platform()
        self._processes.append(witness)
        self.wait("the platform", lambda: self.client.get("/api/health")["ok"])

    def checkpoint(self) -> bytes:
        """Return the published checkpoint once it grows no more."""
        seen: list[bytes] = []

        def look() -> bytes | None:
            note = (self.data / "ledger" / "checkpoint").read_bytes()
            seen[:] = [*seen, note] if not seen or seen[-1] == note else [note]
            return note if len(seen) > QUIET_LOOKS else None

        return self.wait("the ledger to be quiet", look)

    @property
    def dsn(self) -> str:
        """The database as its owner reaches it."""
        return self.postgres.dsn("ggzy", role="ggzy")

    def _start_part(self, parts: list[str], *words: str) -> None:
        """Start a process with the files of its parts, the last with the last word."""
        usual = self.environment
        for part in parts:
            self.environment = self.environment | variables(self._secrets, part)
        try:
            self.start("-".join(words), "cli.main", *words)
        finally:
            self.environment = usual

    def _script(self, name: str, *arguments: str, **environment: str) -> None:
        programs = {"PATH": os.environ["PATH"], **environment}
        subprocess.run([str(DEPLOY / name), *arguments], env=programs, check=True)
