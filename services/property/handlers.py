"""What property adds to the handling of its commands."""

from services.property import BOOKS, LINE
from services.property.domain.law import LAW
from shared.runtime.lots.port import LotPort
from shared.runtime.tools import Tools


def property_port(tools: Tools) -> LotPort:
    """Return property's side of the kernel."""
    return LotPort(LINE, BOOKS, LAW, tools)
