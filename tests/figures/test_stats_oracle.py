"""Holds the answers of `GET /v1/calls/stats` against the oracle's."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from tests.list.test_oracle import EDGES, Draw, edge_calls, encoded, rows_of
from tests.support.application import application, new_client
from tests.support.oracle import GROUPINGS, OF_STATS, Oracle, Pair, Stats

# Lord Howe Island changes its clocks by half an hour.
ZONES = ("America/New_York", "Australia/Lord_Howe")
BLOCKS, DRAWS = 5, 50
CHANGES = ("2025-04-05T15:00", "2025-10-04T15:30", "2026-04-04T15:00", "2019-04-06T15:00")


class Clinic(NamedTuple):
    """A service with the clinic's rows in it, and the oracle of the same rows."""

    client: FlaskClient
    oracle: Oracle
    draw: Draw

    def ask(self, query: str) -> Stats:
        """Give the service's answer in the oracle's form."""
        response = self.client.get("/v1/calls/stats", query_string=query)
        body = response.get_json()
        if response.status_code != 200:
            detail = body["detail"]
            return "error", response.status_code, detail["code"], detail["param"]
        groups = [(row.pop("group"), tuple(row.values())) for row in body["data"]]
        return "ok", groups, tuple(body["totals"].values())


def costly_calls() -> list[dict[str, Any]]:
    """Give calls about the changes of a clock, of amounts that floats do not add up to."""
    steps = [timedelta(minutes=minutes) for minutes in range(-75, 76, 15)]
    moments = [datetime.fromisoformat(f"{change}Z") + step for change in CHANGES for step in steps]
    return [
        {
            **edge_calls()[n],
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"costly:{n}")),
            "created_at": moment.astimezone(UTC).isoformat(),
            "started_at": moment.astimezone(UTC).isoformat(),
            "duration_min": (0.1, 0.29, 1e6, None)[n % 4],
            "cost_usd": (0.000001, 0.070007, 1e6, 0.00005, None)[n % 5],
            "language": ("english", "spanish", None)[n % 3],
            "sessions_scheduled": n,
        }
        for n, moment in enumerate(moments)
    ]


def fill(runner: FlaskCliRunner, calls: list[dict[str, Any]]) -> None:
    for name, rows in (
        ("tags", rows_of("tags")),
        ("patients", rows_of("patients")),
        ("calls", calls),
    ):
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
        done = runner.invoke(main, ["import", name, "-"], input=text)
        assert done.exit_code == 0, done.output


@pytest.fixture(scope="module", params=ZONES)
def clinic(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    patients, tags = rows_of("patients"), rows_of("tags")
    calls = [*rows_of("calls"), *edge_calls(), *costly_calls()]
    path = tmp_path_factory.mktemp("clinic") / "clinic.db"
    with application(path, CLINIC_TIMEZONE=request.param) as app:
        fill(app.test_cli_runner(), calls)
        held = {patient["id"]: patient for patient in patients}
        draw = Draw(request.param, calls, held, [tag["id"] for tag in tags], request.param)
        oracle = Oracle(calls, patients, tags, request.param)
        yield Clinic(new_client(app, "read"), oracle, draw)


def pairs_of(draw: Draw) -> list[Pair]:
    """Give the parameters of one question: a list's, grouped, now and then with a page."""
    dropped = ("page", "limit", "sort") if draw.sometimes(0.97) else ()
    pairs = [pair for pair in draw.pairs() if pair[0] not in dropped]
    group_by = draw.rng.choice((*GROUPINGS, "day", "", "year" if draw.sometimes(0.1) else "hour"))
    pairs.insert(draw.rng.randint(0, len(pairs)), ("group_by", group_by))
    return pairs


def agree(clinic: Clinic, pairs: list[Pair], answer: Stats) -> bool:
    """Tell whether the oracle says the same; of several faults the service may name any."""
    faults = {(code, param.rstrip("[]")) for code, param in clinic.oracle.faults(pairs, OF_STATS)}
    if not faults or answer[0] == "ok":
        return answer == clinic.oracle.stats(pairs)
    return (answer[2], str(answer[3]).rstrip("[]")) in faults


@pytest.mark.parametrize("block", range(BLOCKS))
def test_answers_as_the_oracle_does(clinic: Clinic, block: int) -> None:
    for number in range(DRAWS):
        clinic.draw.rng = random.Random(f"{clinic.oracle.zone} {block} {number}")
        pairs = pairs_of(clinic.draw)
        query = encoded(pairs, clinic.draw.rng)
        assert agree(clinic, pairs, clinic.ask(query)), query


@pytest.mark.parametrize("group_by", ["", *GROUPINGS])
def test_all_calls_are_grouped_as_by_the_oracle(clinic: Clinic, group_by: str) -> None:
    answer = clinic.ask(f"group_by={group_by}")
    assert answer[0] == "ok"
    assert answer == clinic.oracle.stats([("group_by", group_by)])


@pytest.mark.parametrize("group_by", ["day", "hour", "weekday"])
def test_calls_about_a_change_of_the_clock_are_grouped_as_by_the_oracle(
    clinic: Clinic, group_by: str
) -> None:
    pairs = [("q", "edge"), ("started_gte", "2025-01-01"), ("group_by", group_by)]
    answer = clinic.ask("&".join(f"{name}={value}" for name, value in pairs))
    assert answer == clinic.oracle.stats(pairs)
    assert sum(sums[0] for _, sums in answer[1]) >= EDGES // 3  # type: ignore[union-attr,misc]
