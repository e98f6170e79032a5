"""Relations of bidders to each other and to the platform, consortia, and bids that resemble each other."""

from typing import Any

import pytest

from services.bidding import LINE
from services.bidding.domain.access.messages import CollusionNoted, NoteCollusion, ScreenBids
from services.bidding.domain.asking import INSTANT
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.rows import OpenedRow
from services.bidding.domain.state import Failed, Opened
from services.bidding.domain.values import Rejection
from services.bidding.domain.visible import visible
from shared.kernel.canonical import digest
from shared.kernel.errors import BadInput, BreaksClause
from shared.kernel.request import SYSTEM, Role
from shared.seal.marks import mark
from shared.seal.statement import Consortium, Declared, Related, Trace
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.phases import ALL
from tests.bidding.play import OPENING, Play

WANG, LI = mark(make.STREAM, "王某 370502198001010011"), mark(make.STREAM, "李某 370502198001010022")


def headed(person: str) -> dict[str, Any]:
    return {"declared": Declared(persons_in_charge=(person,))}


def controlled_by(bidder: make.Bidder) -> dict[str, Any]:
    return {"declared": Declared(controllers=(Related(scheme="X-TEST", id=bidder.name),))}


def with_partner(partner: make.Bidder, **more: Any) -> dict[str, Any]:
    return {"consortium": Consortium(members=(partner.party,), **more)}


def opened(*bids: dict[str, Any], holders: dict[str, dict[str, Any]] | None = None, **terms: Any) -> Play:
    """Return the opening of a tender in which each bidder's bid has something of its own in it."""
    play = stage.accepting(**terms)
    for number, (bidder, more) in enumerate(zip(ALL, bids, strict=False)):
        play.bid(bidder, 100_00 + number * number, **more)
    bidders = ALL[: len(bids)]
    play.close()
    play.convene()
    play.witness()
    for bidder in bidders:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal()
    play.disclose_holders(*(bidder.holder(**(holders or {}).get(bidder.name, {})) for bidder in bidders))
    return play


def rows(play: Play) -> dict[str, OpenedRow]:
    return {row.party.id: row for row in play.at(Opened).rows}


def invalid(play: Play) -> dict[str, list[str]]:
    """Return why which bids are invalid, by bidder."""
    return {name: [ground.code for ground in row.grounds] for name, row in rows(play).items() if row.grounds}


def test_two_bidders_with_the_same_person_in_charge_are_both_invalid() -> None:
    play = opened(headed(WANG), headed(WANG), headed(LI), {})

    assert invalid(play) == {"crane": ["same_person"], "heron": ["same_person"]}
    row = rows(play)["crane"]
    assert (row.outcome, row.article) == ("invalid", "招标投标法实施条例 第三十四条")
    assert row.grounds[0].others == ("bid-of-heron",)
    assert row.price_fen == 100_00
    assert play.audit() == play.state


def test_what_the_registry_knows_counts_as_much_as_what_a_bid_declares() -> None:
    of_person = opened({}, headed(WANG), {}, {}, holders={"crane": {"person_in_charge": WANG}})
    of_control = opened({}, {}, {}, {}, holders={"egret": {"controllers": ("X-TEST:stork",)}})

    assert invalid(of_person) == {"crane": ["same_person"], "heron": ["same_person"]}
    assert invalid(of_control) == {"egret": ["control"], "stork": ["control"]}


def test_related_parties_may_both_apply_before_one_of_them_bids() -> None:
    assert invalid(opened(headed(WANG), headed(WANG), {}, **stage.APPLYING)) == {}


def test_one_bidder_controls_another_and_both_are_invalid() -> None:
    play = opened({}, controlled_by(make.CRANE), {}, {})

    assert invalid(play) == {"crane": ["control"], "heron": ["control"]}


def test_one_member_of_a_consortium_is_controlled_by_another_bidder_and_both_are_invalid() -> None:
    above, below = {"controlled": ("X-TEST:ibis",)}, {"controlled": ("X-TEST:tern",)}
    play = opened(with_partner(make.Bidder("ibis", "朱鹮")), {}, {}, {}, holders={"heron": above, "egret": below})

    assert invalid(play) == {"crane": ["control"], "heron": ["control"]}


def test_two_under_the_same_parent_are_not_related_by_that_alone() -> None:
    parent = make.Bidder("parent", "母公司")

    assert invalid(opened(controlled_by(parent), controlled_by(parent), {})) == {}


def test_a_member_of_a_consortium_that_also_bids_alone_makes_both_invalid() -> None:
    play = opened(with_partner(make.EGRET), {}, {}, {})

    assert invalid(play) == {"crane": ["twice"], "egret": ["twice"]}
    assert rows(play)["egret"].article == "招标投标法实施条例 第三十七条"


