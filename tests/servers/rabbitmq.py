"""A RabbitMQ for tests: a private node with quorum queues by default, or the broker that AMQP_URI names."""

import os
import secrets
import signal
import subprocess
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Never

from tests.servers.process import ServerFault, free_ports, is_listening, wait_until
from tests.servers.server import GivenServer, PrivateServer, Server

PROGRAMS = Path("/usr/lib/rabbitmq/bin")
"""Debian's place of the plain programs; those in /usr/sbin switch to the system's user and node."""

VHOST = "ggzy"


class RabbitMQ(Server):
    """A broker that tests may fill with what they like."""

    @property
    @abstractmethod
    def uri(self) -> str:
        """Where clients connect: amqp://user:password@host:port/vhost."""

    @abstractmethod
    def ctl(self, *arguments: str) -> str:
        """Run rabbitmqctl on the node and give what it printed; ServerFault if it fails."""

    @abstractmethod
    def create_vhost(self, name: str) -> str:
        """Make a vhost whose durable queues are quorum queues unless they say otherwise; give its URI."""


class GivenRabbitMQ(GivenServer, RabbitMQ):
    """The broker that AMQP_URI names, in its vhost alone, which should have been made for tests."""

    variable = "AMQP_URI"

    def __init__(self, uri: str) -> None:
        self._uri = uri

    @property
    def uri(self) -> str:
        return self._uri

    def ctl(self, *_: str) -> Never:
        self.refuse()

    def create_vhost(self, name: str) -> Never:
        self.refuse(name)


class PrivateRabbitMQ(PrivateServer, RabbitMQ):
    """A node on free loopback ports with an epmd of its own; `settings` are lines of rabbitmq.conf.

    One Erlang scheduler, so that the broker leaves the other core to what is tested.
    """

    def __init__(
        self, *, inside: Path | None = None, schedulers: int = 1, settings: Mapping[str, str] | None = None
    ) -> None:
        if not (PROGRAMS / "rabbitmq-server").exists():
            raise ServerFault("rabbitmq-server is not installed: run deploy/install.sh, or set AMQP_URI")
        super().__init__("rabbitmq", user="rabbitmq", inside=inside)
        self.port, self.distribution_port, self.epmd_port = free_ports(3)
        self._erlang = f"+S {schedulers}:{schedulers} +SDcpu 1:1 -start_epmd false"
        self._erlang += " -kernel inet_dist_use_interface {127,0,0,1}"
        self._node = f"ggzy-{secrets.token_hex(4)}@localhost"
        self._epmd: subprocess.Popen[bytes] | None = None
        self._new = True
        lines = [f"{key} = {value}\n" for key, value in (settings or {}).items()]
        (self.directory / "rabbitmq.conf").write_text("".join(lines))
        (self.directory / "enabled_plugins").write_text("[].\n")

    @property
    def uri(self) -> str:
        return self._uri(VHOST)

    def _uri(self, vhost: str) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{vhost}"

    @property
    def epmd_pid(self) -> int:
        """The process id of the node's own Erlang port mapper; ServerFault if it does not run."""
        if self._epmd is None:
            raise ServerFault("epmd runs from the first start of the node to its stop")
        return self._epmd.pid

    def _launch(self) -> None:
        if self._epmd is None:
            self._epmd = self._spawn(["epmd"], "KILL", self._variables())
            wait_until(lambda: is_listening(self.epmd_port), f"epmd on port {self.epmd_port}")
        # "detached" lets the script become the node; else it stays as its parent and a kill misses the node.
        variables = self._variables() | {"detached": "yes"}
        self._process = self._spawn([str(PROGRAMS / "rabbitmq-server")], "TERM", variables)
        self._await(lambda: is_listening(self.port))
        if self._new:
            self.ctl("await_startup")  # it listens some moments before it serves
            self.create_vhost(VHOST)
            self._new = False

    def stop(self) -> None:
        try:
            self._end(signal.SIGTERM)
        finally:
            if self._epmd is not None:
                self._epmd.kill()
                self._epmd.wait()
                self._epmd = None

    def ctl(self, *arguments: str) -> str:
        return self._run([str(PROGRAMS / "rabbitmqctl"), "--quiet", *arguments], self._variables())

    def create_vhost(self, name: str) -> str:
        self.ctl("add_vhost", name, "--default-queue-type", "quorum")
        self.ctl("set_permissions", "--vhost", name, "guest", ".*", ".*", ".*")
        return self._uri(name)

    def settle(self) -> None:
        """Make the queues declared so far fit for a kill.

        RabbitMQ 3.10 writes the register of quorum queues to disk up to a second after it has confirmed a
        new one; a node killed before that never finds the queue's leader again.
        """
        self.ctl("eval", "[dets:sync(Table) || Table <- dets:all()].")

    def _variables(self) -> dict[str, str]:
        """Name the node's places and ports to rabbitmq-server, rabbitmqctl and epmd."""
        own = {
            "NODENAME": self._node,
            "NODE_IP_ADDRESS": "127.0.0.1",
            "NODE_PORT": str(self.port),
            "DIST_PORT": str(self.distribution_port),
            "MNESIA_BASE": str(self.directory / "data"),
            "LOG_BASE": str(self.directory / "log"),
            "PID_FILE": str(self.directory / "pid"),
            "CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "CONF_ENV_FILE": "/dev/null",
            "ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "SERVER_ADDITIONAL_ERL_ARGS": self._erlang,
            "CTL_ERL_ARGS": self._erlang,
        }
        epmd = {"ERL_EPMD_PORT": str(self.epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
        return {f"RABBITMQ_{name}": value for name, value in own.items()} | epmd


def rabbitmq_server() -> RabbitMQ:
    """Take the broker that AMQP_URI names, or else a private one."""
    given = os.environ.get("AMQP_URI")
    return GivenRabbitMQ(given) if given else PrivateRabbitMQ()
