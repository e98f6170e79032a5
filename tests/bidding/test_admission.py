"""Relations of bidders to each other and to the platform, consortia, and sanctions: whose bids are invalid."""

import pytest

from services.bidding.domain.asking import INSTANT
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.state import Failed, Opened
from shared.seal.marks import mark
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.entrants import controlled_by, headed, invalid, opened, rows, with_partner
from tests.bidding.play import OPENING, Play

WANG, LI = mark(make.STREAM, "王某 370502198001010011"), mark(make.STREAM, "李某 370502198001010022")


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
