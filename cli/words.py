"""The Chinese words for phases, events and outcomes; a name without a word is shown as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

PHASES = {
    "drafted": "草稿",
    "accepting": "接收投标",
    "closed": "已截止",
    "convened": "开标（等待见证）",
    "collecting": "开标（解密中）",
    "unsealing": "开标（启封中）",
    "opened": "已开标",
    "qualified": "资格（第一阶段）已有结果",
    "evaluated": "已评标",
    "publicised": "中标候选人公示",
    "awarded": "已定标",
    "contracted": "已签约",
    "failed": "招标失败",
    "outage": "平台故障公告",
    "readings": "查阅留痕",
}

EVENTS = {
    "bidding.tender_drafted.v1": "起草招标项目",
    "bidding.tender_announced.v1": "发布招标公告",
    "bidding.bid_refused.v1": "拒收投标",
    "bidding.sealed_received.v1": "收到密封消息",
    "bidding.reception_closed.v1": "投标截止",
    "bidding.covers_revealed.v1": "公布掩护消息种子",
    "bidding.tender_failed.v1": "招标失败",
    "bidding.opening_started.v1": "开标开始",
    "bidding.key_collection_started.v1": "开始收集密钥",
    "bidding.key_collection_extended.v1": "按补救方案延长解密时间",
    "bidding.publication_noted.v1": "登记指定媒介发布情况",
    "bidding.bidder_signed_in.v1": "投标人签到",
    "bidding.key_given.v1": "投标人提交密钥",
    "bidding.key_refused.v1": "密钥不符",
    "bidding.shares_given.v1": "机构提交密钥分片",
    "bidding.shares_refused.v1": "密钥分片不符",
    "bidding.keys_collected.v1": "密钥收集结束",
    "bidding.bids_unsealed.v1": "投标文件启封",
    "bidding.bidders_disclosed.v1": "披露投标人",
    "bidding.opening_completed.v1": "开标结束，形成开标记录",
    "bidding.parties_admitted.v1": "确定可以投标的单位",
    "bidding.applications_reviewed.v1": "资格审查结束",
    "bidding.qualification_notified.v1": "发出资格预审结果通知书",
    "bidding.collusion_noted.v1": "记录投标雷同或者串通情形",
    "bidding.evaluation_reported.v1": "提交评标报告",
    "bidding.candidates_publicised.v1": "公示中标候选人",
    "bidding.tender_awarded.v1": "确定中标人",
    "bidding.contract_signed.v1": "订立合同",
    "bidding.deadlines_recounted.v1": "按新公布的日历重新计算期限",
    "bidding.documents_taken.v1": "领取招标文件",
    "bidding.question_asked.v1": "提出疑问",
    "bidding.tender_clarified.v1": "澄清、修改招标文件",
    "bidding.clarification_acknowledged.v1": "确认收到澄清",
    "bidding.tender_suspended.v1": "项目暂停",
    "bidding.tender_resumed.v1": "解除暂停",
    "bidding.deadline_moved.v1": "顺延投标截止时间",
    "bidding.candidate_dropped.v1": "候选人退出",
    "bidding.tender_to_be_held_again.v1": "重新招标",
    "bidding.validity_extended.v1": "延长投标有效期",
    "bidding.validity_answered.v1": "答复延长投标有效期",
    "bidding.supervisor_reported.v1": "提交招标投标情况书面报告",
    "bidding.contract_countersigned.v1": "中标人签署合同",
    "bidding.coefficient_drawn.v1": "抽取评标系数",
    "bidding.committee_formed.v1": "组建评标委员会",
    "bidding.member_recused.v1": "评标委员会成员回避",
    "bidding.member_replaced.v1": "更换评标委员会成员",
    "bidding.more_time_asked.v1": "成员认为评标时间不够",
    "bidding.evaluation_extended.v1": "延长评标时间",
    "bidding.finding_proposed.v1": "提出评审意见",
    "bidding.finding_voted.v1": "表决评审意见",
    "bidding.bidder_asked.v1": "要求投标人澄清、说明",
    "bidding.committee_answered.v1": "投标人澄清、说明",
    "bidding.bids_scored.v1": "成员独立打分",
    "bidding.report_signed.v1": "签署评标报告",
    "bidding.signing_ended.v1": "评标报告签署完毕",
    "bidding.objection_raised.v1": "提出异议",
    "bidding.objection_answered.v1": "答复异议",
    "bidding.objection_withdrawn.v1": "撤回异议",
    "bidding.opening_confirmed.v1": "确认开标记录",
    "bidding.complaint_made.v1": "提出投诉",
    "bidding.complaint_examined.v1": "决定是否受理投诉",
    "bidding.complaint_paused.v1": "投诉处理期限中止",
    "bidding.complaint_resumed.v1": "投诉处理期限恢复",
    "bidding.complaint_decided.v1": "作出投诉处理决定",
    "bidding.complaint_withdrawn.v1": "撤回投诉",
    "bidding.evaluation_set_aside.v1": "评标结果不再有效，重新评审",
    "bidding.tender_terminated.v1": "终止招标",
    "bidding.outage_declared.v1": "公告平台故障",
    "bidding.outage_noted.v1": "受平台故障影响",
    "bidding.deposit_recorded.v1": "投标保证金到账",
    "bidding.fee_recorded.v1": "招标文件工本费到账",
    "bidding.bid_revoked.v1": "撤销投标",
    "bidding.deposits_examined.v1": "核验投标保证金",
    "bidding.refund_due.v1": "应退款项",
    "bidding.refund_recorded.v1": "退还款项",
    "bidding.deposit_kept.v1": "不予退还投标保证金",
    "bidding.bond_recorded.v1": "履约担保、支付担保",
    "bidding.interest_declared.v1": "其他利害关系人登记",
    "bidding.objection_repeated.v1": "重复提出异议",
    "bidding.reference_opened.v1": "公布标底",
    "bidding.reading_noted.v1": "查阅留痕",
    "bidding.request_refused.v1": "请求被拒绝",
    "registry.party_registered.v1": "登记主体",
    "registry.identifier_added.v1": "补充主体标识",
    "registry.party_suspended.v1": "暂停投标资格",
    "registry.suspension_lifted.v1": "解除暂停",
    "registry.account_opened.v1": "开立账户",
    "registry.key_changed.v1": "更换签名密钥",
    "registry.account_closed.v1": "注销账户",
    "registry.party_placed.v1": "登记主体所属区划",
    "registry.party_blacklisted.v1": "列入失信、禁入名单",
    "registry.blacklisting_lifted.v1": "移出失信、禁入名单",
    "registry.person_in_charge_declared.v1": "登记单位负责人",
    "registry.person_in_charge_erased.v1": "删除原单位负责人信息",
    "registry.relation_declared.v1": "登记控股、管理关系",
    "registry.relation_ended.v1": "终止控股、管理关系",
    "registry.staff_account_opened.v1": "开立人员账户",
    "registry.password_set.v1": "设置密码",
    "registry.key_revoked.v1": "签名密钥挂失",
    "registry.certificate_bound.v1": "绑定数字证书",
    "registry.certificate_revoked.v1": "数字证书挂失",
    "registry.person_erased.v1": "删除人员信息",
    "registry.expert_enrolled.v1": "专家入库",
    "registry.expert_changed.v1": "专家信息变更",
    "registry.expert_tied.v1": "登记专家利害关系",
    "registry.expert_standing_set.v1": "专家状态变更",
    "registry.draw_pooled.v1": "确定抽取名单（已回避）",
    "registry.draw_committed.v1": "抽取承诺",
    "registry.draw_bound.v1": "公布抽取检查点",
    "registry.draw_revealed.v1": "公开抽取随机数",
    "registry.experts_drawn.v1": "抽取专家",
    "registry.draw_lapsed.v1": "抽取逾期，须重新进行",
    "registry.seat_declined.v1": "专家不能参加，依次递补",
    "registry.draw_announced.v1": "公布专家名单",
    "registry.credentials_disclosed.v1": "披露投标代号",
    "registry.identities_disclosed.v1": "披露竞买人身份",
    "registry.calendar_published.v1": "公布工作日历",
    "registry.request_refused.v1": "请求被拒绝",
}


def event_zh(kind: str) -> str:
    """Return an event type in Chinese, itself where there is no word for it."""
    return EVENTS.get(kind) or _of_lines(kind) or kind


def phase_zh(phase: str) -> str:
    """Return a phase in Chinese with its own name."""
    zh = PHASES.get(phase) or _of_lines(phase)
    return f"{zh} {phase}" if zh else phase


def _of_lines(name: str) -> str | None:
    """Return the word that a line itself brings for a name, or None."""
    from shared.runtime.lines import lines  # loads the services; a light command need not

    return next((line.words[name] for line in lines().values() if name in line.words), None)


def events_zh(events: Sequence[Mapping[str, Any]]) -> str:
    """Return recorded events as people read them: what, and the position in the service's journal."""
    return "；".join(f"{event_zh(str(event['type']))}（流水 {event['position']}）" for event in events) or "—"
