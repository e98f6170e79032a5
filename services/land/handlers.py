"""What land adds to the handling of its commands."""

from services.land import BOOKS, LINE
from services.land.domain.law import LAW
from shared.runtime.lots.port import LotPort
from shared.runtime.tools import Tools


def land_port(tools: Tools) -> LotPort:
    """Return land's side of the kernel."""
    return LotPort(LINE, BOOKS, LAW, tools)
