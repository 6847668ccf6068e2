"""/calls: the API's filters in words, chips that take them away, pages, and the CSV of it all."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.models.engine import database
from app.services.patients import patients
from app.services.tags import tags
from tests.conftest import MakeCall
from tests.support.answers import read
from tests.support.screens import Screen

NOON = 1_700_000_000_000  # 2023-11-14, a Tuesday, 17:13 in New York
DAY = 86_400_000


@pytest.fixture
def settings() -> dict[str, str]:
    return {"CLINIC_TIMEZONE": "America/New_York", "RATE_LIMIT": "0"}


@pytest.fixture
def tag_ids(app: Flask) -> list[str]:
    with database.write():
        return [tags.create({"name": name})[1]["id"] for name in ("knee", "post-op")]


@pytest.fixture
def ids(make_call: MakeCall, tag_ids: list[str]) -> list[str]:
    """Some calls, the newest first."""
    knee, post_op = tag_ids
    values = {"last_name": "Okafor", "first_name": "Ana", "tags": [knee, post_op]}
    with database.write():
        both = patients.create(values)[1]["id"]
        one = patients.create({"last_name": "Smith", "tags": [knee]})[1]["id"]
    calls = [
        {"summary": "Wants a refund.", "category": "billing", "status": "done"},
        {"customer_number": "+12125550123", "status": "follow_up_needed"},
        {"patient_id": both, "type": "webCall", "sessions_scheduled": 2},
        {"patient_id": one, "assistant_id": "asst_night"},
    ]
    return [make_call(started_at=NOON - n * DAY, **call) for n, call in enumerate(calls)]


def chips(screen: Screen) -> dict[str, str]:
    """Give the words of each chip with the address that takes it away."""
    found = (
        (link.text, link.attrs["href"]) for link in screen.root.all("a", title="Take this away")
    )
    return {words.replace(" × , take this away", ""): address for words, address in found}


@pytest.mark.parametrize(
    ("query", "found", "words"),
    [
        ("q=refund", [0], "“refund”"),
        ("status=follow_up_needed", [1], "Flagged"),
        ("status=pending", [2, 3], "Open"),
        ("category=billing", [0], "Billing"),
        ("customer_number=(212)%20555-0123", [1], "(212) 555-0123"),
        ("type=webCall", [2], "Web call"),
        ("assistant_id=asst_night", [3], "Assistant asst_night"),
        ("sessions_scheduled_min=2", [2], "At least 2 booked"),
        ("started_gte=2023-11-13", [0, 1], "From Nov 13, 2023"),
        ("started_lte=2023-11-12", [2, 3], "To Nov 12, 2023"),
        ("started_gte=2023-11-13&started_lte=2023-11-13", [1], "Nov 13, 2023"),
        ("sort=started_at", [3, 2, 1, 0], "Oldest first"),
        ("q=", [0, 1, 2, 3], None),
    ],
)
def test_each_filter_of_the_api_is_one_of_the_page(
    desk: FlaskClient, ids: list[str], query: str, found: list[int], words: str | None
) -> None:
    screen = Screen(desk, f"/calls?{query}")
    assert screen.call_ids == [ids[n] for n in found]
    assert list(chips(screen)) == ([words] if words else [])
    assert f"{len(found)} call" in screen.part("chips")


@pytest.mark.parametrize(
    ("mode", "found", "words"),
    [
        ("any", [2, 3], "any of these: knee, post-op"),
        ("all", [2], "all of these: knee, post-op"),
        ("exclude_any", [0, 1], "none of these: knee, post-op"),
        ("exclude_all", [0, 1, 3], "not all of these: knee, post-op"),
    ],
)
def test_tags_any_all_or_none(
    desk: FlaskClient,
    ids: list[str],
    tag_ids: list[str],
    mode: str,
    found: list[int],
    words: str,
) -> None:
    query = "&".join(f"tags[]={tag_id}" for tag_id in tag_ids)
    screen = Screen(desk, f"/calls?{query}&tag_filter_mode={mode}")
    assert screen.call_ids == [ids[n] for n in found]
    assert list(chips(screen)) == [words]


def test_a_chip_takes_away_its_filter_and_no_other(desk: FlaskClient, ids: list[str]) -> None:
    screen = Screen(desk, "/calls?q=refund&status=done&started_gte=2023-11-01&page=1")
    found = chips(screen)
    assert found["“refund”"] == "/calls?status=done&started_gte=2023-11-01"
    assert found["Done"] == "/calls?q=refund&started_gte=2023-11-01"
    assert found["From Nov 1, 2023"] == "/calls?q=refund&status=done"


def test_the_kept_link_leaves_out_words_and_numbers(desk: FlaskClient, ids: list[str]) -> None:
    screen = Screen(desk, "/calls?q=refund&customer_number=2125550123&status=done")
    (link,) = (link for link in screen.root.all("a") if link.text == "Copy link")
    assert link.attrs["href"] == "/calls?status=done"


def test_pages_follow_each_other_with_the_same_filters(desk: FlaskClient, ids: list[str]) -> None:
    first = Screen(desk, "/calls?status=pending&limit=1")
    (link,) = first.root.all("a", rel="next")
    second = Screen(desk, link.attrs["href"])
    assert (first.call_ids, second.call_ids) == ([ids[2]], [ids[3]])
    assert "2 to 2 of 2" in second.text
    assert [link.text for link in second.root.all("a", rel="prev")] == ["Back"]


def test_the_form_holds_what_was_asked(desk: FlaskClient, ids: list[str]) -> None:
    query = "q=refund&status=done&started_gte=2023-11-01&type=webCall&sort=started_at"
    screen = Screen(desk, f"/calls?{query}")
    again = screen.press("Show")
    for pair in query.split("&"):
        assert pair in again.path


def test_counts_stand_beside_each_status_and_category(desk: FlaskClient, ids: list[str]) -> None:
    screen = Screen(desk, "/calls")
    (form,) = screen.root.all("form", data_live="results")
    options = [option.text for option in form.all("option")]
    assert {"Open (2)", "Done (1)", "Flagged (1)", "Billing (1)"} <= set(options)


def test_the_script_asks_by_a_form_what_the_address_need_not_hold(
    desk: FlaskClient, ids: list[str]
) -> None:
    screen = Screen(desk, "/calls", method="POST", data={"q": "refund", "status": ""})
    assert (screen.call_ids, list(chips(screen))) == ([ids[0]], ["“refund”"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("started_gte=soon", "From must be a day such as 2026-11-03."),
        ("started_lte=2023-13-01", "To must be a day such as 2026-11-03."),
        ("sessions_scheduled_min=many", "Sessions booked must be a whole number."),
        ("status=open", "Choose a status from the list."),
        ("category=x", "Choose what it was about from the list."),
        ("sort=x", "Choose an order from the list."),
        ("tag_filter_mode=x", "Choose how tags count from the list."),
        ("page=0", "The list has no such page."),
        ("limit=1000000", "So many rows do not go on a page."),
        ("started_gt=2023-11-01", "The address asks for something that is not known here."),
        ("status=done&status=done", "The address asks for something that is not known here."),
        ("q=%ff", "search for at most 16 words"),
        ("q=" + "x" * 600, "search for at most"),
        ("q=" + "a+" * 17, "search for at most 16 words"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_wrong_values_are_told_in_plain_words(
    desk: FlaskClient, method: str, query: str, words: str
) -> None:
    how = {"data": query.encode()} if method == "POST" else {"query_string": query}
    screen = Screen(desk, "/calls", method=method, **how)
    assert (screen.status, screen.answer.mimetype) == (422, "text/html")
    assert words in screen.text
    assert not re.search(r"started_|_min|parameter|tags\[|limit\b|UUID", screen.text)


@pytest.mark.parametrize("body", [b"\xff=1", b"=&&=", b"q", b"a=1;b=2", b"\0=\0"])
def test_any_body_is_answered(desk: FlaskClient, body: bytes) -> None:
    for path in ("/calls", "/patients"):
        assert desk.post(path, data=body).status_code in (200, 422)


def test_nobody_found_says_how_to_go_on(desk: FlaskClient, ids: list[str]) -> None:
    screen = Screen(desk, "/calls?q=nowhere")
    assert "0 calls" in screen.text
    assert "Take away one of the filters above" in screen.text


# ---- CSV ----


def test_csv_is_what_export_writes_of_the_same_calls(
    manager: FlaskClient, make_call: MakeCall, ids: list[str], runner: FlaskCliRunner
) -> None:
    make_call(summary="=1+1", notes='a "b",\nc', started_at=NOON + 1, transcript="-x")
    page = manager.get("/calls.csv?sort=started_at")
    exported = runner.invoke(main, ["export", "calls", "--format", "csv", "-"]).stdout
    rows, same = (list(csv.reader(io.StringIO(text, newline=""))) for text in (page.text, exported))
    assert page.mimetype == "text/csv"
    assert rows[0] == same[0]
    assert sorted(rows[1:]) == sorted(same[1:])


def test_csv_holds_exactly_what_is_filtered(manager: FlaskClient, ids: list[str]) -> None:
    text = manager.get("/calls.csv?status=pending&page=7&limit=1").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [ids[2], ids[3]]


def test_no_cell_of_the_csv_is_a_formula(manager: FlaskClient, make_call: MakeCall) -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1"):
        make_call(summary=text)
    rows = csv.DictReader(io.StringIO(manager.get("/calls.csv").text))
    assert all(row["summary"][:1] == "'" for row in rows)


def test_the_desk_has_no_csv(desk: FlaskClient, ids: list[str]) -> None:
    assert desk.get("/calls.csv").status_code == 403
    assert "CSV" not in [link.text for link in Screen(desk, "/calls").root.all("a")]


def test_a_wrong_filter_of_the_csv_is_a_page(manager: FlaskClient) -> None:
    answer = manager.get("/calls.csv?status=x")
    assert (answer.status_code, answer.mimetype) == (422, "text/html")


def test_the_api_finds_the_same(desk: FlaskClient, client: FlaskClient, ids: list[str]) -> None:
    for query in ("status=pending", "q=refund", "sort=started_at", "sessions_scheduled_min=1"):
        found = [call["id"] for call in read(client, f"/v1/calls?{query}")["data"]]
        assert Screen(desk, f"/calls?{query}").call_ids == found
