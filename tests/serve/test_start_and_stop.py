"""The server as a process: what it says, where it serves, and that it ends cleanly."""

import signal
from pathlib import Path

import apsw
import pytest

from tests.support import process
from tests.support.application import new_key
from tests.support.served import Served
from tests.support.server import Server, running


def greeting(server: Server) -> str:
    """Give all that a server with a key, and without people, says."""
    return (
        f"The database is {server.database}\n"
        "Nobody can sign in yet; add the first manager with:\n"
        "    clinic-calls people add NAME --role manager\n"
        f"SQLite {apsw.sqlite_lib_version()}\n"
        f"Serving on {server.url} until Ctrl-C; {server.url}/docs describes the API.\n"
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_says_where_it_serves_and_ends_cleanly_with_one_file(tmp_path: Path, number: int) -> None:
    with running(Served(tmp_path)) as served, served.connect():
        headers = {"X-API-Key": served.key, "Content-Type": "application/json"}
        assert served.ask("POST", "/v1/calls", headers, "{}").status == 201
        served.stop(number)
    assert served.said == greeting(served)
    assert {file.name for file in tmp_path.iterdir()} == {"clinic.db", "clinic.db.lock"}


def test_without_a_key_it_says_how_to_make_one(tmp_path: Path) -> None:
    with running(Server(tmp_path / "clinic.db")) as server:
        assert "clinic-calls keys create NAME --scope read" in server.said


def test_busy_port_is_one_clear_line(served: Served) -> None:
    done = process.run(served.database, "serve", "--port", str(served.port))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        f"Error: Port {served.port} is in use; stop what uses it, or choose another with --port.\n"
    )


def test_port_comes_from_the_settings(served: Served) -> None:
    done = process.run(served.database, "serve", settings={"PORT": str(served.port)})
    assert f"Port {served.port} is in use".encode() in done.stderr


@pytest.mark.parametrize(("host", "address"), [("::1", "::1"), ("localhost", "127.0.0.1")])
def test_other_hosts_can_be_served(tmp_path: Path, host: str, address: str) -> None:
    with running(Served(tmp_path, "--host", host)) as served:
        assert served.ask("GET", "/v1/calls", host=address).status == 200


def test_key_revoked_by_a_command_stops_at_once(served: Served) -> None:
    key = new_key(served.database, "read")
    headers = {"X-API-Key": key}
    before = served.ask("GET", "/v1/calls", headers).status
    process.run(served.database, "keys", "revoke", key.split("_")[1])
    assert (before, served.ask("GET", "/v1/calls", headers).status) == (200, 401)
