"""The clauses about who must put out to tender, and who may bid."""

from collections.abc import Mapping
from datetime import date

from services.bidding.domain.since import ACT, ELECTRONIC, REGULATION
from shared.law.making import Versions, count, days, fen, rule

SCALE = date(2018, 6, 1)  # 必须招标的工程项目规定 (发改委令第16号) 第六条
_SCALE = "必须招标的工程项目规定 第五条"


def _scale(value: int, zh: str, en: str) -> Versions:
    return fen(
        value,
        _SCALE,
        SCALE,
        f"{zh}单项合同估算价达到该数额的，必须招标。",
        f"{en} of this estimated price or more must be tendered.",
        verified=False,
    )


CLAUSES: Mapping[str, Versions] = {
    "E1-WORKS": _scale(4_000_000_00, "施工", "Works"),
    "E1-GOODS": _scale(2_000_000_00, "重要设备、材料等货物", "Important equipment, materials and other goods"),
    "E1-SERVICES": _scale(1_000_000_00, "勘察、设计、监理等服务", "Surveying, design, supervision and other services"),
    "E2": count(
        3,
        "招标投标法 第十七条",
        ACT,
        "邀请招标应当向三个以上具备承担能力、资信良好的特定的法人或者其他组织发出投标邀请书。",
        "An invited tender invites at least three.",
    ),
    "R8": rule(
        "open_unless_grounded",
        "招标投标法实施条例 第八条",
        REGULATION,
        "国有资金占控股或者主导地位的依法必须招标的项目应当公开招标；只有少量潜在投标人可供选择，"
        "或者公开招标费用占合同金额比例过大的，可以邀请招标。",
        "A state-funded project that must be tendered is tendered openly, unless few can do it or it costs too much.",
        verified=False,
    ),
    "E4": days(
        5,
        "招标投标法实施条例 第十七条",
        REGULATION,
        "提交资格预审申请文件的时间，自资格预审文件停止发售之日起不得少于5日。",
        "Applications may be handed in for at least 5 days after the prequalification documents stop being sold.",
    ),
    "E5": count(
        3,
        "招标投标法实施条例 第十九条",
        REGULATION,
        "未通过资格预审的申请人不具有投标资格；通过资格预审的申请人少于3个的，应当重新招标。",
        "Who did not pass may not bid; with fewer than three qualified the tender is held again.",
    ),
    "R18": rule(
        "declared_standards_only",
        "招标投标法实施条例 第十八条",
        REGULATION,
        "资格预审应当按照资格预审文件载明的标准和方法进行。",
        "Applications are reviewed by the standards that the prequalification documents state.",
        verified=False,
    ),
    "E7-PREQUALIFICATION": days(
        3,
        "招标投标法实施条例 第二十一条",
        REGULATION,
        "澄清或者修改可能影响资格预审申请文件编制的，应在提交截止至少3日前发出；不足3日的，应当顺延。",
        "A clarification that may affect applications is issued at least 3 days before they are due, or postpones.",
    ),
    "E14": rule(
        "related_bids_invalid",
        "招标投标法实施条例 第三十四条",
        REGULATION,
        "单位负责人为同一人或者存在控股、管理关系的不同单位，不得参加同一标段投标，违反的相关投标均无效。",
        "Parties with one person in charge, or one controlling another, may not bid for one lot: all are invalid.",
    ),
    "E15": rule(
        "consortium_stays_itself",
        "招标投标法实施条例 第三十七条",
        REGULATION,
        "应当载明是否接受联合体投标；资格预审后联合体增减、更换成员的，或者成员在同一项目中另行投标的，投标无效。",
        "A consortium that changed after prequalification, or whose member also bids otherwise, is invalid.",
    ),
    "E38": rule(
        "six_cases",
        "招标投标法实施条例 第四十条",
        REGULATION,
        "有六种情形之一的，视为投标人相互串通投标。",
        "In six cases bidders are deemed to collude.",
    ),
    "E39": rule(
        "second_stage_for_participants",
        "招标投标法实施条例 第三十条",
        REGULATION,
        "对技术复杂或者无法精确拟定技术规格的项目，可以分两阶段招标；第一阶段提交不带报价的技术建议，"
        "第二阶段向提交技术建议的投标人提供招标文件；投标保证金在第二阶段提出。",
        "A tender may have two stages: proposals without a price, then bids of those who proposed, with the deposit.",
    ),
    "RETENDER": rule(
        "after_failure",
        "招标投标法 第二十八条",
        ACT,
        "招标失败的，应当重新招标；重新招标应载明失败的前次招标。",
        "A tender that failed is held again, and names the attempt that failed.",
    ),
    "D9": rule(
        "operator_does_not_bid",
        "电子招标投标办法 第二十三条",
        ELECTRONIC,
        "电子招标投标交易平台的运营机构，以及与该机构有控股或者管理关系可能影响招标公正性的任何单位和个人，"
        "不得在该交易平台进行的招标项目中投标和代理投标。",
        "The operator and those in a relation of control or management with it do not bid on its platform.",
    ),
}
