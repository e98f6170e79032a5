"""Who looked at what: on record in a stream of its own, for those who watch, and nowhere else."""

import pytest

from services.bidding import LINE
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.facts import Facts
from services.bidding.domain.readings.messages import NoteReading, ReadingNoted
from services.bidding.domain.state import Readings
from services.bidding.domain.visible import knows, visible
from shared.kernel.errors import BadInput, NotEntitled
from shared.kernel.reading import readings_stream
from shared.kernel.request import SYSTEM, Actor, Role
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play

READ = NoteReading(account="sup-1", role="supervisor", region="370500", query="requests", digest="e" * 64)


def asked(stream: str, actor: Actor = SYSTEM) -> TenderRequest:
    return TenderRequest(id="c1", stream=stream, actor=actor, received_at=make.ANNOUNCED, command=READ, facts=Facts())


def test_a_reading_is_noted_beside_the_tender_as_often_as_there_is_one() -> None:
    stream = readings_stream(make.STREAM)
    first = LINE.decide(asked(stream), LINE.decider.initial)
    state = LINE.decider.replay(first)
    second = LINE.decide(asked(stream), state)

    assert [type(event) for event in (*first, *second)] == [ReadingNoted, ReadingNoted]
    assert LINE.decider.replay(second, state) == Readings()


def test_looking_changes_nothing_in_what_is_looked_at() -> None:
    with pytest.raises(BadInput):
        stage.accepting().ask(READ, SYSTEM)
    with pytest.raises(NotEntitled):
        Play().ask(READ, make.OPERATOR)


def test_who_looked_is_shown_to_those_who_watch_alone() -> None:
    (noted,) = LINE.decide(asked(readings_stream(make.STREAM)), LINE.decider.initial)
    supervisor = Actor(account="sup-1", role="supervisor", region="370500")

    assert visible(noted, "supervisor", Readings())
    others: tuple[Role, ...] = ("public", "bidder", "token", "tenderer", "agency", "expert", "authority")
    assert not any(visible(noted, role, Readings()) for role in others)
    assert knows(supervisor, Readings())
    assert not knows(make.AGENCY, Readings())
