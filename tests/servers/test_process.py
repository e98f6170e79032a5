"""The helpers tell truly what runs and what listens."""

import socket
import subprocess
import sys

import pytest

from tests.servers.process import ServerFault, family, free_ports, is_listening, is_running, wait_until


def test_free_ports_are_distinct_and_lie_below_those_the_kernel_gives_to_clients() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
    assert all(15_000 <= port < 30_000 for port in ports)
    assert not any(map(is_listening, ports))


def test_a_port_listens_once_a_server_is_bound_to_it() -> None:
    (port,) = free_ports(1)

    with socket.create_server(("127.0.0.1", port)):
        assert is_listening(port)


def test_a_family_holds_the_children_of_children() -> None:
    shell = subprocess.Popen(["sh", "-c", "sh -c 'sleep 60; :' & wait"])
    wait_until(lambda: len(family(shell.pid)) == 3, "shell, shell and sleep")
    members = family(shell.pid)

    for member in members:
        subprocess.run(["kill", "-KILL", str(member)], check=True)
    shell.wait()

    wait_until(lambda: not any(map(is_running, members)), "the end of the family")
    assert family(shell.pid) == []


def test_an_ended_process_does_not_run_even_before_it_is_reaped() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])

    wait_until(lambda: not is_running(ended.pid), "the end of the process")

    assert ended.wait() == 0


def test_waiting_in_vain_names_what_was_waited_for() -> None:
    with pytest.raises(ServerFault, match="a miracle"):
        wait_until(lambda: False, "a miracle", seconds=0.05)
