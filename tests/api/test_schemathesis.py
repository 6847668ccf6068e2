"""Schemathesis asks the running service all that its description allows, and much that it forbids.

Every check is on. Where the contract says what JSON Schema cannot, the cases that a check would
judge wrongly are not sent: the kinds of value and the filters below are the whole list.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st

from app.models.engine import database
from tests.conftest import MakeCall
from tests.support import ROOT
from tests.support.server import running_server

OPTIONS = (
    *("--max-examples", "120"),
    *("--seed", "1"),
    *("--generation-database", "none"),
    *("--continue-on-failure", "--no-color"),
)


@pytest.mark.slow
def test_the_service_does_what_its_description_says(
    app: Flask, tmp_path: Path, make_call: MakeCall, make_client: Callable[..., FlaskClient]
) -> None:
    for number in range(20):
        make_call(started_at=1_700_000_000_000 + number, customer_number="+12125550123")
    key = make_client("admin").environ_base["HTTP_X_API_KEY"]
    report = tmp_path / "report.json"
    with running_server(database.path) as url:
        run = run_schemathesis(url, key, report)
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(report.read_text())["test_cases"]["generated"] >= 2000


def run_schemathesis(url: str, key: str, report: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"),
            *("--header", f"X-API-Key: {key}"),
            *("--report-json-path", str(report)),
            *OPTIONS,
        ],
        # The new process reads what follows from this module.
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "tests.api.test_schemathesis", "PYTHONPATH": str(ROOT)},
        cwd=report.parent,
        capture_output=True,
        text=True,
    )


Case = schemathesis.Case[Any]


def _format(name: str, values: st.SearchStrategy[str]) -> None:
    schemathesis.openapi.format(name, values)


# Instants lie in the years 1970 to 9999, a birth before today; a format has no bounds.
_format(
    "date-time",
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30)).map(lambda at: f"{at.isoformat()}Z"),
)
_format("date", st.dates(date(1900, 1, 1), date(2020, 1, 1)).map(str))
# A language is one that Unicode's locale data name.
_format("language", st.sampled_from(["english", "Spanish", "ru", "zho"]))


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: Case) -> bool:
    """Keep a case unless a rule that JSON Schema cannot express decides about it."""
    return not any(rule(case) for rule in RULES)


def has_empty_value(case: Case) -> bool:
    """An empty value in a query is the same as an absent one, whatever the type."""
    return any(map(_is_empty, dict(case.query or {}).values()))


def _is_empty(value: object) -> bool:
    if isinstance(value, list):
        return not value or any(map(_is_empty, value))
    return value in (None, {}) or not str(value).strip()


def repeats_a_tag(case: Case) -> bool:
    """Tags given twice count once: more than 100 may be given."""
    tags = dict(case.query or {}).get("tags[]")
    return isinstance(tags, list) and len({*map(str, tags)}) < len(tags)


def may_end_before_it_starts(case: Case) -> bool:
    """A call ends after it started, which a change of one end alone may contradict."""
    body = _body(case)
    given = [body[name] for name in ("started_at", "ended_at") if isinstance(body.get(name), str)]
    return given != sorted(given) or (len(given) == 1 and case.method == "PATCH")


def has_blank_email(case: Case) -> bool:
    """A blank text of a patient is the same as null, which is no e-mail address but allowed."""
    email = _body(case).get("email")
    return isinstance(email, str) and not email.strip()


def names_tags_of_a_patient(case: Case) -> bool:
    """A patient's tags are tags that exist."""
    return bool(_body(case).get("tags"))


def gives_a_call_to_somebody(case: Case) -> bool:
    """Who has a call is a person who signs in here."""
    return bool(_body(case).get("assignee"))


def tries_again_before_now(case: Case) -> bool:
    """The time of an attempt is one to come, and none where the caller was reached."""
    outcome, due_at = _body(case).get("outcome"), _body(case).get("due_at")
    is_past = isinstance(due_at, str) and due_at < "2100"
    return bool(outcome and due_at and (is_past or outcome == "reached"))


def names_another_etag(case: Case) -> bool:
    """An ETag is that of an earlier answer: no drawn one is, and 412 is right."""
    return dict(case.headers or {}).get("If-Match", "*") != "*"


def _body(case: Case) -> dict[str, Any]:
    return case.body if isinstance(case.body, dict) else {}


RULES = (
    has_empty_value,
    repeats_a_tag,
    may_end_before_it_starts,
    has_blank_email,
    names_tags_of_a_patient,
    gives_a_call_to_somebody,
    tries_again_before_now,
    names_another_etag,
)
