"""The registry as it runs: one tender's round through both services, the relay and the embedded broker."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

pytestmark = pytest.mark.system


def test_a_round_from_registration_to_disclosure_leaves_no_name_beside_a_token_in_the_logs(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.registry.registry_process", str(tmp_path)]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 0, ended.stderr
    seen = orjson.loads(ended.stdout)
    assert seen["refusals"] == [None, None, None]
    assert seen["heard"] == [
        ["registry.account_opened.v1", 1],
        ["registry.party_registered.v1", 2],
        ["registry.account_opened.v1", 3],
        ["registry.credentials_disclosed.v1", 4],
    ]
    assert seen["again"] == seen["heard"][1:3]
    assert (seen["refused"], seen["parties"]) == ("not_entitled", ["东营路桥有限公司"])
    for trace in (seen["token"], seen["identifier"], "bridge-1"):
        assert trace not in ended.stderr
