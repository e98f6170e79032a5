"""The `ggzy` command: running the platform, taking part in its procedures, and checking what it says."""

import typer

from cli import (
    accounts,
    auction,
    audit,
    authority,
    bid,
    ca,
    calendar,
    committee,
    doctor,
    doing,
    drawing,
    experts,
    importing,
    login,
    papers,
    parties,
    recover,
    relations,
    rules,
    run,
    scoring,
    tender,
    witnessing,
)
from cli.demo import command as demo
from cli.group import Group
from cli.verbs import group

app = typer.Typer(
    name="ggzy",
    cls=Group,
    help="公共资源交易平台：运行、办理、核验 / public resource trading: run it, take part, check it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback must never show the values of local variables: some are keys
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(demo.app)
app.add_typer(run.app)
app.add_typer(doctor.app)
app.add_typer(recover.app)
app.add_typer(run.clock, name="clock", no_args_is_help=True)
parties.party.add_typer(relations.app, name="relations")
app.add_typer(parties.party, name="party")
app.add_typer(accounts.account, name="account")
app.add_typer(ca.app, name="ca")
app.add_typer(login.app)
app.add_typer(calendar.app, name="calendar")
app.add_typer(rules.app, name="rules")
tender.app.add_typer(scoring.app)
app.add_typer(tender.app, name="tender")
app.add_typer(bid.app, name="bid")
app.add_typer(auction.app, name="auction")
app.add_typer(papers.app, name="document")
app.add_typer(committee.app, name="committee")
app.add_typer(group("异议 / objections"), name="objection")
app.add_typer(group("投诉 / complaints"), name="complaint")
app.add_typer(group("投标保证金等款项 / deposits and other money"), name="deposit")
app.add_typer(group("平台故障 / outages"), name="outage")
app.add_typer(authority.app, name="authority")
app.add_typer(importing.app, name="import")
app.add_typer(audit.app)
app.add_typer(doing.app)
app.add_typer(experts.app, name="expert")
app.add_typer(drawing.app, name="draw", no_args_is_help=True)
app.add_typer(witnessing.app, name="witness")

if __name__ == "__main__":
    app()
