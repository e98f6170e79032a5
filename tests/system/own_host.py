"""A one-host installation whose broker and database belong to the tests alone, so that their files can be read."""

import secrets
from pathlib import Path

from tests.servers.postgres import PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ
from tests.system.host import HostStage


class OwnHost(HostStage):
    """A host stage on a virtual host of its own, so that it shares no queue with another installation."""

    def __init__(self, data: Path, rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgres) -> None:
        super().__init__(data, rabbitmq, postgres)
        self.own_rabbitmq, self.own_postgres = rabbitmq, postgres
        self.broker = ""

    def further_settings(self) -> dict[str, str]:
        self.broker = self.own_rabbitmq.create_vhost(f"ggzy-{secrets.token_hex(4)}")
        return {**super().further_settings(), "GGZY_BROKER": self.broker}

    @property
    def database(self) -> str:
        """The name of the installation's database."""
        return self._database

    def stop_platform(self) -> None:
        """End the services and the door; the servers and the witness go on."""
        platform = self._processes.pop(0)
        platform.terminate()
        platform.wait(40)

    def restart_platform(self) -> None:
        """Migrate and serve again, and wait until the door answers."""
        self.start_platform()
        self._processes.insert(0, self._processes.pop())
        self.wait("the platform", lambda: self.client.get("/api/health")["ok"])
