"""Two gibibytes pass through the portal's own process in constant memory."""

import base64
import hashlib
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from shared.kernel.canonical import encode
from shared.platform import keys
from shared.platform.clock import SystemClock
from shared.seal.credential import Facts, issue
from shared.seal.wire import text
from tests.portal.house import Person, key_of
from tests.servers.process import free_ports, wait_until

pytestmark = pytest.mark.soak

SIZE = 2 * 2**30
BLOCK = random.Random(6).randbytes(2**20)
MOST_MEGABYTES = 256


def blocks() -> Iterator[bytes]:
    for number in range(SIZE // len(BLOCK)):
        yield number.to_bytes(8) + BLOCK[8:]


def holder(data: Path) -> Person:
    """Return the holder of a credential of this installation."""
    one_time = key_of("large")
    credential = issue(
        text(keys.Keyring(data / "keys").secret(keys.CREDENTIALS)),
        tender="t1",
        token="7" * 64,
        public_key=text(one_time.public_key().public_bytes_raw()),
        facts=Facts(not_suspended=True, region="370500", deposit=True),
        until=SystemClock().now() + timedelta(hours=1),
    )
    return Person({"X-Ggzy-Credential": text(encode(credential.model_dump(mode="json")))}, one_time)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """Give the portal's process id and address."""
    (port,) = free_ports(1)
    given = {**os.environ, "GGZY_DATA": str(tmp_path), "GGZY_PORT": str(port), "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-m", "cli.main", "migrate"], env=given, check=True, capture_output=True)
    process = subprocess.Popen([sys.executable, "-m", "services.portal.main"], env=given)
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(f"{address}/api/time"), "the portal")
    yield process.pid, address
    process.terminate()
    process.wait(20)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def test_two_gibibytes_pass_in_constant_memory(portal: tuple[int, str], tmp_path: Path) -> None:
    pid, address = portal
    digest = hashlib.sha256()
    for block in blocks():
        digest.update(block)
    tus = {"Tus-Resumable": "1.0.0"}
    metadata = f"sha256 {base64.b64encode(digest.hexdigest().encode()).decode()}"
    signed = holder(tmp_path).sign("POST", "/api/uploads", SystemClock().now())

    with httpx.Client(base_url=address, timeout=300) as http:
        begun = http.post(
            "/api/uploads", headers={**signed, **tus, "Upload-Length": str(SIZE), "Upload-Metadata": metadata}
        )
        part = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        done = http.patch(begun.headers["location"], content=blocks(), headers=part)

    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert peak is not None
    assert (done.status_code, done.headers["upload-offset"]) == (204, str(SIZE))
    assert (tmp_path / "blobs" / digest.hexdigest()[:2] / digest.hexdigest()[2:]).stat().st_size == SIZE
    assert int(peak[1]) / 1000 < MOST_MEGABYTES
