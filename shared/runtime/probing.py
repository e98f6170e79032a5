"""The service's side of the health probe: each leaves a new echo to be told, and may bring an earlier one back."""

from collections.abc import Sequence

from shared.kernel.canonical import instant
from shared.platform.door import NotFromTheDoor, Probe
from shared.platform.logs import logger
from shared.runtime.calls import Probed
from shared.runtime.tools import Tools
from shared.store import health


class Probing:
    """Takes in the probes of one service's way. One door more or less is the same: echoes are the service's own."""

    def __init__(self, service: str, tools: Tools) -> None:
        self._service = service
        self._tools = tools

    def take(self, batch: Sequence[Probed]) -> None:
        """Take in probes, all in one transaction that leaves one echo."""
        probes = [probe for probed in batch if (probe := self._read(probed)) is not None]
        if not probes:
            return
        came = [at for probe in probes if (at := self._tools.echoes.read(probe.echo)) is not None]
        with self._tools.database.write() as connection:
            real, now = self._tools.machine.now(), self._tools.clock.now()
            new = self._tools.echoes.make(real)
            ends_gap = health.beat(connection, new, max(came, default=None), now_real=real, now=now)
        if ends_gap:
            logger().info("probes_come_round", of_service=self._service, mended_at=instant(now))

    def _read(self, probed: Probed) -> Probe | None:
        try:
            probe = self._tools.gatekeeper.probe(probed.asked, probed.signature)
        except NotFromTheDoor:
            logger().error("probe_not_from_the_door")
            return None
        return probe if probe.service == self._service else None
