"""The law that the registry applies, as small tests that raise the refusal with its article.

电子招标投标办法 第九条 makes registration free for everyone: no command of the registry asks for more than who one is.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from stdnum.cn import ric

from services.registry.domain.values import AccountRole, Listing, Suspension
from shared.kernel.canonical import NotCanonical
from shared.kernel.codes import USCC, PartyId, may_act, standard_regions
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled
from shared.kernel.request import Actor, Role
from shared.law.calendar import BadCalendar, CalendarYear, parse_year
from shared.law.findings import day_of

NOT_ON_OWN_PLATFORM = "电子招标投标办法 第二十三条"
SAME_LOT = "招标投标法实施条例 第三十四条"
SOLE_CONTROL = "电子签名法 第十三条"
LEAST_DATA = "个人信息保护法 第六条"
ONE_CODE = "国发〔2015〕33号"
REGIONS = "平台规则、GB/T 2260"
OFFICES: frozenset[Role] = frozenset({"operator", "supervisor", "agency"})
"""The roles that act in a region of their own, and nowhere else."""

HOLIDAYS = "全国年节及纪念日放假办法"

# GB 11643-1999: six digits of region, the day of birth, three of order and a check.
_RESIDENT = re.compile(r"[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9X]")
_MOBILE = re.compile(r"(86)?1[3-9]\d{9}")


def require_body(identifier: PartyId) -> None:
    """Refuse an 居民身份证号: a record is for ever, a person's data must be erasable."""
    if identifier.scheme != USCC and _is_resident(_plain(identifier.id)):
        raise BadInput(
            "主体标识不得使用居民身份证号", "no resident identity number may identify a party here", LEAST_DATA
        )


def require_impersonal(account: str) -> None:
    """Refuse an account name that is an 居民身份证号 or a mobile number."""
    plain = _plain(account)
    if _is_resident(plain) or _MOBILE.fullmatch(plain):
        raise BadInput(
            "账户名不得使用身份证号或手机号，请改用不含个人信息的名称",
            "no identity or mobile number here; choose a name that holds no personal data",
            LEAST_DATA,
        )


def require_one_code(identifiers: Sequence[PartyId]) -> None:
    """Refuse an identifier given twice, and a second 统一社会信用代码: one body has one code, for life."""
    if len(set(identifiers)) != len(identifiers):
        raise BadInput("同一标识重复填写", "the same identifier is given twice")
    if sum(identifier.scheme == USCC for identifier in identifiers) > 1:
        raise BreaksClause("一个主体只有一个统一社会信用代码", "a party has one 统一社会信用代码 only", ONE_CODE)


def require_free(taken: Collection[PartyId]) -> None:
    """Refuse identifiers that a registered party has."""
    if taken:
        listed = "、".join(map(str, taken))
        raise BreaksClause(f"标识已由其他登记主体使用：{listed}", f"a registered party has this: {listed}", ONE_CODE)


def require_new_key(used: bool) -> None:
    """Refuse a key that any account has or had: what it signs must point to one account alone."""
    if used:
        raise BreaksClause(
            "该签名公钥已被使用，请生成新的密钥", "this signing key has been used; make a new one", SOLE_CONTROL
        )


def require_apart(role: AccountRole, others: Collection[AccountRole]) -> None:
    """Refuse to let one party run the platform and bid on it."""
    if {"operator", "bidder"} <= {role, *others}:
        raise BreaksClause(
            "平台运营机构不得在其运营的平台上投标", "who runs the platform may not bid on it", NOT_ON_OWN_PLATFORM
        )


def require_no_tie(of_operator: bool) -> None:
    """Refuse who is in a relation of control or management with who runs the platform; it tells nobody else."""
    if of_operator:
        raise BreaksClause(
            "平台运营机构及与其有控股、管理关系的单位不得在本平台投标",
            "who runs the platform, or is in a relation of control with it, does not bid on it",
            NOT_ON_OWN_PLATFORM,
        )


def read_calendar(body: str) -> CalendarYear:
    """Return the year of a calendar file that may be published. Refuse what is no such file, and a provisional one."""
    try:
        year = parse_year(body.encode())
    except NotCanonical as error:
        raise BadInput(
            f"日历文件不是规范的JSON（RFC 8785，键有序、无空白）：{error.zh}",
            f"the file is not canonical JSON: {error}",
        ) from error
    except BadCalendar as error:
        raise BadInput(
            f"日历文件有误或自相矛盾：{error.zh}", f"the file is wrong or contradicts itself: {error}"
        ) from error
    if year.provisional:
        raise BreaksClause(
            f"{year.year}年的这份日历为暂定，只能公布国务院办公厅通知所定的日历",
            f"this calendar of {year.year} is provisional; only one that the notice arranges can be published",
            HOLIDAYS,
        )
    return year


def require_jurisdiction(actor: Actor, region: str | None, at: datetime) -> None:
    """Refuse an office what lies outside its region; `region` is null in what was decided before there was this."""
    if region is None or actor.role not in OFFICES or may_act(actor.region, region, day_of(at)):
        return
    raise NotEntitled(
        f"{actor.region or '未定区划'} 的账户不得办理 {region} 的事项",
        f"an account of {actor.region or 'no region'} may not act in {region}",
        REGIONS,
    )


def require_region(role: AccountRole, region: str, at: datetime) -> None:
    """Refuse an account a region that is not in use on the day; outside the table, only an office needs one of it."""
    known = standard_regions()
    if known.get(region) is None and role not in OFFICES:
        return
    if not known.in_use(region, day_of(at)):
        now = known.current(region)
        zh = f"行政区划代码 {region or '（空）'} 当日未启用{'，现为 ' + now if now != region else ''}"
        raise BadInput(zh, f"the region {region or '(none)'} is not in use on this day: {now or 'give one'}", REGIONS)


def in_force(suspension: Suspension | None, at: datetime) -> bool:
    """Whether the suspension still holds at `at`; it ends at the instant that it names."""
    return suspension is not None and at < suspension.until


def listed(entries: Sequence[Listing], at: datetime) -> Listing | None:
    """Return the first entry of the blacklist in force at `at`: from `since` on, and at `until` no longer."""
    return next((entry for entry in entries if entry.since <= at < entry.until), None)


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).upper()


def _is_resident(plain: str) -> bool:
    return bool(_RESIDENT.fullmatch(plain)) and ric.calc_check_digit(plain) == plain[-1]
