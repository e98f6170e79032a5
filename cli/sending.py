"""Sending an import: what would be refused is found out before anything is sent, so that nothing is half imported."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from cli.command import Here
from cli.law import line
from cli.output import Misused, Refused
from cli.registry import find_registered
from cli.words import phase_zh
from shared.kernel.canonical import encode
from shared.kernel.request import ROLES_ZH

Given = tuple[str, dict[str, Any]]
"""A command to give: its stream and its body."""

_REGISTER, _DRAFT = "registry.register_party", "bidding.draft_tender"
_WHAT_ZH = {_REGISTER: "登记主体", _DRAFT: "起草招标项目"}


def command_id(stream: str, body: dict[str, Any]) -> str:
    """Return the id of a command of an import: the same file gives the same, so importing again finishes it."""
    return f"ocds-{hashlib.sha256(encode({'stream': stream, 'command': body})).hexdigest()[:40]}"


def send(here: Here, commands: Sequence[Given], operator: str) -> None:
    """Draft as the account that asks and register as the operator. Raise Refused, listing all that is in the way.

    Drafts go first: they are what another's may stand in the way of. A party that is registered already stays.
    """
    if not operator:
        raise Misused("请用 --operator 指明登记主体的运营账户", "say which operator registers with --operator")
    who = {_REGISTER: operator, _DRAFT: here.who}
    obstacles = [*_wrong_roles(here, who), *_obstacles(here, commands, who)]
    if obstacles:
        raise Refused(
            f"未导入任何内容：{'；'.join(zh for zh, _ in obstacles)}",
            f"nothing was imported: {'; '.join(en for _, en in obstacles)}",
            obstacles=[{"zh": zh, "en": en} for zh, en in obstacles],
        )
    for stream, body in sorted(commands, key=lambda given: given[1]["type"] == _REGISTER):
        if body["type"] == _DRAFT or find_registered(here, body["identifier"], operator) is None:
            here.client.command(here.asker(who[body["type"]]), stream, body, command_id(stream, body))


def _wrong_roles(here: Here, who: dict[str, str]) -> Iterator[tuple[str, str]]:
    for kind, account in who.items():
        entitled = line(kind.partition(".")[0]).entitled[kind]
        found = here.client.find(f"/api/accounts/{account}", here.asker(account))
        role = None if found is None else json.loads(found)["role"]
        if role not in entitled:
            may = "、".join(ROLES_ZH[one] for one in sorted(entitled))
            now = "无" if role is None else ROLES_ZH[role]
            yield (
                f"账户 {account} 的角色为{now}，{_WHAT_ZH[kind]}须由{may}办理",
                f"{account} is {role}; {kind} is for {', '.join(sorted(entitled))}",
            )


def _obstacles(here: Here, commands: Sequence[Given], who: dict[str, str]) -> Iterator[tuple[str, str]]:
    for stream, body in commands:
        asker = here.asker(who[body["type"]])
        if body["type"] == _REGISTER:
            found = find_registered(here, body["identifier"], who[_REGISTER])
            if found is not None and found["name"] != body["name"]:
                code = f"{body['identifier']['scheme']}:{body['identifier']['id']}"
                zh = f"{code} 已登记为「{found['name']}」，与公告中的「{body['name']}」不同，请核对"
                yield zh, f"{code} is registered as {found['name']!r}, not {body['name']!r}: find out which is right"
        elif (page := here.client.find(f"/api/procedures/{stream}", asker)) is not None:
            phase = json.loads(page)["phase"]
            given = here.client.find(f"/api/outcomes/{command_id(stream, body)}", asker)
            if phase != "drafted" and given is None:
                yield f"{stream} 现为{phase_zh(phase)}，不能再改写草稿", f"{stream} is past drafting ({phase})"
