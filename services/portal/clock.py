"""The door's clock: how far it is off the installation's, and that it takes no bids while that is too far."""

import asyncio
from datetime import timedelta

from services.portal.desk import Desk
from services.portal.problems import Problem
from shared.platform.clock import SystemClock
from shared.platform.logs import logger
from shared.store.database import is_fault
from shared.store.dbclock import clock_offset

ALLOWED = timedelta(milliseconds=100)
MEASURED_SECONDS = 5.0


class ClockWatch:
    """Measures the offset from the database's clock each few seconds; without a database to ask it is the last one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.offset = timedelta()

    @property
    def offset_ms(self) -> int:
        """By how many milliseconds the door is ahead."""
        return round(self.offset / timedelta(milliseconds=1))

    @property
    def right(self) -> bool:
        """Whether the door may take bids."""
        return abs(self.offset) <= ALLOWED

    def require_right(self) -> None:
        """Raise Problem while the door's clock is off."""
        if not self.right:
            zh = "平台入口时钟偏差超过100毫秒，暂不受理递交，请立即联系运营机构"
            raise Problem("clock_off", zh, "the door's clock is more than 100 ms off: it takes no bids")

    async def measure(self) -> None:
        """Measure once."""
        database = self._desk.database(min(self._desk.lines))
        self.offset = await self._desk.in_thread(clock_offset, database, SystemClock().now)
        if not self.right:
            logger().error("clock_off", offset_ms=self.offset_ms)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            try:
                await self.measure()
            except Exception as error:
                if not is_fault(error):
                    raise
                logger().warning("clock_not_measured", error=type(error).__name__)
            await asyncio.sleep(MEASURED_SECONDS)
