"""What clerks do to parties and accounts: what is sent, what stays on this machine, and what is refused."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cli.moments import moment
from cli.output import Misused
from services.registry.domain.chain import Trust, Untrusted, describe, read, require_trusted, signed
from shared.kernel.codes import party_stream
from shared.platform.clock import SystemClock
from shared.seal.wire import raw
from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy
from tests.registry.world import BRIDGE

NAME, DIGEST = "王小明", "5" * 64


@pytest.fixture
def registered(door: Door) -> str:
    stream = party_stream(BRIDGE)
    door.pages[f"/api/parties/CN-USCC/{BRIDGE.id}"] = {"stream": stream, "name": "东营路桥有限公司"}
    return stream


def test_an_entry_of_the_blacklist_is_sent_with_its_article_and_times(
    door: Door, office: dict[str, str], registered: str
) -> None:
    words = ("--authority", "东营市住建局", "--until", "2027-06-30", "--article", "招标投标法 第五十三条")

    result = ggzy(
        "party", "blacklist", BRIDGE.id, "banned", *words, "--reason", "围标", "--as", "op", "--json", **office
    )

    assert result.exit_code == 0, result.output
    ((_, command),) = door.given
    assert command["type"] == "registry.blacklist_party"
    assert (command["since"], command["until"]) == ("2026-11-22T01:00:00.000000Z", "2027-06-29T16:00:00.000000Z")


@pytest.mark.parametrize(
    ("text", "at"),
    [("2027-06-30", "2027-06-29T16:00:00.000000Z"), ("2027-06-30T09:00", "2027-06-30T01:00:00.000000Z"),
     ("2027-06-30T01:00:00Z", "2027-06-30T01:00:00.000000Z")],
)  # fmt: skip
def test_a_time_without_a_zone_is_beijings(text: str, at: str) -> None:
    assert moment(text) == at


def test_what_is_no_time_is_misuse(door: Door, office: dict[str, str], registered: str) -> None:
    with pytest.raises(Misused):
        moment("明年")
    words = ("--until", "soon", "--article", "a", "--reason", "r")

    assert ggzy("party", "suspend", BRIDGE.id, *words, "--as", "op", **office).exit_code == 2
    assert door.given == []


def test_the_blacklist_is_listed_for_everyone(door: Door, office: dict[str, str]) -> None:
    entry = {"party": "东营路桥有限公司", "kind": "banned", "authority": "a", "article": "b", "until": "c"}
    door.pages["/api/blacklist"] = {"blacklist": [entry], "after": None}

    assert document(ggzy("party", "blacklisted", "--json", **office)) == {"blacklist": [entry]}
    assert "东营路桥有限公司" in ggzy("party", "blacklisted", **office).stdout


def test_a_members_name_goes_to_the_registry_alone_and_never_into_the_command(
    door: Door, office: dict[str, str]
) -> None:
    door.told["/api/people"] = {"person": DIGEST}

    result = ggzy(
        "account", "staff", "bridge-2", NAME, "--role", "bidder", "--party", BRIDGE.id, "--as", "op", **office
    )

    assert result.exit_code == 0, result.output
    ((path, told, _),) = door.heard
    ((_, command),) = door.given
    assert (path, told["name"]) == ("/api/people", NAME)
    assert (command["person"], command["rights"]) == (DIGEST, ["act", "read"])
    assert NAME not in json.dumps(command, ensure_ascii=False)


def test_a_renewed_key_takes_the_place_of_the_old_one_once_the_platform_has_it(
    door: Door, office: dict[str, str]
) -> None:
    home = Path(office["GGZY_HOME"])
    before = json.loads((home / "accounts" / "op.json").read_text())["public_key"]

    result = ggzy("account", "rekey", "op", "--as", "op", **office)

    after = json.loads((home / "accounts" / "op.json").read_text())["public_key"]
    assert result.exit_code == 0, result.output
    assert door.given[0][1] == {"type": "registry.change_key", "public_key": after}
    assert after != before


@pytest.mark.parametrize(
    ("words", "kind"),
    [(("close", "op"), "close_account"), (("erase", "op"), "erase_person"),
     (("lost", "op", "--reason", "遗失"), "report_key_lost"),
     (("revoke", "op", DIGEST, "--reason", "遗失"), "revoke_certificate")],
)  # fmt: skip
def test_what_is_done_to_an_account_is_one_command_in_its_stream(
    door: Door, office: dict[str, str], words: tuple[str, ...], kind: str
) -> None:
    result = ggzy("account", *words, "--as", "op", "--json", **office)

    assert result.exit_code == 0, result.output
    assert door.given[0][1]["type"] == f"registry.{kind}"


def test_a_password_is_left_before_it_is_set_and_is_in_no_command(door: Door, office: dict[str, str]) -> None:
    door.told["/api/passwords"] = {"account": "op"}

    result = ggzy("account", "password", "--as", "op", GGZY_PASSWORD="correct horse battery", **office)

    assert result.exit_code == 0, result.output
    assert door.heard[0][1] == {"password": "correct horse battery"}
    assert door.given[0][1] == {"type": "registry.set_password"}


class Authority:
    """An authority that the program made, and a certificate that it issued."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.file = folder / "ca", folder / "leaf.pem"
        made = ggzy("ca", "init", str(self.folder), "--data", str(data), "--json")
        assert made.exit_code == 0, made.output
        issued = ggzy("ca", "issue", str(self.folder), BRIDGE.id, "东营路桥有限公司", "--out", str(self.file), "--json")
        assert issued.exit_code == 0, issued.output
        self.key, self.issued = self.file.with_suffix(".key"), document(issued)
        self.root = x509.load_pem_x509_certificate((data / "trust" / "development.pem").read_bytes())
        self.leaf = x509.load_pem_x509_certificate(self.file.read_bytes())


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, tmp_path / "data")


