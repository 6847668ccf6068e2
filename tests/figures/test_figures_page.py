"""/figures: the sums, the pictures with their numbers, and the links to their calls."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.hours import parse_hours
from app.instants import parse_instant
from app.models.calls import touch_period
from app.models.engine import database
from app.web.figures import duration
from tests.conftest import MakeCall

AT = parse_instant("2026-06-01T12:00:00Z")
DAY_MS = 86_400_000


class Page(HTMLParser):
    """The elements of a page, each with its attributes and its text; must close what it opens."""

    VOID = ("meta", "link", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, Any], list[str]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.elements[-1][2].append(data)

    def all(self, tag: str) -> list[dict[str, Any]]:
        return [attrs for name, attrs, _ in self.elements if name == tag]

    def links(self) -> dict[str, dict[str, str]]:
        """Give the filters of the links to calls, by the text of each."""
        found = {}
        for tag, attrs, texts in self.elements:
            if tag == "a" and attrs["href"].startswith("/calls"):
                found["".join(texts).strip()] = dict(parse_qsl(urlsplit(attrs["href"]).query))
        return found


def show(desk: FlaskClient, query: str = "") -> str:
    answer = desk.get(f"/figures?{query}")
    assert answer.status_code == 200
    return answer.text


def plain(page: str) -> str:
    """Give the words that a person reads."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.fixture
def few(make_call: MakeCall) -> None:
    """Three calls of two days; the first was done after 40 minutes and an attempt."""
    done = make_call(started_at=AT, status="done", category="billing", sessions_scheduled=2)
    make_call(started_at=AT, ended_at=AT + 90_000, category="billing", type="<b>&")
    make_call(started_at=AT + DAY_MS, status="follow_up_needed")
    with database.write():
        update = "UPDATE call SET done_at = ?, attempts = 1, cost_usd = 1234.5 WHERE id = ?"
        database.raw().execute(update, (AT + 40 * 60_000, done))
        touch_period(AT)


@pytest.mark.usefixtures("few")
def test_the_sums_come_first(app: Flask, desk: FlaskClient) -> None:
    app.config["CLINIC_HOURS"] = parse_hours("Tue-Sun 00:00-24:00")
    words = plain(show(desk))
    assert "3 calls 40 min until done, half of 1 40 min until done, nine in ten" in words
    assert "2 out of hours, 67% 2 sessions booked $1,234.50 for 2 minutes" in words


@pytest.mark.usefixtures("few")
def test_without_hours_nothing_is_out_of_hours(desk: FlaskClient) -> None:
    assert "out of hours" not in show(desk)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("query", ["", "group_by=type", "group_by=weekday", "q=knee"])
def test_pictures_are_told_in_words_and_obey_the_policy(desk: FlaskClient, query: str) -> None:
    page = Page(show(desk, query))
    ids = [attrs["id"] for _, attrs, _ in page.elements if "id" in attrs]
    assert len(set(ids)) == len(ids)
    for picture in page.all("svg"):
        assert picture["role"] == "img"
        assert set(picture["aria-labelledby"].split()) <= set(ids)
    assert [attrs for _, attrs, _ in page.elements if "style" in attrs] == []
    assert page.all("style") == []
    assert [script["src"] for script in page.all("script")] == ["/static/desk.js"]


@pytest.mark.usefixtures("few")
def test_each_picture_has_its_numbers(desk: FlaskClient) -> None:
    page = Page(show(desk, "group_by=type"))
    assert len(page.all("svg")) == len(page.all("details")) - 2 == 5
    assert "Mon 01 Jun 2026 2 2 $1,234.50 2 Tue 02 Jun 2026 1" in plain(show(desk))


@pytest.mark.usefixtures("few")
def test_numbers_lead_to_their_calls(desk: FlaskClient) -> None:
    links = Page(show(desk, "status=done&q=&group_by=day")).links()
    assert links["Billing"] == {"status": "done", "category": "billing"}
    day = {"started_gte": "2026-06-01", "started_lte": "2026-06-01"}
    assert links["Mon 01 Jun 2026"] == {"status": "done", **day}


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("query", "label", "bounds"),
    [
        ("group_by=week", "week of 01 Jun 2026", ("2026-06-01", "2026-06-07")),
        ("group_by=month", "Jun 2026", ("2026-06-01", "2026-06-30")),
        (
            "group_by=month&started_gte=2026-06-01T10:00&started_lte=2026-06-02",
            "Jun 2026",
            ("2026-06-01T10:00", "2026-06-02"),
        ),
        (
            "group_by=month&started_gte=2026-05-01&started_lte=2026-07-02",
            "Jun 2026",
            ("2026-06-01", "2026-06-30"),
        ),
    ],
)
def test_a_time_leads_to_its_calls_within_the_bounds(
    desk: FlaskClient, query: str, label: str, bounds: tuple[str, str]
) -> None:
    asked = Page(show(desk, query)).links()[label]
    assert (asked["started_gte"], asked["started_lte"]) == bounds


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("group_by", ["day", "week", "month", "category", "status", "type"])
def test_a_link_finds_as_many_calls_as_its_figure_says(
    desk: FlaskClient, client: FlaskClient, group_by: str
) -> None:
    stats = client.get(f"/v1/calls/stats?group_by={group_by}").get_json()["data"]
    named = [row["calls"] for row in stats if row["calls"] and row["group"] is not None]
    page = show(desk, f"group_by={group_by}").split("The numbers")
    table = page[1 if group_by in ("day", "week", "month") else 2]
    urls = [unescape(url) for url in re.findall(r'href="/calls(\?[^"]*)"', table)]
    totals = [client.get(f"/v1/calls{url}").get_json()["pagination"]["total"] for url in urls]
    assert totals == named


@pytest.mark.usefixtures("few")
def test_what_was_asked_stands_in_the_form(desk: FlaskClient) -> None:
    text = show(desk, "status=pending&q=%22%3E%3Cb%3E&started_gte=2026-06-01T10:00&group_by=hour")
    fields = {field["name"]: field for field in Page(text).all("input") if "name" in field}
    assert fields["q"]["value"] == '"><b>'
    assert (
        fields["started_gte"] | {"value": "2026-06-01T10:00", "type": "text"}
        == (fields["started_gte"])
    )
    chosen = [option["value"] for option in Page(text).all("option") if "selected" in option]
    assert chosen == ["pending", "hour", "any"]


def test_no_call_is_told_in_words(desk: FlaskClient) -> None:
    page = show(desk)
    assert "0 calls" in plain(page)
    assert "No call is found by these filters." in page
    assert Page(page).all("svg") == []


def test_calls_of_all_times_have_no_picture_of_their_days(
    desk: FlaskClient, make_call: MakeCall
) -> None:
    for at in ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"):
        make_call(started_at=parse_instant(at))
    assert "These calls lie too far apart" in show(desk)


@pytest.mark.parametrize("query", ["page=1", "group_by=year", "status=open"])
def test_refuses_what_the_figures_of_the_api_refuse(desk: FlaskClient, query: str) -> None:
    assert desk.get(f"/figures?{query}").status_code == 422


def test_nobody_else_may_see_them(anonymous: FlaskClient, client: FlaskClient) -> None:
    for somebody in (anonymous, client):
        assert somebody.get("/figures").status_code in (302, 303, 401, 403)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (31, "31 min"),
        (60, "1 h"),
        (250, "4 h 10 min"),
        (1440, "1 day"),
        (3060, "2 days 3 h"),
    ],
)
def test_times_are_told_in_words(minutes: int, words: str) -> None:
    assert duration(minutes) == words
