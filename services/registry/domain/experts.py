"""Decisions about the experts of the library."""

from collections.abc import Sequence

from services.registry.domain.asking import Asked, require_jurisdiction, require_stream
from services.registry.domain.events import RegistryEvent
from services.registry.domain.expert_commands import ChangeExpert, EnrolExpert, SetExpertStanding, TieExpert
from services.registry.domain.expert_events import ExpertChanged, ExpertEnrolled, ExpertStandingSet, ExpertTied
from services.registry.domain.expert_values import Qualification, expert_stream
from services.registry.domain.state import EnrolledExpert
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase

LEAST_YEARS = 8
QUALIFIED = "招标投标法 第三十七条"
LIBRARY = "评标专家和评标专家库管理办法（2024年第26号令，条文待核）"


def enrol_expert(request: Asked, command: EnrolExpert) -> Sequence[RegistryEvent]:
    """Enter an expert who has an account of that role and what the law asks for."""
    require_stream(request, expert_stream(command.expert))
    require_jurisdiction(request)
    if not request.facts.expert_account:
        raise NotFound("请先开立该专家的账户", "open the expert's account first", LIBRARY)
    _require_qualified(command.qualification)
    return (ExpertEnrolled(expert=command.expert, qualification=command.qualification),)


def change_expert(request: Asked, command: ChangeExpert, expert: EnrolledExpert) -> Sequence[RegistryEvent]:
    """State anew what makes an expert, as a new employer."""
    require_jurisdiction(request)
    _require_in(expert)
    _require_qualified(command.qualification)
    return (ExpertChanged(expert=expert.expert, qualification=command.qualification),)


def tie_expert(request: Asked, command: TieExpert, expert: EnrolledExpert) -> Sequence[RegistryEvent]:
    """Put a relation on file; the expert itself must tell of its own."""
    _require_own(request, expert)
    _require_in(expert)
    fields = command.model_dump(exclude={"type"})
    return (ExpertTied(expert=expert.expert, **fields),)


def set_standing(request: Asked, command: SetExpertStanding, expert: EnrolledExpert) -> Sequence[RegistryEvent]:
    """Pause an expert, let it be drawn again, or remove it for good; an expert may pause and return itself."""
    _require_own(request, expert)
    _require_in(expert)
    if request.actor.role == "expert" and command.standing == "removed":
        raise NotEntitled("移出专家库由管理机构办理", "the keeper of the library removes an expert", LIBRARY)
    if command.standing == expert.standing:
        raise OutOfPhase("该专家已是此状态", "the expert stands so already")
    fields = command.model_dump(exclude={"type"})
    return (ExpertStandingSet(expert=expert.expert, **fields),)


def _require_own(request: Asked, expert: EnrolledExpert) -> None:
    if request.actor.role != "expert":
        require_jurisdiction(request)
    elif request.actor.account != expert.expert:
        raise NotEntitled("只能办理本人的事项", "an expert may do this for itself only")


def _require_in(expert: EnrolledExpert) -> None:
    if expert.standing == "removed":
        raise OutOfPhase("该专家已移出专家库", "the expert was removed from the library", LIBRARY)


def _require_qualified(found: Qualification) -> None:
    """Refuse who has not worked eight years in the field, or has no senior title nor the same level."""
    if found.years < LEAST_YEARS:
        zh = f"从事相关领域工作须满 {LEAST_YEARS} 年，现为 {found.years} 年"
        raise BreaksClause(zh, f"{LEAST_YEARS} years in the field are needed, there are {found.years}", QUALIFIED)
    if found.title != "senior" and not found.equivalent:
        raise BreaksClause(
            "须具有高级职称或者具有同等专业水平", "a senior title or the same professional level is needed", QUALIFIED
        )
