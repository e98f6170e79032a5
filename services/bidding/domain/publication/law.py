"""The clauses about publication."""

from collections.abc import Mapping
from datetime import date

from services.bidding.domain.since import ELECTRONIC
from shared.kernel.errors import PLATFORM_RULE
from shared.law.making import Versions, hours, rule

_NOTICES = date(2018, 1, 1)  # 招标公告和公示信息发布管理办法 第二十二条

CLAUSES: Mapping[str, Versions] = {
    "E48-NOTICE": rule(
        "seven_contents",
        "招标公告和公示信息发布管理办法 第五条",
        _NOTICES,
        "招标公告应当载明七项内容：项目与资金来源，资格能力要求与是否接受联合体，获取文件的时间方式，递交的截止时间方式，"
        "招标人及代理机构的联系方式，电子平台的网址和方法，其他。",
        "The notice has seven contents: project and funds, qualifications and consortia, how to get the documents, when"
        " and how to hand in, whom to contact, the platform's address and how to use it, and what else the law asks.",
    ),
    "E48-REQUIRED": rule(
        "none_without_its_contents",
        "招标公告和公示信息发布管理办法 第五条",
        _NOTICES,
        "依法必须招标项目的招标公告、中标候选人公示未载明法定内容的，不予发布。",
        "Of a project that must be tendered no notice, and no publicity of candidates, goes out without its contents.",
        verified=False,
    ),
    "E49": rule(
        "named_media",
        "招标公告和公示信息发布管理办法 第八条",
        _NOTICES,
        "依法必须招标项目的公告和公示信息应当在中国招标投标公共服务平台或者项目所在地省级电子招标投标公共服务平台发布。",
        "Notices of projects that must be tendered are published on the national or the provincial service platform.",
    ),
    "D6": rule(
        "platform_and_media_together",
        "电子招标投标办法 第十七条",
        ELECTRONIC,
        "招标公告应当载明潜在投标人访问平台的网络地址和方法，在平台和国家指定的媒介上同步发布。",
        "The notice says how to reach the platform, and is published there and on the named medium together.",
    ),
    "MEDIA-HOURS": hours(
        24,
        PLATFORM_RULE,
        None,
        "公告或者公示后24小时内未登记指定媒介发布情况的，提示监督部门。",
        "Where no publication on a named medium is on record within 24 hours, the supervisor is warned.",
        verified=False,
    ),
}