def test_what_the_development_authority_issues_is_trusted_until_it_revokes_it(authority: Authority) -> None:
    now = SystemClock().now() + timedelta(seconds=2)
    leaf = read(authority.leaf.public_bytes(Encoding.DER))
    trust = Trust(roots=(authority.root,))

    require_trusted(leaf, [], trust, now)
    assert (describe(leaf).identifier, describe(leaf).serial) == (BRIDGE.id, authority.issued["serial"])
    assert ggzy("ca", "revoke", str(authority.folder), authority.issued["serial"]).exit_code == 0
    assert ggzy("ca", "revoke", str(authority.folder), "abc").exit_code == 0
    revoked = x509.load_pem_x509_crl((authority.folder / "revoked.crl").read_bytes())
    with pytest.raises(Untrusted, match="revoked"):
        require_trusted(leaf, [], Trust(roots=trust.roots, revoked=(revoked,)), now)


def test_the_authoritys_keys_are_its_owners_alone_and_it_is_made_once(authority: Authority) -> None:
    for path in (authority.folder / "root.key", authority.key):
        assert path.stat().st_mode & 0o077 == 0
    assert ggzy("ca", "init", str(authority.folder)).exit_code == 2
    assert ggzy("ca", "issue", str(authority.folder), "GB-COH:01", "x", "--out", str(authority.file)).exit_code == 2
    assert ggzy("ca", "revoke", str(authority.folder), "not hexadecimal").exit_code == 2


def test_a_certificate_is_shown_with_the_proof_of_its_key_and_then_bound(
    door: Door, office: dict[str, str], authority: Authority
) -> None:
    door.told["/api/certificates"] = {"fingerprint": authority.issued["fingerprint"]}

    result = ggzy("account", "certify", str(authority.file), "--key", str(authority.key), "--as", "op", **office)

    assert result.exit_code == 0, result.output
    shown: Any = door.heard[0][1]
    message = f"ggzy-certificate/v1\nop\n{authority.issued['fingerprint']}".encode()
    assert signed(authority.leaf, message, raw(shown["proof"]))
    assert "PRIVATE" not in shown["certificate"]
    assert door.given[0][1] == {"type": "registry.bind_certificate", "fingerprint": authority.issued["fingerprint"]}


def test_another_key_than_the_certificates_is_misuse(office: dict[str, str], authority: Authority) -> None:
    words = (str(authority.file), "--key", str(authority.folder / "root.key"))

    assert ggzy("account", "certify", *words, "--as", "op", **office).exit_code == 2
    assert ggzy("login", "--certificate", str(authority.file), "--as", "op", **office).exit_code == 2


