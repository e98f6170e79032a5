"""What every measure is given: private servers, started when first asked for, a folder, and its size."""

from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Self

from tests.bench.installation import Servers
from tests.servers.postgres import PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ


class Bench:
    """A run of the bench as a context. `small` runs show that a measure works; their rates mean nothing."""

    def __init__(self, *, small: bool) -> None:
        self.small = small
        self._held = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def size(self, full: int, small: int) -> int:
        """Return how much to do in this run."""
        return small if self.small else full

    @cached_property
    def folder(self) -> Path:
        """A folder on the disk that temporary files lie on, gone at the end."""
        folder = Path(mkdtemp(prefix="ggzy-bench-"))
        self._held.callback(rmtree, folder)
        return folder

    @cached_property
    def servers(self) -> Servers:
        """A broker and a database server of our own, durable as in an installation (fsync on)."""
        rabbitmq = self._held.enter_context(PrivateRabbitMQ())
        return Servers(rabbitmq, self._held.enter_context(PrivatePostgres()))
