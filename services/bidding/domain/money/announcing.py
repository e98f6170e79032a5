"""What an announcement may declare about money."""

from decimal import Decimal

from services.bidding.domain.money.terms import BondTerms, DepositTerms
from services.bidding.domain.values import Draft, Terms
from shared.kernel.errors import BadInput
from shared.kernel.money import format_yuan
from shared.law.findings import day_of
from shared.procedure import deposits
from shared.procedure.asking import breaks
from shared.procedure.books import Law


def check(terms: Terms, draft: Draft, law: Law) -> None:
    """Raise BreaksClause where what is declared is more than the law allows (E9, E34), or too early (E39)."""
    if terms.money and draft.kind != "tender" and (terms.money.deposit or terms.money.bond or terms.money.reference):
        raise breaks(law.rulebook.clause("E39"), "现阶段不得规定。", "Nothing of the kind is asked for yet.")
    if terms.money and terms.money.deposit:
        _check_deposit(terms.money.deposit, terms, draft, law)
    if terms.money and terms.money.bond:
        _check_bond(terms.money.bond, law)


def cited(terms: Terms) -> tuple[str, ...]:
    """Return the clauses whose values an announcement names because of what it declares."""
    if terms.money is None:
        return ()
    declared = {
        ("E9", "E9-VALIDITY", "E11", "E33"): terms.money.deposit,
        ("E34",): terms.money.bond,
        ("R50-REFERENCE",): terms.money.reference,
    }
    return tuple(rule for rules, what in declared.items() if what for rule in rules)


def _check_deposit(deposit: DepositTerms, terms: Terms, draft: Draft, law: Law) -> None:
    if draft.estimate_fen is None:
        raise BadInput("收取投标保证金的项目须写明估算价", "a tender that asks for a deposit states its estimate")
    works = draft.category == "works"
    cap = law.rulebook.figure("E9-WORKS", int) if works else None
    most = deposits.most(draft.estimate_fen, law.rulebook.figure("E9", Decimal), cap)
    if deposit.amount_fen > most:
        clause = law.rulebook.clause("E9-WORKS" if most == cap else "E9")
        raise breaks(
            clause,
            f"现为{format_yuan(deposit.amount_fen)}元，至多{format_yuan(most)}元。",
            f"Declared: {format_yuan(deposit.amount_fen)} yuan; at most {format_yuan(most)}.",
        )
    days = [rate.since for rate in deposit.rates]
    if days != sorted(set(days)) or days[0] > day_of(terms.sale_starts):
        raise BadInput(
            "利率须按生效日先后写明，最早的不晚于招标文件开始发售之日",
            "state the rates by their days, the first no later than the sale of the documents",
        )


def _check_bond(bond: BondTerms, law: Law) -> None:
    if bond.share > law.rulebook.figure("E34", Decimal):
        raise breaks(law.rulebook.clause("E34"), f"现为{bond.share}。", f"Declared: {bond.share}.")