def test_a_member_of_two_consortia_makes_both_invalid() -> None:
    ibis = make.Bidder("ibis", "朱鹮")

    assert invalid(opened(with_partner(ibis), with_partner(ibis), {}, {})) == {"crane": ["twice"], "heron": ["twice"]}


def test_a_consortium_is_read_out_with_its_members_and_their_agreement() -> None:
    ibis = make.Bidder("ibis", "朱鹮")
    play = opened(with_partner(ibis, agreement="施工组织设计.pdf"), with_partner(make.Bidder("tern", "燕鸥")), {})

    crane, heron = rows(play)["crane"], rows(play)["heron"]

    assert (crane.outcome, crane.members, crane.agreement) == ("unsealed", (ibis.party,), "施工组织设计.pdf")
    assert (heron.outcome, heron.agreement) == ("unsealed", None)


def test_a_consortium_that_names_no_joint_agreement_is_rejected_whatever_the_committee_says() -> None:
    partner = make.Bidder("ibis", "朱鹮")
    signed, unsigned = (opened(with_partner(partner, agreement=name), {}, {}) for name in ("施工组织设计.pdf", None))

    assert causes(signed) == {}
    assert causes(unsigned) == {"bid-of-crane": "no_consortium_agreement"}


def causes(play: Play) -> dict[str, str]:
    """Return the rejections of a report that rejects nothing itself."""
    (reported,) = play.report(at=make.beijing(23, 9))
    assert isinstance(reported, EvaluationReported)
    return {row.bid: row.rejection.cause for row in reported.rows if row.rejection}


@pytest.mark.parametrize(
    ("said", "found"), [("refused", {"crane": ["consortium_refused"]}), ("admitted", {}), (None, {})]
)
def test_a_consortium_may_bid_unless_the_announcement_says_no(said: str | None, found: dict[str, list[str]]) -> None:
    play = opened(with_partner(make.Bidder("ibis", "朱鹮")), {}, {}, {}, consortia=said)

    assert invalid(play) == found


def test_the_operator_and_whom_it_controls_do_not_bid() -> None:
    barred = ("X-TEST:crane", "X-TEST:parent")
    parent = make.Bidder("parent", "母公司")

    play = opened({}, controlled_by(parent), {}, {}, found={"operators": barred})

    assert invalid(play) == {"crane": ["of_operator"], "heron": ["of_operator"]}
    assert rows(play)["crane"].article == "电子招标投标办法 第二十三条"


def test_who_controls_the_operator_does_not_bid_either() -> None:
    above, beside = {"controlled": ("X-TEST:operator",)}, {"controlled": ("X-TEST:other",)}
    found = {"operators": ("X-TEST:operator",)}
    play = opened({}, {}, {}, {}, holders={"crane": above, "heron": beside}, found=found)

    assert invalid(play) == {"crane": ["of_operator"]}


@pytest.mark.parametrize(
    ("cause", "found"), [("suspended", "suspended"), ("discredited", "blacklisted"), ("banned", "blacklisted")]
)
def test_a_sanction_that_the_registry_discloses_makes_the_bid_invalid_by_its_own_article(
    cause: str, found: str
) -> None:
    stood = {"cause": cause, "article": "招标投标法 第五十三条", "since": OPENING, "until": OPENING + INSTANT}
    play = opened({}, {}, {}, {}, holders={"heron": {"sanctions": (stood,)}})

    assert invalid(play) == {"heron": [found]}
    row = rows(play)["heron"]
    assert (row.outcome, row.article, row.grounds[0].others) == ("invalid", "招标投标法 第五十三条", ())
    assert play.audit() == play.state


def test_bids_made_invalid_were_unsealed_all_the_same_so_the_tender_goes_on_with_the_rest() -> None:
    assert opened(headed(WANG), headed(WANG), {}).at(Opened)


def test_with_every_bid_invalid_the_tender_fails() -> None:
    play = opened(headed(WANG), headed(WANG), headed(WANG))

    assert play.at(Failed).failure.cause == "all_rejected"


def screened(*bids: dict[str, Any], prices: tuple[int, ...] = ()) -> list[CollusionNoted]:
    """Return what the platform notes of bids, apart from the one file that all of these bids share."""
    play = opened(*bids) if not prices else stage.opened(bidders=ALL[: len(prices)], prices=prices)
    play.ask(ScreenBids(), SYSTEM)
    notes = [event for event in play.events if isinstance(event, CollusionNoted)]
    assert [note.number for note in notes] == list(range(1, len(notes) + 1))
    assert all((note.level, note.by) == ("warning", "platform") for note in notes)
    assert play.audit() == play.state
    return [note for note in notes if note.basis != "same_file"]


