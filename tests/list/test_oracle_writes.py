"""Holds the list against the oracle while calls, patients and tags change."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models.calls import deleted_ids
from app.services.calls import calls
from app.transfer.resources import RESOURCES
from tests.conftest import Store
from tests.list.test_oracle import Call, Clinic, Draw, difference, edge_calls, encoded, rows_of
from tests.support.oracle import Oracle, Pair

ZONE = "America/New_York"
ROUNDS = 12
CHANGES = 4
QUERIES = 60


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": ZONE, "CLINIC_REGION": "US"}


class Changes:
    """Draws changes of a clinic and makes them as a client would."""

    def __init__(self, client: FlaskClient, calls: list[Call], rng: random.Random) -> None:
        self.client = client
        self.rng = rng
        self.words = [call["summary"] for call in calls if call["summary"]]
        self.moments = [call["started_at"] for call in calls]
        self.ways: list[Callable[[], object]] = [
            *(
                self.post_call,
                self.patch_call,
                self.patch_call,
                self.delete_call,
                self.restore_call,
            ),
            *(self.tag_patient, self.rename_patient, self.delete_patient, self.delete_tag),
        ]

    def change(self) -> None:
        self.rng.choice(self.ways)()

    def some(self, name: str) -> Call:
        return self.rng.choice(list(RESOURCES[name].export()))

    def post_call(self) -> None:
        patient = self.some("patients")
        values = {
            "started_at": self.rng.choice(self.moments),
            "summary": self.rng.choice(self.words),
            "status": self.rng.choice(("pending", "done")),
            "category": self.rng.choice(("billing", "rescheduling")),
            "type": "webCall",
            "patient_id": patient["id"],
            "customer_number": patient["phone_number"],
            "sessions_scheduled": self.rng.randint(0, 3),
        }
        self.expect(201, self.client.post("/v1/calls", json=values))

    def patch_call(self) -> None:
        call = self.some("calls")
        values = self.rng.choice(
            (
                {"status": self.rng.choice(("pending", "done", "follow_up_needed"))},
                {"category": self.rng.choice(("billing", None))},
                {"notes": self.rng.choice(self.words)},
                {"patient_id": self.rng.choice((None, self.some("patients")["id"]))},
                {"sessions_scheduled": self.rng.choice((None, 1, 2))},
                {"started_at": self.rng.choice(self.moments), "ended_at": None},
            )
        )
        self.patch("calls", call, values)

    def delete_call(self) -> None:
        self.expect(204, self.client.delete(f"/v1/calls/{self.some('calls')['id']}"))

    def restore_call(self) -> None:
        for call_id in deleted_ids():
            calls.undelete(call_id)

    def tag_patient(self) -> None:
        tags = [tag["id"] for tag in RESOURCES["tags"].export()]
        chosen = self.rng.sample(tags, self.rng.randint(0, len(tags)))
        self.patch("patients", self.some("patients"), {"tags": chosen})

    def rename_patient(self) -> None:
        name = self.rng.choice(self.words).split()[0]
        self.patch("patients", self.some("patients"), {"last_name": name})

    def delete_patient(self) -> None:
        self.expect(204, self.client.delete(f"/v1/patients/{self.some('patients')['id']}"))

    def delete_tag(self) -> None:
        if len(list(RESOURCES["tags"].export())) > 3:
            self.expect(204, self.client.delete(f"/v1/tags/{self.some('tags')['id']}"))

    def patch(self, name: str, row: Call, values: dict[str, Any]) -> None:
        body = values | {"version": row["version"]}
        self.expect(200, self.client.patch(f"/v1/{name}/{row['id']}", json=body))

    @staticmethod
    def expect(status: int, response: TestResponse) -> None:
        assert response.status_code == status, response.text


def oracle_of_what_is_stored() -> Oracle:
    """Read every table from its beginning to its end, by no index of the list."""
    calls, patients, tags = (
        list(RESOURCES[name].export()) for name in ("calls", "patients", "tags")
    )
    return Oracle(calls, patients, tags, ZONE)


@pytest.mark.parametrize("seed", range(3))
def test_queries_find_what_the_oracle_finds_after_each_change(
    client: FlaskClient, store: Store, seed: int
) -> None:
    calls = rows_of("calls")[seed::12] + edge_calls()
    patients, tags = rows_of("patients"), rows_of("tags")
    for name, rows in (("tags", tags), ("patients", patients), ("calls", calls)):
        store(name, rows)
    held = {patient["id"]: patient for patient in patients}
    draw = Draw(f"writes {seed}", calls, held, [tag["id"] for tag in tags], ZONE)
    drawn = [draw.pairs() for _ in range(QUERIES)]
    asked: list[tuple[list[Pair], str]] = [(pairs, encoded(pairs, draw.rng)) for pairs in drawn]
    changes = Changes(client, calls, random.Random(seed))
    key = client.environ_base["HTTP_X_API_KEY"]
    for _ in range(ROUNDS):
        clinic = Clinic(client, key, oracle_of_what_is_stored(), calls, held, ZONE)
        differences = [found for pair in asked if (found := difference(clinic, *pair))]
        assert not differences, "".join(differences[:5])
        for _ in range(CHANGES):
            changes.change()
