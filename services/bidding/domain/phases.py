"""The phases of a tender by name, as refusals say them to people: what a tender stands at, and what it waits for."""

from collections.abc import Mapping

from services.bidding.domain.state import (
    Accepting,
    Awarded,
    Closed,
    Collecting,
    Contracted,
    Convened,
    Drafted,
    Evaluated,
    Failed,
    Opened,
    Outage,
    Publicised,
    Qualified,
    Readings,
    TenderState,
    Unborn,
    Unsealing,
)
from shared.kernel.errors import PLATFORM_RULE, OutOfPhase

PHASES: Mapping[type[TenderState], tuple[str, str]] = {
    Unborn: ("尚未起草", "not drafted yet"),
    Drafted: ("草稿，待公告", "a draft, to be announced"),
    Accepting: ("接收投标，待截止", "receiving bids until the deadline"),
    Closed: ("已截止，待开标", "closed, to be opened"),
    Convened: ("开标，等待见证（至多5分钟）", "convened, waiting for witnesses (5 minutes at most)"),
    Collecting: ("开标，收集密钥中", "opening, collecting keys"),
    Unsealing: ("开标，启封中", "opening, unsealing"),
    Opened: ("已开标，待评标", "opened, to be evaluated"),
    Qualified: ("资格预审（第一阶段）已有结果", "over: who may bid is final"),
    Evaluated: ("已评标，待公示", "evaluated, to be publicised"),
    Publicised: ("中标候选人公示中", "its candidates before the public"),
    Awarded: ("已定标，待签约", "awarded, to be contracted"),
    Contracted: ("已签约", "contracted"),
    Failed: ("招标失败", "failed"),
    Readings: ("查阅留痕", "no tender but who looked at one"),
    Outage: ("平台故障公告", "no tender but an outage of the platform"),
}


def not_now(state: TenderState, article: str = PLATFORM_RULE) -> OutOfPhase:
    """Return the refusal of what cannot be asked in a tender's phase."""
    zh, en = PHASES[type(state)]
    return OutOfPhase(f"项目现为“{zh}”，不能办理此事项", f"this cannot be asked now: the tender is {en}", article)
