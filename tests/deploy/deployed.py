"""A broker set up by deploy/: its rabbitmq.conf, its users made by rabbitmq-setup.sh."""

import shutil
import subprocess
from pathlib import Path

from tests.servers.rabbitmq import PROGRAMS, PrivateRabbitMQ

_PORT = "RABBITMQ_NODE_PORT"
DEPLOY = Path(__file__).parents[2] / "deploy"


class DeployedRabbitMQ(PrivateRabbitMQ):
    """A private node with deploy/rabbitmq.conf, on a port of its own."""

    def __init__(self) -> None:
        super().__init__()
        conf = (DEPLOY / "rabbitmq.conf").read_text()
        assert conf.count("127.0.0.1:5672") == 1
        (self.directory / "rabbitmq.conf").write_text(conf.replace(":5672", f":{self.port}"))

    def _variables(self) -> dict[str, str]:
        """Leave address and port to the file."""
        own = super()._variables()
        return {name: value for name, value in own.items() if name not in {"RABBITMQ_NODE_IP_ADDRESS", _PORT}}

    def set_up(self, secrets: Path) -> None:
        """Run deploy/rabbitmq-setup.sh as whoever runs the broker."""
        own = self.directory / "secrets"
        shutil.copytree(secrets, own, dirs_exist_ok=True)
        for path in (own, *own.iterdir()):
            shutil.chown(path, self.directory.owner(), self.directory.group())
        self.script("rabbitmq-setup.sh", str(own))

    def script(self, name: str, *arguments: str) -> str:
        """Run a script of deploy/ and return what it said; ServerFault if it fails."""
        own = self.directory / name
        shutil.copy(DEPLOY / name, own)
        own.chmod(0o755)
        return self._run([str(own), *arguments], {**self._variables(), "RABBITMQCTL": str(PROGRAMS / "rabbitmqctl")})


def make_secrets(folder: Path, broker: PrivateRabbitMQ, database: str = "127.0.0.1") -> Path:
    """Run deploy/secrets.sh for a broker and return the folder it made."""
    command = [str(DEPLOY / "secrets.sh"), str(folder), f"127.0.0.1:{broker.port}", database]
    subprocess.run(command, check=True)
    return folder


def variables(secrets: Path, part: str) -> dict[str, str]:
    """Return what a part's file puts into its environment."""
    return dict(line.split("=", 1) for line in (secrets / f"{part}.env").read_text().splitlines())
