"""What a notice has to say."""

from shared.kernel.message import Message, Text


class NoticeContents(Message):
    """The contents of a tender notice (招标公告和公示信息发布管理办法 第五条), item by item."""

    project: Text
    qualifications: Text
    obtaining: Text
    submitting: Text
    contacts: Text
    platform: Text
    other: Text
