"""The two methods of evaluation, exact: lowest evaluated price, and weighted factors with a declared price formula."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from services.bidding.domain.commands import ReportEvaluation
from services.bidding.domain.rows import EvaluatedRow, OpenedRow
from services.bidding.domain.values import LowestEvaluatedPrice, Method, Weighted
from shared.kernel.errors import BadInput, BreaksClause
from shared.procedure.evaluation import FORMULAS, as_decimal, half_up, ranked, weighted_total

Results = Mapping[str, EvaluatedRow]
Drawn = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged of each effective bid, by name: money added to its price, or marks for its factors, weighted.

    `off` are marks taken from its total, none where it is not named; `drawn` the formula's figures that were drawn.
    """

    added: Mapping[str, int]
    marks: Mapping[str, Fraction]
    off: Mapping[str, Fraction] = field(default_factory=dict)
    drawn: Drawn = field(default_factory=dict)


def evaluated(
    method: Method, bids: Mapping[str, OpenedRow], command: ReportEvaluation, article: str, drawn: Drawn
) -> tuple[EvaluatedRow, ...]:
    """Return the rows of the effective bids, best first. `article` forbids what the tender file does not declare."""
    match method:
        case LowestEvaluatedPrice():
            judged = _adjusted(method, bids, command, article)
        case Weighted():
            judged = _scored(method, bids, command, article, drawn)
    return results(method, bids, judged)


def results(method: Method, bids: Mapping[str, OpenedRow], judged: Judged) -> tuple[EvaluatedRow, ...]:
    """Return the rows of the effective bids, best first, from what was judged of them."""
    prices = {name: row.price_fen or 0 for name, row in bids.items()}
    match method:
        case LowestEvaluatedPrice():
            rows = _lowest(prices, judged)
            keys = {name: Fraction(row.evaluated_fen or 0) for name, row in rows.items()}
        case Weighted():
            rows = _weighted(method, prices, judged)
            keys = {name: -Fraction(row.score or 0) for name, row in rows.items()}
    return _in_order(rows, keys, bids)


def _adjusted(
    method: LowestEvaluatedPrice, bids: Mapping[str, OpenedRow], command: ReportEvaluation, article: str
) -> Judged:
    _check_declared(command.scores, (), article)
    _check_declared([entry.item for entry in command.adjustments], {item.item for item in method.items}, article)
    _check_once([(entry.bid, entry.item) for entry in command.adjustments], bids)
    added = dict.fromkeys(bids, 0)
    for entry in command.adjustments:
        added[entry.bid] += entry.amount_fen
    return Judged(added=added, marks={})


def _scored(
    method: Weighted, bids: Mapping[str, OpenedRow], command: ReportEvaluation, article: str, drawn: Drawn
) -> Judged:
    factors = {factor.factor: factor.weight for factor in method.factors}
    _check_declared(command.adjustments, (), article)
    _check_declared([entry.factor for entry in command.scores], factors, article)
    _check_once([(entry.bid, entry.factor) for entry in command.scores], bids)
    if len(command.scores) != len(bids) * len(factors):
        raise BadInput("须为每份有效投标的每个评审因素打分", "score every factor of every effective bid")
    scores = {(entry.bid, entry.factor): Fraction(entry.score) for entry in command.scores}
    marks = {
        name: weighted_total([(weight, scores[name, factor]) for factor, weight in factors.items()]) for name in bids
    }
    return Judged(added={}, marks=marks, drawn=drawn)


def _lowest(prices: Mapping[str, int], judged: Judged) -> Results:
    """经评审的最低投标价法: the price and its declared deviations, as money."""
    sums = {name: price + judged.added[name] for name, price in prices.items()}
    if any(total <= 0 for total in sums.values()):
        raise BadInput("评标价须大于零", "an evaluated price must be above zero")
    return {name: EvaluatedRow(bid=name, price_fen=prices[name], evaluated_fen=sums[name]) for name in prices}


def _weighted(method: Weighted, prices: Mapping[str, int], judged: Judged) -> Results:
    """综合评估法: the price by the declared formula, each factor by the committee's score, times their weights."""
    rows = {}
    for name, price_score in _price_scores(method, prices, judged.drawn).items():
        whole = weighted_total([(method.price_weight, price_score)]) + judged.marks[name]
        total = max(Fraction(0), whole - judged.off.get(name, 0))
        rounded = method.round_at == "price_score"
        rows[name] = EvaluatedRow(
            bid=name,
            price_fen=prices[name],
            price_score=as_decimal(price_score) if rounded else None,
            score=as_decimal(total if rounded else half_up(total, method.places)),
        )
    return rows


def _price_scores(method: Weighted, prices: Mapping[str, int], drawn: Drawn) -> Mapping[str, Fraction]:
    if not prices:
        return {}
    formula = FORMULAS[method.formula, method.version]
    parameters = {parameter.name: parameter.value for parameter in method.parameters} | dict(drawn)
    scores = formula.scores(tuple(prices.values()), parameters)
    if method.round_at == "price_score":
        scores = tuple(half_up(score, method.places) for score in scores)
    return dict(zip(prices, scores, strict=True))


def _in_order(rows: Results, keys: Mapping[str, Fraction], bids: Mapping[str, OpenedRow]) -> tuple[EvaluatedRow, ...]:
    """Rank by result; equal results by the declared rule: the lower price, then the earlier arrival."""
    ranks = ranked({name: (keys[name], row.price_fen, row.received_at, row.order) for name, row in bids.items()})
    ordered = [
        row.model_copy(
            update={
                "rank": ranks[name],
                "tied_with": tuple(other for other in rows if other != name and keys[other] == keys[name]),
            }
        )
        for name, row in rows.items()
    ]
    return tuple(sorted(ordered, key=lambda row: ranks[row.bid]))


def _check_declared(used: Collection[object], declared: Collection[object], article: str) -> None:
    if any(name not in declared for name in used):
        raise BreaksClause(
            "招标文件没有规定的评标标准和方法不得作为评标的依据",
            "standards that the tender documents do not state may not be used",
            article,
        )


def _check_once(used: Collection[tuple[str, str]], bids: Collection[str]) -> None:
    if len(set(used)) != len(used) or any(bid not in bids for bid, _ in used):
        raise BadInput(
            "评审数据须针对有效投标，且每项只填一次", "evaluate effective bids only, and each item of a bid only once"
        )
