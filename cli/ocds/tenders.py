"""The drafts of a release: one for each lot, with what the notice lacks said and where it came from noted."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.ocds.amounts import QUOTED, all_amounts, to_fen
from cli.ocds.findings import Findings, member, objects
from cli.ocds.parties import Party, plain
from cli.ocds.reading import Release
from shared.kernel.codes import Regions

TITLE, DESCRIPTION, SOURCE = 2_000, 20_000, 200
"""The longest texts of a draft, in characters."""

_LOT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ENDED = {"cancelled": "已取消", "unsuccessful": "已失败", "withdrawn": "已撤回", "complete": "已完成"}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the clerk says where a notice does not: the region (GB/T 2260) and, if need be, the category."""

    region: str
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """A draft to make: under which procedure, its body, and the path of the release that it is from."""

    procedure: str
    draft: Mapping[str, Any]
    path: str


@dataclass
class Drafting:
    """The drafting of one release; `made` grows with the fields whose values the notice does not hold."""

    release: Release
    buyer: Party
    buyer_region: str
    defaults: Defaults
    regions: Regions
    findings: Findings
    made: list[str] = field(default_factory=list)

    def drafts(self) -> list[Tender]:
        """Return the drafts of the release's lots; a release without lots is one lot."""
        lots, place = objects(self.tender, "lots"), f"{self.release.path}.tender"
        self._note_state(place)
        if not lots:
            self.findings.warn(f"{place}.lots", "no_lots", "没有标段，按一个标段导入", "no lots: imported as one")
            return [self._draft(place, "1", self.tender)]
        names = ("title", "description", "mainProcurementCategory", *(["value"] if len(lots) == 1 else []))
        whole = {name: self.tender[name] for name in names if self.tender.get(name) is not None}
        inherited = "value" in whole and not _given(lots[0]).get("value")
        return [
            self._draft(f"{place}.lots[{at}]", str(lot["id"]), {**whole, **_given(lot)}, place if inherited else "")
            for at, lot in enumerate(lots)
        ]

    @property
    def tender(self) -> dict[str, Any]:
        """The release's tender."""
        return member(self.release.body, "tender")

    def _draft(self, path: str, lot_id: str, lot: Mapping[str, Any], valued: str = "") -> Tender:
        """Return one draft; `valued` is where its value stands, if not with the lot."""
        ocid, place, self.made = plain(self.release.body["ocid"]), self.release.path, []
        title = plain(self.tender.get("title")) or plain(lot.get("title"))
        self._check_length(f"{place}.tender.title", title, 1, TITLE)
        self._check_length(f"{place}.ocid", ocid, 1, SOURCE)
        draft = {
            "title": title,
            "description": self._description(path, lot),
            "region": self._region(),
            "category": self._category(path, lot),
            "lot": {"id": self._lot_id(path, lot_id), "title": (plain(lot.get("title")) or title)[:TITLE]},
            "buyer": {"scheme": self.buyer.scheme, "id": self.buyer.id, "name": self.buyer.name},
            "estimate_fen": to_fen(f"{valued or path}.value", member(lot, "value"), self.findings),
            "ceiling_fen": None,
            "made": list(self.made),
            "source": {"kind": "ocds", "id": ocid},
        }
        return Tender(procedure_of(ocid, lot_id), draft, place)

    def _description(self, path: str, lot: Mapping[str, Any]) -> str:
        said = [plain(self.tender.get("description")), plain(lot.get("description"))]
        text = "\n\n".join([*dict.fromkeys(part for part in said if part), source_note(self.release)])
        self._check_length(f"{path}.description", text, 0, DESCRIPTION)
        return text

    def _region(self) -> str:
        if self.regions.get(self.buyer_region) is not None:
            return self.buyer_region
        self.made.append("region")
        self.findings.warn(
            f"{self.release.path}.tender",
            "no_region",
            f"没有行政区划代码（GB/T 2260），暂用 {self.defaults.region}，并注明为补填",
            f"no region code of GB/T 2260: {self.defaults.region} is used and marked as made up",
        )
        return self.defaults.region

    def _category(self, path: str, lot: Mapping[str, Any]) -> str:
        given: str | None = lot.get("mainProcurementCategory")
        if given is None and self.defaults.category is None:
            self.findings.error(
                f"{path}.mainProcurementCategory",
                "no_category",
                "没有采购类别，请用 --category works|goods|services 指明",
                "no procurement category: say it with --category works|goods|services",
            )
        if given is None:
            self.made.append("category")
        return given or self.defaults.category or "works"

    def _lot_id(self, path: str, given: str) -> str:
        if _LOT.fullmatch(given):
            return given
        made = f"lot-{hashlib.sha256(given.encode()).hexdigest()[:8]}"
        self.made.append("lot")
        self.findings.warn(
            f"{path}.id",
            "lot_renamed",
            f"标段编号含有不能使用的字符，改为 {made}",
            f"the lot's id has characters that cannot be used here: it becomes {made}",
        )
        return made

    def _check_length(self, path: str, text: str, least: int, most: int) -> None:
        if not least <= len(text) <= most:
            self.findings.error(
                path,
                "bad_length",
                f"应有 {least} 至 {most} 字，现有 {len(text)} 字，请修改",
                f"{least} to {most} characters are needed, there are {len(text)}: change it",
            )

    def _note_state(self, place: str) -> None:
        """Note what the notice says or leaves open of its course, none of which a draft holds."""
        period, status = member(self.tender, "tenderPeriod"), self.tender.get("status")
        if not period.get("startDate") or not period.get("endDate"):
            zh, en = (
                "没有完整的投标期间，请在发布时给出发售与截止时间",
                "no full tender period: give the times to publish",
            )
            self.findings.warn(f"{place}.tenderPeriod", "no_period", zh, en)
        else:
            zh = f"原投标期间 {period['startDate']} 至 {period['endDate']} 不导入，发布时另定"
            en = f"the period {period['startDate']} to {period['endDate']} is not imported; publishing sets another"
            self.findings.warn(f"{place}.tenderPeriod", "period_not_imported", zh, en)
        if status in _ENDED:
            zh = f"该项目在来源处{_ENDED[status]}，此处仅作为草稿"
            self.findings.warn(f"{place}.status", "ended_at_source", zh, f"{status} at its source; here it is a draft")
        if member(self.tender, "minValue").get("amount") is not None:
            zh = "不得规定最低投标限价（招标投标法实施条例 第二十七条），不导入"
            en = "a floor price is forbidden [招标投标法实施条例 第二十七条]: not imported"
            self.findings.warn(f"{place}.minValue", "floor_price", zh, en)


def procedure_of(ocid: str, lot: str) -> str:
    """Return the procedure's id: the same notice and lot are the same procedure whenever they are imported."""
    return f"ocds-{hashlib.sha256(f'{ocid}|{lot}'.encode()).hexdigest()[:24]}"


def source_note(release: Release) -> str:
    """Return what the description says of the source: the notice, and its amounts in other currencies as written."""
    body = release.body
    note = f"来源 / source: OCDS {plain(body['ocid'])}, release {plain(body['id'])}, {body['date']}."
    foreign = list(all_amounts(release))
    if not foreign:
        return note
    shown = "; ".join(f"{path} {amount}" for path, amount in foreign[:QUOTED])
    more = f"; +{len(foreign) - QUOTED}" if len(foreign) > QUOTED else ""
    return f"{note} 未换算的原文金额 / amounts not converted: {shown}{more}."


def _given(lot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in lot.items() if value is not None}
