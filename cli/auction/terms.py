"""The terms of a lot as a clerk gives them, and what the law finds wanting in them before anything is sent. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cli.moments import moment
from cli.output import Misused, Refused
from cli.terms import Shortfall
from cli.written import Reader, shape
from shared.kernel.errors import Refusal
from shared.kernel.line import Line
from shared.law.periods import earliest_target_day, interval
from shared.procedure.lot.after.paying import check_terms
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.judged import checking as judged
from shared.procedure.lot.judged.terms import Criterion
from shared.procedure.lot.lot import LotDecider
from shared.procedure.lot.noticing import check, spans
from shared.procedure.lot.rules import Rules
from shared.procedure.lot.values import Draft, Terms

USUAL_TRIGGER = "automatic"
DEFAULTS: Mapping[str, Any] = {
    "whole_steps": True,
    "review": "before",
    "instant_counts": False,
    "contract_days": 10,
}
"""What stands in the terms where the clerk says nothing else; all of it is announced."""

MOMENTS = ("applications_due", "deposits_due", "bidding_starts", "bidding_ends")


OF_DRAFT: Mapping[str, str] = {"title": "--title", "region": "--region", "seller": "--seller, --seller-name"}
OF_NOTICE: Mapping[str, str] = {
    "documents": "--document",
    **{name: f"--{name.replace('_', '-')}" for name in ("applications_due", "bidding_starts", "bidding_ends")},
    **{f"{name}_fen": f"--{name}" for name in ("start", "step", "deposit")},
    "authorities": "--agency-key, --supervisor-key, --platform-key",
}
"""The fields that a clerk must give, with the options that give them."""


def check_given(body: Mapping[str, Any], options: Mapping[str, str]) -> None:
    """Raise Misused that lists the options for all that was not given and must be."""
    missing = [option for name, option in options.items() if body.get(name) in (None, "", [])]
    if missing:
        listed = ", ".join(missing)
        raise Misused(f"请给出 {listed}，或写在 --file 的文件中", f"give {listed}, or put it into the file of --file")


def rules_of(line: Line, kind: str) -> Rules:
    """Return the rules of a kind that a line sells. Raise Refused for a line that sells no such lots."""
    if not isinstance(line.decider, LotDecider):
        raise Refused(f"{line.title_zh}没有挂牌、拍卖的标的", f"the line {line.name} sells no lots")
    try:
        return line.decider.rules_of(kind)
    except KeyError as error:
        raise Refused(
            f"{line.title_zh}没有这类标的：{kind}，类别见 ggzy auction new --help",
            f"{line.name} sells nothing of the kind {kind}: see `ggzy auction new --help`",
        ) from error


def compose(
    given: Mapping[str, Any], documents: Sequence[Mapping[str, Any]], rules: Rules, *, way: str
) -> dict[str, Any]:
    """Return the terms from what the clerk gave, in a file or by options, the documents, and what is usual.

    Deposits are due with the applications, and where there is no free phase it ends as it starts. A tender has no timed
    bidding, and the price decides it unless criteria are declared.
    """
    usual = USUAL_TRIGGER if USUAL_TRIGGER in rules.triggers and way == "listing" else "always"
    whole = {**DEFAULTS, "trigger": usual, **given}
    if way == "tender":
        award = "conditions" if given.get("tender", {}).get("judging") else "price"
        tender = {"award": award, **given.get("tender", {})}
        whole = {**DEFAULTS, "trigger": "never", "proxies": False, **given, "tender": tender}
    for name in MOMENTS:
        if isinstance(whole.get(name), str):
            whole[name] = moment(whole[name])
    for name, like in (("deposits_due", "applications_due"), ("bidding_ends", "bidding_starts")):
        if like in whole:
            whole.setdefault(name, whole[like])
    whole["documents"] = [*given.get("documents", ()), *documents]
    names = [item.get("name") for item in whole["documents"]]
    if len(set(names)) != len(names):
        raise Misused("两份文件同名", "two documents have the same name")
    return whole


def check_notice(stream: str, draft: Draft, terms: Terms, now: datetime, ground: Ground) -> None:
    """Raise Refused for a notice that the platform would refuse for what it says, were it to go out at `now`."""
    try:
        check(stream, now, draft, terms, ground, first=draft.attempt_of is None)
        check_terms(terms, ground)
        if terms.tender is not None:
            judged.check(terms.tender, ground)
    except Refusal as refusal:
        raise Refused(refusal.zh, refusal.en, code=refusal.code, article=refusal.article) from refusal


def judging_of(before: Mapping[str, Any], criteria: Sequence[str], **said: int | None) -> dict[str, Any] | None:
    """Return what is declared of judging: what the clerk's file has, and before it the options; None for nothing.

    A criterion is written `factor=NAME,title=…,points=N`.
    """
    given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if criteria:
        of = shape("criterion", Criterion.model_json_schema(), {})
        given["criteria"] = [Reader().read(of, text) for text in criteria]
    return {**before, **given} or None


def shortfalls(draft: Draft, terms: Terms, now: datetime, ground: Ground) -> list[Shortfall]:
    """Return every legal period that the terms fall short of, were the lot announced at `now`."""
    return list(_short(draft, terms, now, ground))


def _short(draft: Draft, terms: Terms, now: datetime, ground: Ground) -> Iterator[Shortfall]:
    rulebook, calendar = ground.law.rulebook, ground.law.calendar
    for span in spans(draft, terms, now, ground, first=draft.attempt_of is None):
        clause, n = rulebook.clause(span.clause), rulebook.figure(span.clause, int)
        kept = interval(span.start, span.end, n, clause.unit, calendar, reading=rulebook.reading)
        if not kept.holds:
            earliest = earliest_target_day(span.start, n, clause.unit, calendar, reading=rulebook.reading)
            zh = f"{clause.note_zh}{kept.zh}最早可为 {earliest}。"
            en = f"{clause.note_en} {kept.en} {earliest} would do."
            yield Shortfall(span.field, span.clause, clause.article, zh, en, earliest)