def traced(kind: Any, text: str) -> dict[str, Any]:
    return {"declared": Declared(traces=(Trace(kind=kind, mark=mark(make.STREAM, text)),))}


def test_the_same_file_in_several_bids_is_noted_but_not_a_document_of_the_tender() -> None:
    play = stage.opened()
    play.ask(ScreenBids(), SYSTEM)
    (same, *_) = (event for event in play.events if isinstance(event, CollusionNoted))
    public = stage.opened(documents=[{"name": "图纸.pdf", "size": 17, "sha256": digest(make.PLAN)}])

    public.ask(ScreenBids(), SYSTEM)

    assert (same.item, same.basis, len(same.bids)) == ("alike", "same_file", 3)
    assert same.article == "招标投标法实施条例 第四十条"
    assert not any(isinstance(event, CollusionNoted) and event.basis == "same_file" for event in public.events)


@pytest.mark.parametrize(
    ("kind", "item"),
    [("author", "same_author"), ("agent", "same_agent"), ("staff", "same_staff"), ("device", "same_author")],
)
def test_equal_marks_of_two_bids_are_noted_and_different_ones_not(kind: str, item: str) -> None:
    (note,) = screened(traced(kind, "赵某"), traced(kind, "赵 某"), traced(kind, "钱某"))

    assert (note.item, note.bids) == (item, ("bid-of-crane", "bid-of-heron"))
    assert screened(traced(kind, "赵某"), traced(kind, "钱某"), {}) == []


@pytest.mark.parametrize(
    ("prices", "bases"),
    [
        ((100, 110, 120), ["even_prices"]),
        ((100, 110, 121), ["even_prices"]),
        ((100, 110, 122), []),
        ((100, 100, 130), ["equal_prices"]),
        ((100, 110, 120, 131), []),
    ],
)
def test_regular_prices_are_a_warning_to_the_fen(prices: tuple[int, ...], bases: list[str]) -> None:
    assert [note.basis for note in screened(prices=prices)] == bases


def test_bids_are_compared_once() -> None:
    play = stage.opened()

    assert play.ask(ScreenBids(), SYSTEM)
    assert play.ask(ScreenBids(), SYSTEM) == ()


def note(*bids: str, item: Any = "same_staff") -> NoteCollusion:
    return NoteCollusion(item=item, bids=bids, evidence="两份投标载明的项目经理为同一人")


def rejection(bid: str, *notes: int) -> tuple[Rejection, ...]:
    return (Rejection(bid=bid, cause="collusion", explanation="视为串通投标", notes=notes),)


def test_a_rejection_for_collusion_rests_on_a_case_that_the_committee_noted() -> None:
    play = stage.opened()
    play.ask(ScreenBids(), SYSTEM)
    play.ask(note("bid-of-crane", "bid-of-heron"))
    number = play.at(Opened).beside.entrants.notes[-1].number

    play.report(rejections=(*rejection("bid-of-crane", number), *rejection("bid-of-heron", number)))

    assert play.audit() == play.state


def test_a_warning_alone_rejects_nobody() -> None:
    play = stage.opened()
    play.ask(ScreenBids(), SYSTEM)

    for notes in ((), (1,)):
        with pytest.raises(BreaksClause) as no:
            play.report(rejections=rejection("bid-of-crane", *notes))
        assert no.value.article == "招标投标法实施条例 第四十条"


def test_a_note_is_about_the_bids_it_names_and_about_two_at_least() -> None:
    play = stage.opened()
    play.ask(note("bid-of-crane", "bid-of-heron"))

    with pytest.raises(BadInput):
        play.report(rejections=rejection("bid-of-egret", 1))
    with pytest.raises(BadInput):
        play.report(rejections=rejection("bid-of-crane", 2))
    for bids in (("bid-of-crane", "bid-of-crane"), ("bid-of-crane", "no-such-bid")):
        with pytest.raises(BadInput):
            play.ask(note(*bids))


def test_notes_are_for_those_who_evaluate_and_watch() -> None:
    play = stage.opened()
    (noted,) = play.ask(note("bid-of-crane", "bid-of-heron"))
    roles: tuple[Role, ...] = ("public", "token", "bidder", "operator", "authority", "expert", "agency", "supervisor")

    assert [role for role in roles if visible(noted, role, play.state)] == ["expert", "agency", "supervisor"]


def test_the_platform_compares_the_bids_by_itself_when_the_opening_is_over() -> None:
    play = stage.opened()
    (timer,) = LINE.timers(play.events[-1])

    assert (timer.due_at, timer.command) == (play.now, ScreenBids())
