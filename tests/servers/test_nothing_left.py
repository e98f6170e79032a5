"""However the tests end, no server of theirs outlives them."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.servers.postgres import PrivatePostgres
from tests.servers.process import family, is_listening, is_running, wait_until
from tests.servers.rabbitmq import PrivateRabbitMQ

pytestmark = pytest.mark.usefixtures("private_rabbitmq", "private_postgres")

ROOT = Path(__file__).parents[2]

ENDINGS = {"by failing": "assert False, 'as it should'", "by SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)"}

SESSION = """
import os, signal
from tests.conftest import *
from tests.servers.process import family

def test_it(private_rabbitmq, private_postgres):
    pids = [*family(private_rabbitmq.pid), *family(private_postgres.pid), private_rabbitmq.epmd_pid]
    ports = [private_rabbitmq.port, private_rabbitmq.epmd_port, private_postgres.port]
    os.write(2, f"pids {pids} ports {ports} end".encode())
    ENDING
"""


def test_a_stopped_broker_leaves_no_process_port_or_file() -> None:
    with PrivateRabbitMQ() as broker:
        pids = [*family(broker.pid), broker.epmd_pid]
        ports = [broker.port, broker.distribution_port, broker.epmd_port]
        assert all(map(is_listening, ports))

    assert not any(map(is_running, pids))
    assert not any(map(is_listening, ports))
    assert not broker.directory.exists()


def test_a_killed_database_server_leaves_no_process_port_file_or_shared_memory() -> None:
    memory_before = set(Path("/dev/shm").glob("PostgreSQL.*"))

    with PrivatePostgres() as server:
        pids = family(server.pid)
        server.kill()

    assert len(pids) > 1
    assert not any(map(is_running, pids))
    assert not is_listening(server.port)
    assert not server.directory.exists()
    assert set(Path("/dev/shm").glob("PostgreSQL.*")) == memory_before


def run_session(folder: Path, ending: str) -> subprocess.CompletedProcess[str]:
    """Run a pytest session that uses both servers and ends as told; its servers' data lie in the folder."""
    script = folder / "test_session.py"
    script.write_text(SESSION.replace("ENDING", ending))
    options = ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:pytest_nameko", "--rootdir", str(folder)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(script)],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_session_that_ends_badly_leaves_no_process_or_port(ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the servers' users must get to their data
        run = run_session(Path(folder), ENDINGS[ending])

        assert run.returncode != 0
        told = re.search(r"pids \[(.*)\] ports \[(.*)\] end", run.stderr)
        assert told, run.stdout + run.stderr
        pids, ports = ([int(number) for number in group.split(",")] for group in told.groups())
        assert len(pids) > 8
        wait_until(lambda: not any(map(is_running, pids)), f"the end of {pids}", seconds=15)
        assert not any(map(is_listening, ports))
