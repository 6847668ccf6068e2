"""The demo clinic: believable, coherent, and the same for the same arguments."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.commands.demo_command import fill
from app.config import PROJECT_ROOT
from app.demo import DemoClinic, make_clinic
from app.demo.scripts import scripts_of
from app.schemas.calls import CallImportSchema
from app.schemas.patients import PatientImportSchema
from app.schemas.tags import TagImportSchema

TODAY = date(2026, 6, 3)
NEW_YORK = ZoneInfo("America/New_York")
CATEGORIES = {
    "appointment_inquiry",
    "authorization",
    "billing",
    "cancellation",
    "client_support",
    "existing_appointment",
    "miscellaneous",
    "new_appointment",
    "rescheduling",
}
Calls = list[dict[str, Any]]


def make(**overrides: Any) -> DemoClinic:
    return make_clinic(**{"today": TODAY, "timezone": NEW_YORK, **overrides})


def to_bytes(clinic: DemoClinic) -> bytes:
    return json.dumps([clinic.tags, clinic.patients, list(clinic.calls())]).encode()


def to_local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(NEW_YORK)


def began(call: dict[str, Any]) -> datetime:
    return to_local(call["started_at"] or call["created_at"])


@pytest.fixture(scope="module")
def clinic() -> DemoClinic:
    return make(calls=6000)


@pytest.fixture(scope="module")
def calls(clinic: DemoClinic) -> Calls:
    return list(clinic.calls())


@pytest.fixture(scope="module")
def talks(calls: Calls) -> Calls:
    return [call for call in calls if call["summary"]]


def test_same_arguments_give_the_same_bytes() -> None:
    assert to_bytes(make(calls=300)) == to_bytes(make(calls=300))


def test_the_bytes_are_those_of_always() -> None:
    # A corrected sentence or name makes another clinic: then the digest is to be renewed.
    digest = sha256(to_bytes(make(seed=1, calls=300, patients=60, days=30))).hexdigest()
    assert digest == "50dbea4a3b50229d3f3d0f233c271ad3a648384a83a3004493e7051a188a3971"


def test_calls_can_be_read_twice() -> None:
    clinic = make(calls=300)
    assert list(clinic.calls()) == list(clinic.calls())


@pytest.mark.parametrize("other", [{"seed": 2}, {"today": date(2026, 6, 4)}])
def test_other_arguments_give_other_calls(other: dict[str, Any]) -> None:
    ours, theirs = make(calls=300), make(calls=300, **other)
    assert not {call["id"] for call in ours.calls()} & {call["id"] for call in theirs.calls()}


@pytest.mark.parametrize("count", [0, 1, 7, 500])
def test_gives_exactly_as_many_as_asked(count: int) -> None:
    clinic = make(calls=count, patients=count, days=10)
    assert len(list(clinic.calls())) == count
    assert len(clinic.patients) == count


def test_the_import_takes_every_row(app: Flask, clinic: DemoClinic, calls: Calls) -> None:
    assert not CallImportSchema(many=True).validate(calls[-500:])
    assert not PatientImportSchema(many=True).validate(clinic.patients)
    assert not TagImportSchema(many=True).validate(clinic.tags)


def test_calls_come_oldest_first(calls: Calls) -> None:
    instants = [began(call) for call in calls]
    assert instants == sorted(instants)
    assert instants[0].date() == date(2026, 3, 5)


def test_nothing_is_in_the_future(calls: Calls) -> None:
    midnight = datetime.combine(TODAY, time(), NEW_YORK)
    assert all(to_local(call["ended_at"] or call["created_at"]) < midnight for call in calls)


def test_until_adds_what_is_over_by_then() -> None:
    calls = list(make(until=time(11, 30)).calls())
    today = [call for call in calls if began(call).date() == TODAY]
    assert len(today) > 3
    assert all(to_local(call["ended_at"] or call["created_at"]).hour < 12 for call in today)


def test_mondays_are_busy_and_sundays_quiet(calls: Calls) -> None:
    weekdays = Counter(began(call).strftime("%a") for call in calls)
    assert weekdays.most_common()[0][0] == "Mon"
    assert weekdays["Mon"] > 5 * weekdays["Sun"] > 0


def test_noon_is_quiet_and_the_night_nearly_silent(calls: Calls) -> None:
    hours = Counter(began(call).hour for call in calls)
    assert hours[12] < hours[10] / 2
    assert hours[12] < hours[15] / 2
    assert 0 < sum(hours[hour] for hour in range(6)) < len(calls) / 20


def test_the_working_day_follows_the_clock_change() -> None:
    calls = list(make(calls=4000, days=2, today=date(2026, 3, 10)).calls())
    hours = {began(call).hour for call in calls if began(call).date() == date(2026, 3, 8)}
    assert 2 not in hours
    assert {1, 3} <= hours


def test_every_number_is_valid_and_fictional(clinic: DemoClinic, calls: Calls) -> None:
    numbers = {row["phone_number"] for row in clinic.patients}
    numbers |= {call["customer_number"] for call in calls} - {None}
    assert all(re.fullmatch(r"\+1[2-9]\d\d55501\d\d", number) for number in numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)


def test_families_share_a_number(clinic: DemoClinic) -> None:
    households = Counter(row["phone_number"] for row in clinic.patients)
    assert 20 < sum(1 for members in households.values() if members > 1) < 100
    assert max(households.values()) <= 4


def test_some_patients_call_again_and_again(calls: Calls) -> None:
    times = Counter(call["patient_id"] for call in calls if call["patient_id"])
    assert sum(1 for count in times.values() if count >= 5) > 50


def test_patients_are_known_and_strangers_are_not(clinic: DemoClinic, calls: Calls) -> None:
    ids = {row["id"] for row in clinic.patients}
    assert {call["patient_id"] for call in calls} - {None} <= ids
    assert sum(1 for call in calls if call["patient_id"] is None) > len(calls) / 10


def test_patients_are_reachable_at_fictional_addresses_only(clinic: DemoClinic) -> None:
    addresses = [row["email"] for row in clinic.patients if row["email"]]
    assert all(re.fullmatch(r"[a-z0-9.]+@(example\.org|\w+\.example)", text) for text in addresses)


def test_patients_bear_tags_that_exist(clinic: DemoClinic) -> None:
    known = {tag["id"] for tag in clinic.tags}
    assert {tag for row in clinic.patients for tag in row["tags"]} <= known
    assert len({tag["name"].casefold() for tag in clinic.tags}) == len(clinic.tags)


def test_names_have_accents_and_apostrophes(clinic: DemoClinic) -> None:
    names = " ".join(f"{row['first_name']} {row['last_name']}" for row in clinic.patients)
    assert "'" in names
    assert not names.isascii()


@pytest.mark.parametrize("language", ["english", "spanish", "russian"])
def test_every_category_is_spoken_of_in(language: str, talks: Calls) -> None:
    assert {call["category"] for call in talks if call["language"] == language} == CATEGORIES


@pytest.mark.parametrize(("language", "least"), [("english", 12), ("spanish", 4), ("russian", 3)])
def test_every_category_has_scripts_in(language: str, least: int) -> None:
    shelves = scripts_of(language).values()
    written = Counter(script.category for shelf in shelves for script in shelf)
    assert set(written) == CATEGORIES
    assert min(written.values()) >= least


def test_a_russian_summary_is_in_cyrillic(talks: Calls) -> None:
    for call in talks:
        letters = re.findall(r"[а-яё]", call["summary"].lower())
        assert (len(letters) > 15) == (call["language"] == "russian")


def test_no_blank_is_left_open(talks: Calls) -> None:
    texts = [f"{call['summary']} {call['transcript']} {call['notes']}" for call in talks]
    assert not [text for text in texts if re.search(r"[{}]|\.\.|  ", text)]


def test_summaries_vary(talks: Calls) -> None:
    texts = Counter(call["summary"] for call in talks)
    words = Counter(re.findall(r"\w+", " ".join(texts).lower()))
    assert len(texts) > 0.75 * len(talks)
    assert sum(1 for count in words.values() if count == 1) > 400


def test_sessions_fit_the_category_and_the_summary(talks: Calls) -> None:
    booked = [call for call in talks if call["sessions_scheduled"]]
    series = [call for call in booked if call["sessions_scheduled"] > 1]
    visits = {"existing_appointment", "rescheduling", "new_appointment"}
    assert {call["category"] for call in booked} == visits
    assert all(str(call["sessions_scheduled"]) in call["summary"] for call in series)


def test_a_call_that_never_connected_says_nothing(calls: Calls) -> None:
    missed = [call for call in calls if call["started_at"] is None]
    empty = ("ended_at", "duration_min", "summary", "category", "transcript", "recording_url")
    assert len(missed) > 50
    assert not [call for call in missed if any(call[column] for column in empty)]


def test_who_hangs_up_at_once_leaves_no_summary(calls: Calls) -> None:
    hung_up = [call for call in calls if call["started_at"] and not call["summary"]]
    assert len(hung_up) > 100
    assert max(call["duration_min"] for call in hung_up) < 0.5
    assert {call["category"] for call in hung_up} == {None}


def test_web_calls_have_no_number(calls: Calls) -> None:
    web = [call for call in calls if call["type"] == "webCall"]
    assert len(web) > 100
    assert not [call for call in web if call["customer_number"] or call["phone_number_id"]]


def test_the_duration_is_the_time_between_the_instants(calls: Calls) -> None:
    for call in calls[:500]:
        if call["started_at"]:
            length = to_local(call["ended_at"]) - to_local(call["started_at"])
            assert abs(length.total_seconds() / 60 - call["duration_min"]) <= 0.005 + 1e-9


def test_providers_keep_to_their_own_words(calls: Calls) -> None:
    for call in calls:
        vapi = call["provider"] == "vapi"
        assert call["external_id"].startswith("call_") != vapi
        assert ("_" in call["ended_reason"] or call["ended_reason"] == "inactivity") != vapi


def test_ids_carry_the_instant_of_creation(calls: Calls) -> None:
    call = calls[10]
    milliseconds = int(call["id"].replace("-", "")[:12], 16)
    created = datetime.fromtimestamp(milliseconds / 1000, UTC)
    assert created.isoformat(timespec="seconds")[:19] == call["created_at"][:19]
    assert len({call["id"] for call in calls}) == len(calls)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_morning_has_some_calls_that_wait_and_a_few_that_are_flagged(seed: int) -> None:
    calls = list(make(seed=seed, calls=2000, until=time(9, 30)).calls())
    statuses = Counter(call["status"] for call in calls)
    assert 10 < statuses["pending"] < 40
    assert 1 < statuses["follow_up_needed"] < 15
    assert {call["status"] for call in calls[:1000]} == {"done"}


def test_staff_write_notes_only_on_what_they_have_seen_to(calls: Calls) -> None:
    noted = [call for call in calls if call["notes"]]
    assert {call["status"] for call in noted} == {"done", "follow_up_needed"}
    assert 0.03 < len(noted) / len(calls) < 0.2


def drop_transcripts(clinic: DemoClinic) -> Calls:
    return [{**call, "transcript": None} for call in clinic.calls()]


def test_transcripts_do_not_change_the_calls() -> None:
    assert drop_transcripts(make(calls=300)) == list(make(calls=300, transcripts=False).calls())


def test_a_transcript_names_what_the_summary_says(talks: Calls) -> None:
    paid = next(call for call in talks if " paid the balance of " in call["summary"])
    amount = re.findall(r"\$[\d.]+\d", paid["summary"])[0]
    assert amount in paid["transcript"]


@pytest.mark.parametrize("chars", [2000, 20000])
def test_transcripts_can_be_padded(chars: int) -> None:
    calls = make(calls=100, transcript_chars=chars).calls()
    lengths = [len(call["transcript"]) for call in calls if call["category"] == "rescheduling"]
    assert chars * 0.95 < sorted(lengths)[len(lengths) // 2] < chars * 1.2


@pytest.mark.parametrize("choose", [min, max])
def test_the_ages_of_patients_are_believable(
    choose: Callable[[list[str]], str], clinic: DemoClinic
) -> None:
    born = choose([row["date_of_birth"] for row in clinic.patients])
    assert "1934" < born < "2019"


@pytest.mark.parametrize("today", [date(2026, 1, 31), TODAY, date(2027, 11, 24)], ids=str)
def test_what_the_readme_asks_for_is_there(app: Flask, client: FlaskClient, today: date) -> None:
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^(/v1/\S+\?(?:\S+ ?)+)", readme, re.MULTILINE)
    fill(app, calls=2000, seed=1, last_day=today)
    found = {example: client.get(example.strip()).get_json() for example in examples}
    assert len(found) == 4
    assert [example for example, page in found.items() if not page["pagination"]["total"]] == []
