"""The clauses about objections, complaints and termination."""

from collections.abc import Mapping

from services.bidding.domain.since import ELECTRONIC, REGULATION
from shared.kernel.errors import PLATFORM_RULE
from shared.law.making import Versions, days, minutes, rule, working_days

CLAUSES: Mapping[str, Versions] = {
    "E8": days(
        10,
        "招标投标法实施条例 第二十二条",
        REGULATION,
        "对招标文件有异议的，应当在投标截止时间10日前提出。",
        "An objection to the tender documents is raised 10 days before the deadline for bids.",
    ),
    "E8-PREQUALIFICATION": days(
        2,
        "招标投标法实施条例 第二十二条",
        REGULATION,
        "对资格预审文件有异议的，应当在提交资格预审申请文件截止时间2日前提出。",
        "An objection to the prequalification documents is raised 2 days before the deadline for applications.",
    ),
    "E8-ANSWER": days(
        3,
        "招标投标法实施条例 第二十二条",
        REGULATION,
        "招标人应当自收到异议之日起3日内作出答复；作出答复前，应当暂停招标投标活动。",
        "The tenderer answers within 3 days of receipt; until it has, the activity is suspended.",
    ),
    "E17-OBJECTION": rule(
        "answered_on_the_spot",
        "招标投标法实施条例 第四十四条",
        REGULATION,
        "投标人对开标有异议的，应当在开标现场提出，招标人应当当场作出答复，并制作记录。",
        "An objection to the opening is raised at it, answered on the spot, and recorded.",
    ),
    "INTERESTED": rule(
        "others_with_an_interest_too",
        "招标投标法实施条例 第二十二条、第五十四条、第六十条",
        REGULATION,
        "其他利害关系人对招标文件、评标结果有异议的，也可以提出；认为不符合规定的，可以投诉。",
        "Others with an interest may object to documents and result too, and complain.",
    ),
    "OBJECTION-REPEATED": rule(
        "suspends_again_and_is_told_of",
        PLATFORM_RULE,
        None,
        "法规没有限制再次提出异议，答复前仍应当暂停；同一异议人就同一事项再次提出的，提醒监督部门。",
        "No text limits how often one objects: it suspends again; the supervisor is told of who objects repeatedly.",
        verified=False,
    ),
    "OPENING-MINUTES": minutes(
        30,
        PLATFORM_RULE,
        None,
        "开标记录公布后30分钟内为确认时间，未提出异议的视为没有异议；对开标的异议应在30分钟内答复。",
        "For 30 minutes after the opening record a bidder may object, silence is none; answers take as long at most.",
        verified=False,
    ),
    "E30": rule(
        "within_the_publicity",
        "招标投标法实施条例 第五十四条",
        REGULATION,
        "对依法必须进行招标的项目的评标结果有异议的，应当在中标候选人公示期间提出。",
        "An objection to the result is raised within the publicity of the candidates.",
    ),
    "E30-ANSWER": days(
        3,
        "招标投标法实施条例 第五十四条",
        REGULATION,
        "招标人应当自收到异议之日起3日内作出答复；作出答复前，应当暂停招标投标活动。",
        "The tenderer answers within 3 days of receipt; until it has, the activity is suspended.",
    ),
    "E36": days(
        10,
        "招标投标法实施条例 第六十条",
        REGULATION,
        "可以自知道或者应当知道之日起10日内向有关行政监督部门投诉；异议答复期间不计算在内。",
        "A complaint is made within 10 days of knowing; the time until an objection is answered is not counted.",
    ),
    "E36-OBJECTION": rule(
        "objection_first",
        "招标投标法实施条例 第六十条",
        REGULATION,
        "就招标文件、开标、评标结果投诉的，应当先向招标人提出异议。",
        "Who complains about documents, opening or result has first objected to the tenderer.",
    ),
    "E36-ACCEPTANCE": working_days(
        3,
        "招标投标法实施条例 第六十一条",
        REGULATION,
        "自收到投诉之日起3个工作日内决定是否受理投诉。",
        "Within 3 working days of receipt it is decided whether the complaint is accepted.",
    ),
    "E36-DECISION": working_days(
        30,
        "招标投标法实施条例 第六十一条",
        REGULATION,
        "自受理投诉之日起30个工作日内作出书面处理决定；检验、检测、鉴定、专家评审所需时间不计算在内。",
        "Decided within 30 working days of acceptance, without the time of inspection, testing, appraisal and review.",
    ),
    "COMPLAINT-SUSPENSION": rule(
        "where_necessary",
        "招标投标法实施条例 第六十二条",
        REGULATION,
        "必要时，行政监督部门可以责令暂停招标投标活动。",
        "Where necessary the supervisor may order the activity suspended.",
        verified=False,
    ),
    "E40": rule(
        "announce_and_refund",
        "招标投标法实施条例 第三十一条",
        REGULATION,
        "终止招标的，应当及时发布公告；已经收取的文件费用、投标保证金及银行同期存款利息应当及时退还。",
        "A terminated tender is announced at once; fees, deposits and bank interest are returned at once.",
    ),
    "D21": rule(
        "objections_through_the_platform",
        "电子招标投标办法 第三十九条",
        ELECTRONIC,
        "对招标文件、开标和评标结果的异议及其答复，均应当通过电子招标投标交易平台进行。",
        "Objections to documents, opening and result, and the answers to them, go through the platform.",
    ),
    "D25": rule(
        "orders_are_carried_out",
        "电子招标投标办法 第五十二条",
        ELECTRONIC,
        "行政监督部门作出的暂停、处理等指令，当事人和交易平台应当执行。",
        "The parties and the platform carry out what the supervisor orders.",
    ),
    "SUSPENDED-LONG": days(
        30,
        PLATFORM_RULE,
        None,
        "暂停超过30日的，提醒监督部门。",
        "A suspension of more than 30 days is told to the supervisor.",
        verified=False,
    ),
}
