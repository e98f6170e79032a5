"""Persons in charge, control and sanctions: what the registry keeps and tells of them, and to whom, on each database.

What the registry discloses is handed to bidding as it is, by both lines' own handlers; an opening is played with it.
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.registry.domain.commands import (
    AddIdentifier,
    DeclarePersonInCharge,
    EndRelation,
    ErasePersonInCharge,
)
from services.registry.relations import CLOSED
from services.registry.tables import metadata
from services.registry.views import project
from shared.kernel.codes import PartyId
from shared.kernel.request import Actor
from shared.runtime.lines import lines
from shared.seal.marks import mark, person
from shared.store import work
from shared.store.rebuild import rebuild
from tests.bidding.play import OPENING
from tests.registry.office import Office, asked, bidder
from tests.registry.relating import NAME, NUMBER, Opening, disclosed, done, head, refused, relate, told
from tests.registry.world import ABROAD, AT, INSTANT, OPERATOR, code, open_account, register


def test_who_is_in_charge_stands_in_no_column_and_is_disclosed_as_a_mark(office: Office) -> None:
    (one, _), (two, _) = bidder(office, 1, code(1)), bidder(office, 2, code(2))
    head(office, one)
    before = office.everything()
    head(office, two, number="110101 19900307 1233")
    after = office.everything()

    first, second = disclosed(office, one, two)
    (elsewhere,) = disclosed(office, one, tender="T2")

    assert first["person_in_charge"] == second["person_in_charge"] == mark("T1", person(NAME, NUMBER))
    assert elsewhere["person_in_charge"] == mark("T2", person(NAME, NUMBER))
    for trace in (NAME, NUMBER, first["person_in_charge"], elsewhere["person_in_charge"]):
        assert trace not in before + after


def test_one_without_an_identity_number_and_a_digest_used_before_are_not_taken(office: Office) -> None:
    (one, _), (two, _) = bidder(office, 1, code(1)), bidder(office, 2, code(2))
    nameless, used = told(office, one, number=" "), head(office, one)

    for own, digest in ((one, nameless), (one, used), (two, used), (one, "0" * 64)):
        outcome = office.give(DeclarePersonInCharge(person=digest), own, stream=own.party or "")
        assert refused(outcome) == "not_found"


def test_who_left_office_is_erased_and_a_rebuilding_brings_nobody_back(office: Office) -> None:
    own, party = bidder(office, 1, code(1))
    gone, there = head(office, own), head(office, own, name="李四")
    done(office.give(ErasePersonInCharge(person=gone), stream=party))
    shown = office.ask("relations", own, party=party)["answer"]

    rebuild(office.tools.database, lines()["registry"], metadata, project)

    assert office.ask("relations", own, party=party)["answer"] == shown
    assert [charge["person"] for charge in shown["persons_in_charge"]] == [None, there]
    assert "refusal" in office.ask("person", OPERATOR, person=gone)
    assert office.ask("person", own, person=there)["answer"]["name"] == "李四"
    (holder,) = disclosed(office, own)
    assert holder["person_in_charge"] == mark("T1", person("李四", NUMBER))


def test_relations_are_shown_to_the_office_and_the_partys_administrators_alone(office: Office) -> None:
    (one, party), (two, _) = bidder(office, 1, code(1)), bidder(office, 2, code(2))
    digest = head(office, one)
    relate(office, one, "controlled_by", code(2))
    plain = one.model_copy(update={"account": "nobody"})

    for actor in (two, plain):
        assert office.ask("relations", actor, party=party)["refusal"]["code"] == "not_found"
        assert office.ask("person", actor, person=digest)["refusal"]["code"] == "not_found"
        outcome = office.give(EndRelation(number=1, reason="r"), actor, stream=party)
        assert refused(outcome) == "not_entitled"
    for actor in (one, OPERATOR):
        (shown,) = office.ask("relations", actor, party=party)["answer"]["relations"]
        assert (shown["number"], shown["side"], shown["other"]["id"]) == (1, "controlled_by", code(2).id)


def test_control_is_disclosed_through_every_chain_by_every_identifier(office: Office) -> None:
    (one, _), (two, party), (three, _) = (bidder(office, number, code(number)) for number in (1, 2, 3))
    done(office.give(AddIdentifier(identifier=ABROAD), stream=party))
    unknown = PartyId(scheme="GB-COH", id="07654321")
    relate(office, one, "controlled_by", ABROAD)
    relate(office, two, "controlled_by", unknown, kind="management")
    relate(office, three, "controls", unknown)

    first, second, third = disclosed(office, one, two, three)

    assert first["controllers"] == sorted([str(code(2)), str(ABROAD), str(unknown), str(code(3))])
    assert second["controlled"] == [str(code(1))]
    assert third["controlled"] == sorted([str(code(1)), str(code(2)), str(ABROAD), str(unknown)])
    assert "controlled" not in first
    assert "controllers" not in third


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (timedelta(), None, True),
        (INSTANT, None, False),
        (-INSTANT, INSTANT, True),
        (-INSTANT, timedelta(), False),
    ],
)
def test_a_relation_counts_at_the_close_of_reception(
    office: Office, since: timedelta, until: timedelta | None, *, counts: bool
) -> None:
    own, _ = bidder(office, 1, code(1))
    closed = AT + timedelta(days=21)
    ends = None if until is None else closed + until
    relate(office, own, "controlled_by", code(2), since=closed + since, until=ends)
    with office.tools.database.write() as connection:
        work.put(connection, CLOSED, "T1", f"{closed:%Y-%m-%dT%H:%M:%S.%fZ}".encode())

    (holder,) = disclosed(office, own)

    assert ("controllers" in holder) == counts
    with office.tools.database.read() as connection:
        assert work.get(connection, CLOSED, "T1") is None


def test_who_is_tied_to_the_operator_gets_no_credential_and_nothing_is_written(office: Office) -> None:
    sister, middle, own = (bidder(office, number, code(number))[0] for number in (1, 2, 3))
    parent, operator = code(8), code(9)
    relate(office, middle, "controlled_by", operator, until=AT + timedelta(days=1))
    relate(office, own, "controlled_by", code(2))
    relate(office, sister, "controlled_by", parent)
    done(office.give(register(operator)))
    before = [asked(office, actor) for actor in (sister, middle, own)]
    named = {"operator_parties": (str(operator),)}
    office.tools.settings = office.tools.settings.model_copy(update=named)
    written = office.everything()

    after = [asked(office, actor) for actor in (sister, middle, own)]

    assert all("answer" in answer for answer in before)
    assert "answer" in after[0]
    for answer in after[1:]:
        assert answer["refusal"]["article"] == "电子招标投标办法 第二十三条"
    assert office.everything() == written
    office.clock.at = AT + timedelta(days=1)
    assert "answer" in asked(office, own)


def test_the_party_of_an_operators_account_is_an_operator_too(office: Office) -> None:
    own, _ = bidder(office, 1, code(1))
    running = done(office.give(register(code(9)))).stream
    relate(office, own, "controls", code(9))
    before = asked(office, own)

    done(office.give(open_account("op-2", role="operator", party=running)))

    assert "answer" in before
    assert asked(office, own)["refusal"]["article"] == "电子招标投标办法 第二十三条"


def test_one_person_in_charge_of_two_bidders_makes_both_bids_invalid(office: Office, opening: Opening) -> None:
    for own in opening.accounts[:2]:
        head(office, own)
    head(office, opening.accounts[2], number="110101199003071241")

    assert opening.disclose(opening.play()) == {"c1": ["same_person"], "c2": ["same_person"]}


def test_control_through_one_who_does_not_bid_makes_both_bids_invalid(office: Office, opening: Opening) -> None:
    between = code(7)
    holding = Actor(account="holding", role="tenderer", region="370502", party=office.give(register(between)).stream)
    done(office.give(open_account("holding", role="tenderer", party=holding.party)))
    relate(office, opening.accounts[1], "controlled_by", between)
    relate(office, holding, "controlled_by", code(1))
    for own in opening.accounts[2:]:
        relate(office, own, "controlled_by", PartyId(scheme="GB-COH", id="07654321"))

    assert opening.disclose(opening.play()) == {"c1": ["control"], "c2": ["control"]}


def test_who_leaves_office_after_the_deadline_was_in_charge_at_it(office: Office, opening: Opening) -> None:
    one, two, three, four = opening.accounts
    for own in (one, two, three):
        head(office, own, since=AT)
    office.clock.at = OPENING
    head(office, three, name="李四", number="110101199003071241")
    play = opening.play()
    office.clock.at = OPENING + INSTANT
    head(office, two, name="赵六", number="11010119900307125X")
    head(office, four)

    assert opening.disclose(play) == {"c1": ["same_person"], "c2": ["same_person"]}


def test_who_comes_under_the_operator_after_its_credential_is_invalid_at_the_opening(
    office: Office, opening: Opening
) -> None:
    relate(office, opening.accounts[0], "controls", code(9))
    relate(office, opening.accounts[1], "controlled_by", code(8))
    barred: Sequence[str] = (str(code(9)),)

    assert opening.disclose(opening.play(found={"operators": barred})) == {"c1": ["of_operator"]}
