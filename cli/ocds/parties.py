"""The parties that the import reads, the buyer and those who bid, each with an identifier under a scheme."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from cli.ocds.findings import Findings, member, objects
from cli.ocds.reading import Release
from shared.kernel.codes import USCC, PartyId, read_party_id
from shared.kernel.errors import BadInput

LOCAL_SCHEME = "OCDS"
"""The scheme of a party that the notice gives no identifier: the process's ocid and the party's id in it."""

NAME_LENGTH = 200
_COUNTRY = re.compile(r"[A-Z]{2}")
_INTERNATIONAL = frozenset({"EU", "XI", "XM", "XR"})  # prefixes of org-id.guide that are no country


@dataclass(frozen=True, slots=True)
class Party:
    """A party as it is to be registered; `kind` is public_body for a buyer and enterprise for a bidder."""

    scheme: str
    id: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A party of the release: where it stands, and what the release says of it in all places together."""

    path: str
    body: Mapping[str, Any]


def directory(release: Release) -> dict[str, Entry]:
    """Return the release's parties by their id in it."""
    parties = enumerate(objects(release.body, "parties"))
    return {str(body["id"]): Entry(f"{release.path}.parties[{at}]", body) for at, body in parties if "id" in body}


def note_repeated(release: Release, findings: Findings) -> None:
    """Note an id that two parties of the release have: which of them a reference means, only people know."""
    first: dict[str, int] = {}
    for at, body in enumerate(objects(release.body, "parties")):
        before = first.setdefault(str(body.get("id")), at)
        if before != at:
            findings.error(
                f"{release.path}.parties[{at}].id",
                "two_parties",
                f"与 parties[{before}] 的编号相同，请核对后只保留一个或改正编号",
                f"the same id as parties[{before}]: find out which is right",
            )


def buyer(release: Release, known: Mapping[str, Entry]) -> Entry | None:
    """Return the buyer: the one referred to, else the procuring entity, else the only party of that role."""
    tender = member(release.body, "tender")
    for path, reference in (
        (f"{release.path}.buyer", member(release.body, "buyer")),
        (f"{release.path}.tender.procuringEntity", member(tender, "procuringEntity")),
    ):
        if reference:
            return resolve(path, reference, known)
    in_role = [entry for entry in known.values() if {"buyer", "procuringEntity"} & set(entry.body.get("roles") or [])]
    return in_role[0] if len(in_role) == 1 else None


def resolve(path: str, reference: Mapping[str, Any], known: Mapping[str, Entry]) -> Entry:
    """Return the party that a reference means; one that is not in the list stands for itself."""
    entry = known.get(str(reference.get("id")))
    if entry is None:
        return Entry(path, reference)
    return Entry(entry.path, {**reference, **entry.body})


def read_party(entry: Entry, ocid: str, kind: str, findings: Findings) -> Party | None:
    """Return the party to register, or None with a note of what keeps it from being one."""
    name = " ".join(plain(entry.body.get("name") or member(entry.body, "identifier").get("legalName")).split())
    if not 0 < len(name) <= NAME_LENGTH:
        findings.error(
            f"{entry.path}.name",
            "no_name",
            f"主体没有名称，或超过{NAME_LENGTH}字，请补正",
            f"the party has no name, or one of more than {NAME_LENGTH} characters: put it right",
        )
        return None
    found = _identifier(entry, ocid, findings)
    return None if found is None else Party(found.scheme, found.id, name, kind)


def plain(text: object) -> str:
    """Return a text in NFC without spaces at its ends; of nothing, the empty text."""
    return unicodedata.normalize("NFC", text).strip() if isinstance(text, str) else ""


def _identifier(entry: Entry, ocid: str, findings: Findings) -> PartyId | None:
    given = sorted(_identifiers(entry), key=lambda one: plain(one[1].get("scheme")) != USCC)
    if not given:
        return _local(entry, ocid, findings)
    path, identifier = given[0]
    scheme, text = plain(identifier["scheme"]), unicodedata.normalize("NFC", str(identifier["id"]))
    try:
        found, warnings = read_party_id(scheme, text)
    except BadInput as refusal:
        findings.error(f"{path}.id", "bad_identifier", refusal.zh, refusal.en)
        return None
    except ValidationError:
        findings.error(
            path,
            "bad_identifier",
            "标识体系应为大写字母、数字与连字符（如 CN-USCC），标识不得为空且不超过128字，请更正",
            "a scheme is capital letters, digits and hyphens (as CN-USCC), an id 1 to 128 characters: correct it",
        )
        return None
    for warning in warnings:
        findings.warn(f"{path}.id", warning.code, warning.zh, warning.en)
    _compare_country(path, scheme, entry, findings)
    return found


def _identifiers(entry: Entry) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the identifiers that have both a scheme and an id."""
    listed = [(f"{entry.path}.identifier", member(entry.body, "identifier"))]
    for at, identifier in enumerate(objects(entry.body, "additionalIdentifiers")):
        listed.append((f"{entry.path}.additionalIdentifiers[{at}]", identifier))
    for path, identifier in listed:
        if plain(identifier.get("scheme")) and str(identifier.get("id") or "").strip():
            yield path, identifier


def _local(entry: Entry, ocid: str, findings: Findings) -> PartyId | None:
    """Return the identifier of a party that has none: its place in the notice, said to be that."""
    try:
        found = PartyId(scheme=LOCAL_SCHEME, id=plain(f"{ocid}:{entry.body.get('id') or entry.path}"))
    except ValidationError:
        zh, en = "没有标识，且公告内编号过长", "no identifier, and too long an id in the notice"
        findings.error(f"{entry.path}.id", "bad_identifier", f"{zh}，请补充标识", f"{en}: give one")
        return None
    findings.warn(
        f"{entry.path}.identifier",
        "no_identifier",
        f"没有标识，暂按公告内编号登记为 {found}；请向其索取统一社会信用代码或注册号",
        f"no identifier: registered as {found}, its id in the notice; ask it for its registered one",
    )
    return found


def _compare_country(path: str, scheme: str, entry: Entry, findings: Findings) -> None:
    """Warn of an identifier under a register of another country than the party's address."""
    country, listed_in = plain(member(entry.body, "address").get("country")), scheme.partition("-")[0]
    if not _COUNTRY.fullmatch(country) or not _COUNTRY.fullmatch(listed_in):
        return
    if listed_in not in {country, *_INTERNATIONAL}:
        findings.warn(
            f"{path}.scheme",
            "scheme_of_another_country",
            f"标识体系 {scheme} 属于 {listed_in}，而地址在 {country}；按原文保留，请核对",
            f"{scheme} is a register of {listed_in}, the address is in {country}; kept as given, check it",
        )
