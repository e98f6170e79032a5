"""Where the commands of `ggzy` are made: a module is loaded for a command of its own, and all for their list."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_group

from cli.verbs import group

COMMANDS = {
    "demo": "demo.command",
    **dict.fromkeys(("up", "serve", "relay", "portal", "migrate"), "run"),
    "doctor": "doctor",
    "recover": "recover",
    **dict.fromkeys(("login", "logout"), "login"),
    **dict.fromkeys(("replay", "alarms", "bundle", "verify", "policy"), "audit"),
    **dict.fromkeys(("do", "commands"), "doing"),
}
"""The commands that are in no group, by the module whose `app` has them."""

GROUPS = {
    "clock": "run:clock",
    "party": "relations:party",
    "account": "accounts:account",
    "ca": "ca:app",
    "calendar": "calendar:app",
    "rules": "rules:app",
    "tender": "scoring:app",
    "bid": "bid:app",
    "auction": "auction:app",
    "document": "papers:app",
    "committee": "committee:app",
    "authority": "authority:app",
    "import": "importing:app",
    "expert": "experts:app",
    "draw": "drawing:app",
    "witness": "witnessing:app",
}
"""The groups, by the module that completes each and its name there."""

OF_VERBS = {
    "objection": "异议 / objections",
    "complaint": "投诉 / complaints",
    "deposit": "投标保证金等款项 / deposits and other money",
    "outage": "平台故障 / outages",
}
"""The groups that have made verbs alone, by what they are about."""

NAMES = (*COMMANDS, *GROUPS, *OF_VERBS)
"""All of them, in the order in which help lists them."""


@cache
def placed(name: str) -> Mapping[str, Any]:
    """Return the command or group of a name, by it; nothing for a name that is not here."""
    holder = typer.Typer()
    if name in COMMANDS:
        holder.add_typer(import_module(f"cli.{COMMANDS[name]}").app)
    elif name in GROUPS:
        module, _, attribute = GROUPS[name].partition(":")
        holder.add_typer(getattr(import_module(f"cli.{module}"), attribute), name=name)
    elif name in OF_VERBS:
        holder.add_typer(group(OF_VERBS[name]), name=name)
    else:
        return {}
    return {name: get_group(holder).commands[name]}
