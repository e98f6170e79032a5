"""The law that the line sells under: land-use rights and mining rights in one table, and the rules of each kind."""

from collections.abc import Mapping

from services.land.domain.land import LAND, LAND_RULES
from services.land.domain.mining import EXPLORATION_RULES, MINING, MINING_RULES
from shared.law.making import Versions
from shared.procedure.lot.common import COMMON
from shared.procedure.lot.rules import Rules

LAW: Mapping[str, Versions] = {**LAND, **MINING, **COMMON}
"""The clauses of the line."""

RULES: Mapping[str, Rules] = {"land_use": LAND_RULES, "exploration": EXPLORATION_RULES, "mining": MINING_RULES}
"""The rules of each kind of right that the line sells: 国有建设用地使用权, 探矿权, 采矿权."""
