"""What an import would do: the drafts and parties of a whole file and all that was found; all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cli.ocds import offers
from cli.ocds.checking import check, validator
from cli.ocds.findings import Finding, Findings, member
from cli.ocds.parties import Party, buyer, directory, note_repeated, plain, read_party
from cli.ocds.reading import Release, read
from cli.ocds.tenders import Defaults, Drafting, Tender
from shared.kernel.codes import Regions


@dataclass(frozen=True, slots=True)
class Plan:
    """Tenders and parties to make. Where something blocks, both are empty: nothing is half imported."""

    tenders: tuple[Tender, ...]
    parties: tuple[Party, ...]
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether something must be put right first."""
        return any(finding.blocking for finding in self.findings)


def plan(data: bytes, schema: Mapping[str, Any], regions: Regions, defaults: Defaults) -> Plan:
    """Return what importing a file's bytes would do. `schema` is the OCDS 1.1 release schema."""
    reading = _Reading(regions, defaults, Findings())
    releases = read(data, reading.findings)
    checked = validator(schema)
    for release in releases:
        check(release, checked, reading.findings)
    if not reading.findings.blocked:
        for release in releases:
            reading.take(release)
    if reading.findings.blocked:
        return Plan((), (), tuple(reading.findings.found))
    return Plan(tuple(reading.tenders.values()), tuple(reading.parties.values()), tuple(reading.findings.found))


class _Reading:
    """What grows while the releases of a file are read."""

    def __init__(self, regions: Regions, defaults: Defaults, findings: Findings) -> None:
        self.regions, self.defaults, self.findings = regions, defaults, findings
        self.tenders: dict[str, Tender] = {}
        self.parties: dict[str, Party] = {}

    def take(self, release: Release) -> None:
        """Map one release that the schema allows."""
        if not member(release.body, "tender"):
            zh, en = "没有招标信息（tender），无法成为草稿", "no tender in it: it cannot become a draft"
            self.findings.error(f"{release.path}.tender", "no_tender", zh, en)
            return
        note_repeated(release, self.findings)
        ocid, entry = plain(release.body["ocid"]), buyer(release, directory(release))
        if entry is None:
            zh, en = "没有指明招标人（buyer），请补充", "no buyer is named: name one"
            self.findings.error(f"{release.path}.buyer", "no_buyer", zh, en)
            return
        party = self._party(entry, ocid, "public_body")
        for bidder in offers.bidders(release):
            self._party(bidder, ocid, "enterprise")
        offers.note_offers(release, self.findings)
        if party is not None:
            region = plain(member(entry.body, "address").get("region"))
            drafting = Drafting(release, party, region, self.defaults, self.regions, self.findings)
            for tender in drafting.drafts():
                self._add(tender)

    def _party(self, entry: Any, ocid: str, kind: str) -> Party | None:
        party = read_party(entry, ocid, kind, self.findings)
        if party is None:
            return None
        known = self.parties.setdefault(str(party), party)
        if known.name != party.name:
            self.findings.error(
                f"{entry.path}.name",
                "two_names",
                f"标识 {party} 对应两个名称，请核对后只保留一个",
                f"two names under the identifier {party}: find out which is right",
            )
        return known

    def _add(self, tender: Tender) -> None:
        if self.tenders.setdefault(tender.procedure, tender) is not tender:
            self.findings.error(
                f"{tender.path}.ocid",
                "several_releases",
                "同一项目与标段有多个发布，请先合并为一个（如 ocdskit compile）再导入",
                "several releases of one process and lot: compile them into one first (as with ocdskit compile)",
            )
