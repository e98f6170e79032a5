"""The canary's search finds what it should, so that its silence means something."""

import base64

import pytest

from tests.system.canary import Mark, search

MARK = Mark("mark", "示例建设有限公司-canary-7f3a".encode())


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
@pytest.mark.parametrize("behind", [b"", b"y", b"yz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode, bytes.hex, lambda data: data])
def test_a_mark_is_found_wherever_it_stands(encode: object, before: bytes, behind: bytes) -> None:
    assert callable(encode)
    written = encode(before + MARK.value + behind)

    assert search([("here", written.encode() if isinstance(written, str) else written)], [MARK])


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-be", "gb18030"])
def test_a_mark_is_found_in_other_encodings_of_text(codec: str) -> None:
    assert search([("here", f"x{MARK.value.decode()}y".encode(codec))], [MARK])


def test_what_is_only_alike_is_not_found() -> None:
    assert search([("here", MARK.value[:-1] + base64.b64encode(MARK.value[:-1]))], [MARK]) == []


def test_a_mark_that_chance_would_find_is_refused() -> None:
    with pytest.raises(AssertionError, match="too short"):
        search([("here", b"")], [Mark("price", b"123456")])
