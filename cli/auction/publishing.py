"""The notice of a lot: `auction publish`, whose every part is checked by the law of its day before anything is sent."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.auction import options as of
from cli.auction.lots import Lot, lot_of
from cli.auction.reserve import sealed_reserve
from cli.auction.selling import app
from cli.auction.terms import OF_NOTICE, check_given, check_notice, compose, judging_of, rules_of, shortfalls
from cli.command import Here, Procedure, command
from cli.doing import give
from cli.files import read_object
from cli.law import line, rulebook_on
from cli.output import Misused
from cli.tender import Documents, Given, SeatKey, tell_shortfalls
from cli.terms import document_of, fen, readable
from cli.times import local
from cli.uploads import sha256_of
from shared.kernel.canonical import encode, parse_instant
from shared.law.findings import BEIJING
from shared.procedure.books import Law
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.values import Draft, Terms

TIMES = ("applications_due", "deposits_due", "bidding_starts", "bidding_ends")
MONEY = ("start", "step", "deposit", "most")
PLAIN = ("units", "confirmation")
TENDER = ("award", "opening_minutes")
INSTALMENTS = ("first_percent", "rest_months")
JUDGING = ("price_points", "members", "experts")
SEATS = ("agency", "supervisor", "platform")
"""The options of a notice by what they become; those of a tender, of instalments and of seats are in groups."""


@command(app, "publish")
def publish(
    here: Here,
    procedure: Procedure,
    *,
    document: Documents = None,
    file: Given = None,
    applications_due: of.Time = "",
    deposits_due: of.Time = "",
    bidding_starts: of.Time = "",
    bidding_ends: of.Time = "",
    start: of.Yuan = "",
    step: of.Yuan = "",
    deposit: of.Yuan = "",
    most: of.Yuan = "",
    reserve: of.Reserve = "",
    units: of.Units = None,
    confirmation: of.Confirmation = None,
    first_percent: of.FirstPercent = None,
    rest_months: of.RestMonths = None,
    loan_rate: of.LoanRate = None,
    award: of.Award = None,
    opening_minutes: of.OpeningMinutes = None,
    price_points: of.PricePoints = None,
    criterion: of.Criterion = None,
    members: of.Members = None,
    experts: of.Experts = None,
    agency_key: SeatKey = "",
    supervisor_key: SeatKey = "",
    platform_key: SeatKey = "",
    check: of.Check = False,
) -> None:
    """发布公告：先按当日法规核对期限，密封底价，再上传文件 / check the periods, seal the reserve, announce."""
    given = _given(read_object(file) if file else {}, locals())
    _announce(here, procedure, given, {sha256_of(path): path for path in document or ()}, reserve, check=check)


def _announce(
    here: Here, procedure: str, given: Mapping[str, Any], files: dict[str, Path], reserve: str, *, check: bool
) -> None:
    """Check the terms; unless that is all, seal the reserve, if there is one, and publish the lot."""
    body = terms_of(lot := lot_of(here, procedure, here.asker()), given, files)
    check_terms(here, procedure, lot, body, whole=check)
    if check:
        told = "期限、公告内容、保证金和起始价均符合规则 / periods, contents, deposit and start price keep the rules"
        here.say({"procedure": procedure, "lawful": True}, told)
        return
    if reserve:
        body["reserve"] = sealed_reserve(here, procedure, fen(reserve), body["authorities"])
    starts = local(parse_instant(body["bidding_starts"]))
    give(here, procedure, body, files, title=f"已公告，{starts} 开始报价 / announced")


def _rates(texts: Sequence[str]) -> list[dict[str, str]]:
    """Return the bank's yearly rates, each from its day on, as a notice states them; oldest first."""
    parts = sorted(text.partition("=") for text in texts)
    for since, found, yearly in parts:
        if not (since and found and yearly):
            raise Misused("利率应写作 YYYY-MM-DD=RATE", "write a rate as YYYY-MM-DD=RATE")
    return [{"since": since.strip(), "yearly": yearly.strip()} for since, _, yearly in parts]


def _given(stood: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the clerk gave: the options, by their names, go before what stands in the file, each in its group."""
    judging = judging_of(
        stood.get("tender", {}).get("judging") or {}, said["criterion"] or (), **{name: said[name] for name in JUDGING}
    )
    groups: Mapping[str, Mapping[str, Any]] = {
        "tender": {**{name: said[name] for name in TENDER}, "judging": judging},
        "instalments": {**{name: said[name] for name in INSTALMENTS}, "rates": _rates(said["loan_rate"] or ())},
        "authorities": {seat: said[f"{seat}_key"] for seat in SEATS},
    }
    given = {**stood, **{name: said[name] for name in (*TIMES, *PLAIN) if said[name]}}
    given |= {f"{name}_fen": fen(said[name]) for name in MONEY if said[name]}
    for group, fields in groups.items():
        if parts := {name: value for name, value in fields.items() if value not in (None, "", [])}:
            given[group] = given.get(group, {}) | parts
    return given


def terms_of(lot: Lot, given: Mapping[str, Any], files: Mapping[str, Path]) -> dict[str, Any]:
    """Return the command that announces a lot, as its line reads it, from what the clerk gave and the documents."""
    of = line(lot.line)
    documents = [document_of(path, digest) for digest, path in files.items()]
    composed = compose(given, documents, rules_of(of, str(lot.draft["kind"])), way=str(lot.draft["way"]))
    check_given(composed, OF_NOTICE)
    return readable(of, {**composed, "type": f"{lot.line}.announce_lot"})


def check_terms(here: Here, procedure: str, lot: Lot, body: Mapping[str, Any], *, whole: bool) -> None:
    """Raise Refused that lists every period the terms fall short of, and by how much; then for all else, if `whole`."""
    now, of = here.client.now(), line(lot.line)
    law = Law(*rulebook_on(lot.line, now.astimezone(BEIJING).date()))
    terms = Terms.model_validate_json(encode({name: value for name, value in body.items() if name != "type"}))
    told = Draft.model_validate_json(encode(dict(lot.draft)))
    ground = Ground(rules_of(of, told.kind), law)
    tell_shortfalls(here, shortfalls(told, terms, now, ground))
    if whole:
        check_notice(procedure, told, terms, now, ground)
