"""The two methods of evaluation, exact: lowest evaluated price, and weighted factors with a declared price formula."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from services.bidding.domain.commands import ReportEvaluation
from services.bidding.domain.rows import EvaluatedRow, OpenedRow
from services.bidding.domain.values import LowestEvaluatedPrice, Method, Weighted
from shared.kernel.errors import BadInput, BreaksClause
from shared.procedure.evaluation import FORMULAS, as_decimal, half_up, ranked, weighted_total

Results = Mapping[str, EvaluatedRow]


def evaluated(
    method: Method, bids: Mapping[str, OpenedRow], command: ReportEvaluation, article: str
) -> tuple[EvaluatedRow, ...]:
    """Return the rows of the effective bids, best first. `article` forbids what the tender file does not declare."""
    prices = {name: row.price_fen or 0 for name, row in bids.items()}
    match method:
        case LowestEvaluatedPrice():
            results = _lowest(method, prices, command, article)
            keys = {name: Fraction(row.evaluated_fen or 0) for name, row in results.items()}
        case Weighted():
            results = _weighted(method, prices, command, article)
            keys = {name: -Fraction(row.score or 0) for name, row in results.items()}
    return _in_order(results, keys, bids)


def _lowest(
    method: LowestEvaluatedPrice, prices: Mapping[str, int], command: ReportEvaluation, article: str
) -> Results:
    """经评审的最低投标价法: the price and its declared deviations, as money."""
    _check_declared(command.scores, (), article)
    _check_declared([entry.item for entry in command.adjustments], {item.item for item in method.items}, article)
    _check_once([(entry.bid, entry.item) for entry in command.adjustments], prices)
    sums = dict(prices)
    for entry in command.adjustments:
        sums[entry.bid] += entry.amount_fen
    if any(total <= 0 for total in sums.values()):
        raise BadInput("评标价须大于零", "an evaluated price must be above zero")
    return {name: EvaluatedRow(bid=name, price_fen=prices[name], evaluated_fen=sums[name]) for name in prices}


def _weighted(method: Weighted, prices: Mapping[str, int], command: ReportEvaluation, article: str) -> Results:
    """综合评估法: the price by the declared formula, each factor by the committee's score, times their weights."""
    factors = {factor.factor: factor.weight for factor in method.factors}
    _check_declared(command.adjustments, (), article)
    _check_declared([entry.factor for entry in command.scores], factors, article)
    _check_once([(entry.bid, entry.factor) for entry in command.scores], prices)
    if len(command.scores) != len(prices) * len(factors):
        raise BadInput("须为每份有效投标的每个评审因素打分", "score every factor of every effective bid")
    scores = {(entry.bid, entry.factor): Fraction(entry.score) for entry in command.scores}
    rows = {}
    for name, price_score in _price_scores(method, prices).items():
        parts = [(weight, scores[name, factor]) for factor, weight in factors.items()]
        total = weighted_total([(method.price_weight, price_score), *parts])
        rounded = method.round_at == "price_score"
        rows[name] = EvaluatedRow(
            bid=name,
            price_fen=prices[name],
            price_score=as_decimal(price_score) if rounded else None,
            score=as_decimal(total if rounded else half_up(total, method.places)),
        )
    return rows


def _price_scores(method: Weighted, prices: Mapping[str, int]) -> Mapping[str, Fraction]:
    if not prices:
        return {}
    formula = FORMULAS[method.formula, method.version]
    parameters = {parameter.name: parameter.value for parameter in method.parameters}
    scores = formula.scores(tuple(prices.values()), parameters)
    if method.round_at == "price_score":
        scores = tuple(half_up(score, method.places) for score in scores)
    return dict(zip(prices, scores, strict=True))


def _in_order(
    results: Results, keys: Mapping[str, Fraction], bids: Mapping[str, OpenedRow]
) -> tuple[EvaluatedRow, ...]:
    """Rank by result; equal results by the declared rule: the lower price, then the earlier arrival."""
    ranks = ranked({name: (keys[name], row.price_fen, row.received_at, row.order) for name, row in bids.items()})
    rows = [
        row.model_copy(
            update={
                "rank": ranks[name],
                "tied_with": tuple(other for other in results if other != name and keys[other] == keys[name]),
            }
        )
        for name, row in results.items()
    ]
    return tuple(sorted(rows, key=lambda row: ranks[row.bid]))


def _check_declared(used: Collection[object], declared: Collection[object], article: str) -> None:
    if any(name not in declared for name in used):
        raise BreaksClause(
            "招标文件没有规定的评标标准和方法不得作为评标的依据",
            "standards that the tender documents do not state may not be used",
            article,
        )


def _check_once(used: Collection[tuple[str, str]], bids: Mapping[str, int]) -> None:
    if len(set(used)) != len(used) or any(bid not in bids for bid, _ in used):
        raise BadInput(
            "评审数据须针对有效投标，且每项只填一次", "evaluate effective bids only, and each item of a bid only once"
        )