def test_who_logs_in_asks_in_its_session_where_its_key_is_not(
    door: Door, office: dict[str, str], authority: Authority
) -> None:
    door.told["/api/login/challenge"] = {"nonce": "AAAA", "until": "u"}
    door.told["/api/login/certificate"] = {"session": "u.secret", "account": "bridge-1", "until": "u"}
    door.told["/api/logout"] = {}
    words = ("--certificate", str(authority.file), "--key", str(authority.key), "--as", "bridge-1")

    entered = ggzy("login", *words, "--json", **office)
    door.pages["/api/accounts/bridge-1"] = {"account": "bridge-1"}
    shown = ggzy("account", "show", "--as", "bridge-1", "--json", **office)
    left = ggzy("logout", "--as", "bridge-1", **office)

    assert [entered.exit_code, shown.exit_code, left.exit_code] == [0, 0, 0], entered.output + left.output
    answer = door.heard[1][1]
    assert signed(authority.leaf, b"ggzy-login/v1\nbridge-1\nAAAA", raw(answer["signature"]))
    assert door.heard[2][2]["Authorization"] == "Bearer u.secret"
    assert "secret" not in entered.stdout
    assert ggzy("account", "show", "--as", "bridge-1", **office).exit_code == 2


def test_who_is_in_charge_goes_to_the_registry_alone_and_never_into_the_command(
    door: Door, office: dict[str, str], registered: str
) -> None:
    door.told["/api/people"] = {"person": DIGEST}
    number = "110101199003071233"

    result = ggzy(
        "party", "relations", "charge", BRIDGE.id, NAME, "--identity-number", number, "--as", "op", "--json", **office
    )

    assert result.exit_code == 0, result.output
    ((_, told, _),) = door.heard
    ((_, command),) = door.given
    assert (told["name"], told["identity_number"]) == (NAME, number)
    assert command == {"type": "registry.declare_person_in_charge", "person": DIGEST, "since": None}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", BRIDGE.id, "controls", "GB-COH:01234567", "--since", "2027-06-30"),
         {"type": "registry.declare_relation", "side": "controls", "kind": "holding", "until": None,
          "since": "2027-06-29T16:00:00.000000Z", "other": {"scheme": "GB-COH", "id": "01234567"}}),
        (("add", BRIDGE.id, "controlled_by", "GB-COH:1", "--kind", "management", "--until", "2027-06-30"),
         {"type": "registry.declare_relation", "side": "controlled_by", "kind": "management",
          "since": "2026-11-22T01:00:00.000000Z", "until": "2027-06-29T16:00:00.000000Z",
          "other": {"scheme": "GB-COH", "id": "1"}}),
        (("end", BRIDGE.id, "2", "--reason", "股权转让"),
         {"type": "registry.end_relation", "number": 2, "reason": "股权转让", "until": None}),
        (("erase", BRIDGE.id, DIGEST), {"type": "registry.erase_person_in_charge", "person": DIGEST}),
    ],
)  # fmt: skip
def test_what_is_said_of_relations_is_one_command_in_the_partys_stream(
    door: Door, office: dict[str, str], registered: str, words: tuple[str, ...], said: dict[str, Any]
) -> None:
    result = ggzy("party", "relations", *words, "--as", "op", "--json", **office)

    assert result.exit_code == 0, result.output
    assert [command for _, command in door.given] == [said]


def test_relations_are_shown_with_their_numbers(door: Door, office: dict[str, str], registered: str) -> None:
    related = {"number": 7, "side": "controls", "other": {"scheme": "GB-COH", "id": "1"}, "kind": "holding"}
    page = {
        "persons_in_charge": [{"person": None, "since": "2026-11-22T01:00:00.000000Z"}],
        "relations": [{**related, "since": "2026-11-22T01:00:00.000000Z", "until": None, "by_office": False}],
    }
    door.pages[f"/api/parties/{registered}/relations"] = page

    assert document(ggzy("party", "relations", "show", BRIDGE.id, "--as", "op", "--json", **office)) == page
    assert "GB-COH:1" in ggzy("party", "relations", "show", BRIDGE.id, "--as", "op", **office).stdout
