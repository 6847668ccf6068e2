"""What Lighthouse says of the pages that are open all day."""

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.tools import install_npm
from tests.web.conftest import Morning

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

LEAST = {"accessibility": 100, "best-practices": 100, "performance": 95}
RUNS = 5
CHROME = "--chrome-flags=--headless --no-sandbox"


@pytest.fixture(scope="session")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_npm(tmp_path_factory.mktemp("lighthouse"), "lighthouse@12") / "lighthouse"


def score(lighthouse: Path, url: str, headers: Path) -> dict[str, float]:
    """Give what a run says, of 100, and name on the way what is not as it should be."""
    command = [lighthouse, url, "--quiet", CHROME, "--output=json", f"--extra-headers={headers}"]
    command.append(f"--only-categories={','.join(LEAST)}")
    environ = os.environ | {"CHROME_PATH": "/usr/bin/chromium"}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["finalDisplayedUrl"] == url
    for name in ("accessibility", "best-practices"):
        for audit in report["categories"][name]["auditRefs"]:
            found = report["audits"][audit["id"]]
            if audit["weight"] and found["score"] not in (1, None):
                print(url, found["id"], found["title"], json.dumps(found.get("details"))[:2000])
    return {name: 100 * report["categories"][name]["score"] for name in LEAST}


def test_lighthouse(page: Page, morning: Morning, lighthouse: Path, tmp_path: Path) -> None:
    (cookie,) = page.context.cookies()
    headers = tmp_path / "headers.json"
    headers.write_text(json.dumps({"Cookie": f"{cookie['name']}={cookie['value']}"}))
    call = page.locator(".row__name a").first.get_attribute("href")
    found = {}
    for path in ("/queue", "/calls", call):
        runs = [score(lighthouse, f"{morning.url}{path}", headers) for _ in range(RUNS)]
        medians = {name: statistics.median(run[name] for run in runs) for name in LEAST}
        found["a call" if path == call else path] = medians
    print(found)
    assert all(one[name] >= least for one in found.values() for name, least in LEAST.items()), found
