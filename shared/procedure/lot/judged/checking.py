"""What the notice of a tender for the best conditions declares: criteria that make a hundred, a lawful committee."""

from shared.kernel.errors import BadInput
from shared.procedure.committee import check_composition
from shared.procedure.evaluation import FULL_MARKS
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.judged.forming import composition
from shared.procedure.lot.values import Tendering


def check(tender: Tendering, ground: Ground) -> None:
    """Raise BreaksClause or BadInput for what was declared of judging, or was not."""
    judging = tender.judging
    if tender.award == "price":
        if judging is not None:
            raise BadInput("价高者得的招标不载明评审标准", "where the price alone decides nothing is judged")
        return
    if judging is None:
        raise ground.breaks("judged", "请载明评审标准、分值和评标小组。", "say by what and by whom")
    factors = [one.factor for one in judging.criteria]
    if len(set(factors)) != len(factors):
        raise BadInput("两项评审标准同名", "two criteria have the same name")
    total = judging.price_points + sum(one.points for one in judging.criteria)
    if total != FULL_MARKS:
        zh, en = f"报价和各项标准的分值合计{total}分，应为{FULL_MARKS}分。", f"{total} points in all, not {FULL_MARKS}"
        raise ground.breaks("judged", zh, en)
    if judging.experts > judging.members:
        raise BadInput("专家人数多于成员人数", "there are more experts than members")
    check_composition(composition(ground), judging.members, judging.experts)
