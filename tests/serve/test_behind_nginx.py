"""The longest requests work behind nginx as docs/operating.md sets it, in Python and in Node."""

import json
import re
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from app.models.engine import database
from tests.conftest import MakeCall
from tests.support import ROOT
from tests.support.server import free_port, running_server

Ask = Callable[[str, str, list[list[str]]], dict[str, object]]

AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{}}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    {block}
}}
"""
NODE = """
const [url, key, pairs] = process.argv.slice(1);
const asked = `${url}?${new URLSearchParams(JSON.parse(pairs))}`;
fetch(asked, {headers: {"X-API-Key": key}}).then(async answer => console.log(JSON.stringify(
    {status: answer.status, link: answer.headers.get("link"), body: await answer.json()}
)));
"""


def documented_block(port: int, upstream: str, folder: Path) -> str:
    """Give the server block of the documentation, without TLS and at other addresses."""
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    block = page.split("```nginx\n")[1].split("```")[0]
    block = re.sub(r"^ *ssl_.*\n", "", block, flags=re.MULTILINE)
    for documented, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port}",
        "server_name calls.clinic.example": "server_name 127.0.0.1",
        "/var/log/nginx/": f"{folder}/",
        "http://127.0.0.1:8000": upstream,
    }.items():
        assert documented in block
        block = block.replace(documented, here)
    return block


@contextmanager
def running_nginx(port: int, upstream: str, folder: Path) -> Iterator[None]:
    config = folder / "nginx.conf"
    block = documented_block(port, upstream, folder)
    config.write_text(AROUND.format(folder=folder, block=block), encoding="utf-8")
    command = [nginx(), "-p", str(folder), "-c", str(config)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        for _ in range(200):
            assert process.poll() is None, process.communicate()[1].decode()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.communicate()


def nginx() -> str:
    # Debian keeps it where only root looks for commands.
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not found:
        pytest.skip("NOT TESTED: nginx is not installed (apt-get install nginx)")
    return found


@pytest.fixture
def calls_url(app: object, tmp_path: Path, make_call: MakeCall) -> Iterator[str]:
    for _ in range(3):
        make_call(summary="é" * 512, type="𝒙" * 512)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        running_server(database.path, PUBLIC_URL=url) as upstream,
        running_nginx(port, upstream, tmp_path),
    ):
        yield f"{url}/v1/calls"


def ask_in_python(url: str, key: str, pairs: list[list[str]]) -> dict[str, object]:
    params = [(name, value) for name, value in pairs]
    answer = requests.get(url, params=params, headers={"X-API-Key": key}, timeout=30)
    return {
        "status": answer.status_code,
        "link": answer.headers.get("Link"),
        "body": answer.json(),
    }


def ask_in_node(url: str, key: str, pairs: list[list[str]]) -> dict[str, object]:
    node = shutil.which("node")
    if not node:
        pytest.skip("NOT TESTED: node is not installed (apt-get install nodejs)")
    run = subprocess.run(
        [node, "-e", NODE, url, key, json.dumps(pairs)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    answer: dict[str, object] = json.loads(run.stdout)
    return answer


# name → what is asked, and which links fit into the answer's header
SEARCHES = {
    "512 letters and 100 tags": ([["q", "é" * 512]], 100, []),
    "a request line of 14 KB": ([["q", "é" * 512], ["type", "𝒙" * 512]], 100, []),
    "a search, one page of it": ([["q", "é" * 100]], 0, ["first", "next"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("ask", [ask_in_python, ask_in_node])
@pytest.mark.parametrize("name", SEARCHES)
def test_a_long_search_is_answered(
    calls_url: str, client: FlaskClient, ask: Ask, name: str
) -> None:
    pairs, tags, links = SEARCHES[name]
    key = client.environ_base["HTTP_X_API_KEY"]
    asked = [*pairs, ["limit", "1"], ["tag_filter_mode", "exclude_any"]]
    asked += [["tags[]", str(uuid.UUID(int=n))] for n in range(tags)]
    answer = ask(calls_url, key, asked)
    assert answer["status"] == 200
    assert answer["body"]["pagination"]["total"] == 3  # type: ignore[index]
    assert re.findall(r'rel="(\w+)"', str(answer["link"])) == links
