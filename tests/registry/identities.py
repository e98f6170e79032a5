"""Who bid for a lot that is over, on every database: inherited once for SQLite and once for PostgreSQL."""

from services.registry import LINE
from services.registry.domain.rights import has_right_to_stream
from services.registry.domain.state import DisclosedTender
from services.registry.domain.values import identities_stream
from shared.kernel.message import Event
from shared.kernel.record import write
from shared.kernel.request import SYSTEM, Role
from shared.runtime.calls import Told
from tests.registry.office import Office, OfficeCases, bidder, credential, records
from tests.registry.world import AT, OPERATOR, code


class Due(Event):
    """As much of a lot's word that it is over as the registry reads."""

    type: str
    tokens: tuple[str, ...]


def over(*tokens: str, line: str = "boats", service: str = "boats", lot: str = "B1", position: int = 3) -> Told:
    """Return a line's word that a lot is over; the registry has never heard of the line."""
    event = Due(type=f"{line}.identities_due.v1", tokens=tokens)
    record = write(
        service=service, position=position, stream=lot, version=9, id=f"e{position}", event=event,
        at=AT, received_at=AT, actor=SYSTEM, command_id="c", command_digest="0" * 64, cause=None, rulebook=None,
        salt=b"s" * 32,
    )  # fmt: skip
    return Told(event.type, {"kind": "record"}, record.raw)


class Identities(OfficeCases):
    """A new line of lots needs no change in the registry."""

    def test_the_bidders_of_a_lot_are_named_once_and_its_key_is_not_told(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        bidder(office, 2, code(2))
        token = credential(office, one, "B1", line="boats").token

        office.handled.learn([over(token, "f" * 64)])
        office.handled.learn([over(token, "f" * 64), over("e" * 64, position=4)])

        (record, *refused) = records(office, identities_stream("boats", "B1"))
        assert record.type == "registry.identities_disclosed.v1"
        assert record.data == {
            "line": "boats",
            "lot": "B1",
            "holders": [{"token": token, "scheme": "CN-USCC", "id": code(1).id, "name": "第1工程有限公司"}],
            "unknown": ["f" * 64],
        }
        assert [one.type for one in refused] == ["registry.request_refused.v1"]

    def test_the_key_of_a_tender_of_the_same_name_tells_nothing_of_a_lot(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))

        of_lot, of_tender = credential(office, one, "B1", line="boats"), credential(office, one, "B1")

        assert of_lot.token != of_tender.token

    def test_the_offices_alone_are_told(self, office: Office) -> None:
        one, _ = bidder(office, 1, code(1))
        office.handled.learn([over(credential(office, one, "B1", line="boats").token)])
        stream = identities_stream("boats", "B1")

        (record,) = records(office, stream)
        told_to: dict[Role, bool] = {"operator": True, "supervisor": True, "bidder": False, "public": False}
        for role, told in told_to.items():
            assert LINE.visible(LINE.event(record), role, DisclosedTender()) is told
        assert has_right_to_stream(OPERATOR, stream)
        assert not has_right_to_stream(one, stream)

    def test_a_line_speaks_for_itself_alone(self, office: Office) -> None:
        office.handled.learn([over("f" * 64, service="bidding")])

        assert records(office, identities_stream("boats", "B1")) == []
