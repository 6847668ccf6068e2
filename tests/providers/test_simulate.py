"""clinic-calls simulate: webhooks that a real server takes for the providers' own."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.demo import make_clinic
from app.instants import parse_instant
from app.providers import PROVIDERS
from tests.providers.reading import values_of
from tests.support.people import read
from tests.support.server import running_server
from tests.support.webhooks import SETTINGS

URL = "/v1/calls"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    database = tmp_path_factory.mktemp("simulate") / "clinic.db"
    with running_server(database, **SETTINGS) as url:
        yield database, url


@pytest.fixture
def settings(servers: tuple[Path, str]) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{servers[0]}"}


@pytest.fixture
def simulate(runner: FlaskCliRunner, servers: tuple[Path, str]) -> Any:
    def run(provider: str, *args: str, **environ: str) -> Result:
        options = ["--to", servers[1], "--today", "2026-01-15", "--count", "10", "--rate", "500/s"]
        return runner.invoke(main, ["simulate", provider, *options, *args], env=SETTINGS | environ)

    return run


def calls_of(client: FlaskClient, provider: str) -> list[Any]:
    listed = read(client, f"{URL}?limit=100")["data"]
    calls = [read(client, f"{URL}/{call['id']}") for call in listed]
    return [call for call in calls if call["provider"] == provider]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_webhook_tells_of_the_call_that_it_was_made_from(provider: str) -> None:
    clinic = make_clinic(today=date(2026, 1, 15), timezone=ZoneInfo("UTC"), calls=50, days=1)
    answered = [row for row in clinic.calls() if row["started_at"] and row["type"] != "webCall"]
    for row in answered:
        told = told_by(provider, row)
        assert told["started_at"] // 1000 == parse_instant(row["started_at"]) // 1000
        assert told["type"] == row["type"]
        assert told.get("customer_number") == row["customer_number"]
        assert told.get("category") == row["category"]


def told_by(provider: str, row: dict[str, Any]) -> dict[str, Any]:
    """Give what the provider's last webhook of a call says."""
    webhook = PROVIDERS[provider].make(row)[-1]
    return values_of(provider, webhook.body, webhook.address("https://calls.clinic.example/"))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_server_takes_them_in(client: FlaskClient, simulate: Any, provider: str) -> None:
    result = simulate(provider)
    calls = calls_of(client, provider)
    assert (result.exit_code, len(calls)) == (0, 10)
    assert all(call["external_id"].startswith("simulated-") for call in calls)
    assert all(call["created_at"] and call["ended_reason"] and call["type"] for call in calls)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_again_changes_nothing(simulate: Any, provider: str) -> None:
    simulate(provider, "--seed", "2")
    result = simulate(provider, "--seed", "2", "--shuffle")
    told = result.stdout.partition(": ")[2]
    assert told.endswith(" unchanged.\n")
    assert "," not in told


def test_retell_sends_the_end_and_then_the_analysis(client: FlaskClient, simulate: Any) -> None:
    assert simulate("retell", "--seed", "3").stdout.startswith("20 webhooks of 10 calls sent: 10 ")
    summaries = [call["summary"] for call in calls_of(client, "retell")]
    assert len([summary for summary in summaries if summary]) >= 8


def test_shuffled_webhooks_end_in_the_same_calls(client: FlaskClient, simulate: Any) -> None:
    simulate("retell", "--seed", "4", "--shuffle")
    version = {call["id"]: call["version"] for call in calls_of(client, "retell")}
    assert simulate("retell", "--seed", "4").stdout == (
        "20 webhooks of 10 calls sent: 20 unchanged.\n"
    )
    assert {call["id"]: call["version"] for call in calls_of(client, "retell")} == version


def test_keeps_to_the_rate(simulate: Any) -> None:
    began = time.monotonic()
    simulate("vapi", "--count", "5", "--rate", "10/s")
    assert time.monotonic() - began >= 0.4


def test_says_that_the_secrets_differ(simulate: Any) -> None:
    result = simulate("retell", "--count", "1", RETELL_API_KEY="another")
    assert result.exit_code == 1
    assert result.stderr == (
        "2 refused: 401 invalid_signature\n"
        "Error: The server has another RETELL_API_KEY, or one of the clocks is wrong.\n"
    )


@pytest.mark.parametrize(
    ("provider", "environ", "words"),
    [
        ("vapi", {"VAPI_WEBHOOK_SECRET": ""}, "VAPI_WEBHOOK_SECRET is not set"),
        ("twilio", {"PUBLIC_URL": ""}, "PUBLIC_URL is not set"),
    ],
)
def test_says_which_setting_is_missing(
    simulate: Any, provider: str, environ: dict[str, str], words: str
) -> None:
    result = simulate(provider, **environ)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert result.stderr.startswith(f"Error: {words}")


def test_says_that_no_server_answers(simulate: Any) -> None:
    result = simulate("bland", "--to", "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: No server answers at http://127.0.0.1:9; start one with: clinic-calls serve\n"
    )


@pytest.fixture
def tls_port(tmp_path: Path) -> Iterator[int]:
    """The port of a server whose certificate nobody has signed but itself."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("NOT TESTED: this needs openssl")
    pair = tmp_path / "pair.pem"
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*make, "-keyout", pair, "-out", pair], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=greet, args=(listener, context))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def greet(listener: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        context.wrap_socket(connection, server_side=True).close()


def test_says_that_the_certificate_is_not_trusted(simulate: Any, tls_port: int) -> None:
    result = simulate("bland", "--to", f"https://127.0.0.1:{tls_port}")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: https://127.0.0.1:{tls_port} shows no certificate that can be trusted;"
        " for one of your own name its authority's file in REQUESTS_CA_BUNDLE.\n"
    )


@pytest.mark.parametrize(
    "args", [("--to", "nowhere"), ("--rate", "0"), ("--rate", "5/m"), ("--count", "0")]
)
def test_refuses_what_makes_no_sense(simulate: Any, args: tuple[str, str]) -> None:
    result = simulate("bland", *args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_provider_that_is_unknown_is_refused(simulate: Any) -> None:
    assert simulate("nobody").exit_code == 2


class TestNothingSet:
    """A server without any secret."""

    def test_says_what_the_server_lacks(self, runner: FlaskCliRunner, tmp_path: Path) -> None:
        with running_server(tmp_path / "bare.db") as url:
            args = ["simulate", "bland", "--to", url, "--count", "1"]
            result = runner.invoke(main, args, env=SETTINGS)
        assert result.stderr.endswith(
            "Error: The server has no BLAND_WEBHOOK_SECRET; set it and start the server anew.\n"
        )
