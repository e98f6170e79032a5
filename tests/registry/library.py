"""The experts and draws of these tests."""

import hashlib
from datetime import date
from typing import Any

from services.registry.domain.expert_commands import EnrolExpert, RequestDraw
from services.registry.domain.expert_values import Qualification, Wanted
from shared.kernel.request import Actor
from shared.procedure.draw import commit
from tests.registry.world import BRIDGE

AGENCY = Actor(account="agency-1", role="agency", region="370500", party="party-agency")
BIDDER = f"CN-USCC:{BRIDGE.id}"
ON = date(2026, 12, 5)


def qualification(**changes: Any) -> Qualification:
    fields = {"specialities": ("市政工程",), "title": "senior", "years": 8, "region": "370502"}
    return Qualification(**{**fields, **changes})


def enrol(number: int, **changes: Any) -> EnrolExpert:
    return EnrolExpert(expert=f"e{number:02}", qualification=qualification(**changes))


def wanted(**changes: Any) -> Wanted:
    fields = {"draw": "D1", "tender": "T1", "line": "construction", "on": ON, "speciality": "市政工程", "seats": 5}
    fields |= {"region": "370500", "reserve": 2, "others": 0, "parties": (BIDDER,)}
    return Wanted(**{**fields, **changes})


def request(**changes: Any) -> RequestDraw:
    return RequestDraw(wanted=wanted(**changes))


def nonce(party: str) -> bytes:
    return hashlib.sha256(party.encode()).digest()


def digest(party: str, attempt: str = "D1-1") -> str:
    return commit(party, nonce(party), attempt).digest
