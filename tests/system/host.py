"""One host: an installation on RabbitMQ and PostgreSQL, run by `ggzy serve` as an operator would."""

import subprocess
import sys
from pathlib import Path

from cli.demo.stage import Stage
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMQ


class HostStage(Stage):
    """A stage whose services run one process each, with a relay and the door."""

    def __init__(self, data: Path, rabbitmq: RabbitMQ, postgres: Postgres) -> None:
        super().__init__(data)
        self.rabbitmq, self.postgres = rabbitmq, postgres
        self._admin = postgres.fresh_database()
        self._database = self._admin.rsplit("/", 1)[1].split("?")[0]

    def further_settings(self) -> dict[str, str]:
        """Name the servers; every service has a role of its own."""
        url = self.postgres.url(self._database, role="SERVICE").replace("SERVICE", "{service}")
        return {"GGZY_BROKER": self.rabbitmq.uri, "GGZY_DATABASE": url}

    def start_platform(self) -> None:
        """Make the schemas as their owner, then serve."""
        command = [sys.executable, "-m", "cli.main", "migrate", "--admin", self._admin, "--json"]
        subprocess.run(command, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        self.start("platform", "cli.main", "serve")
