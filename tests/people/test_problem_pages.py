"""Problems under the addresses of pages: plain words for people, JSON for their scripts."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.auth import requires
from app.problems import Problem
from tests.support.answers import error

PAGES = {
    "forbidden": (403, "That is not allowed"),
    "not_found": (404, "There is nothing here"),
    "version_mismatch": (409, "Somebody was faster"),
    "body_too_large": (413, "That is too much"),
    "invalid_field": (422, "Something is not right"),
    "too_many_requests": (429, "Too many tries"),
    "internal_error": (500, "Something went wrong"),
    "unavailable": (503, "Not just now"),
    "storage_full": (507, "The disk is full"),
}


@pytest.fixture
def desk(app: Flask, desk: FlaskClient) -> FlaskClient:
    """A browser that finds a problem at /trouble/ and its code."""

    def trouble(code: str) -> str:
        raise Problem(code)

    app.add_url_rule("/trouble/<code>", "trouble", requires("desk")(trouble))
    return desk


@pytest.mark.parametrize("code", PAGES)
def test_a_problem_is_a_page_with_a_way_on(desk: FlaskClient, code: str) -> None:
    answer = desk.get(f"/trouble/{code}")
    status, heading = PAGES[code]
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert f"<h1>{heading}</h1>" in answer.text
    assert 'href="/queue"' in answer.text


def test_who_is_signed_out_is_told_so(anonymous: FlaskClient) -> None:
    answer = anonymous.post("/me/keys", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "You are signed out. Sign in to go on." in answer.text
    assert 'href="/sign-in"' in answer.text


def test_a_script_gets_json(desk: FlaskClient) -> None:
    answer = desk.get("/trouble/version_mismatch", headers={"Accept": "application/json"})
    assert error(answer) == (409, "version_mismatch", None)


@pytest.mark.parametrize("path", ["/nowhere", "/v2", "/people/x", "/v10/calls"])
def test_an_unknown_page_is_told_in_words_to_anybody(anonymous: FlaskClient, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.status_code == 404
    assert "<h1>There is nothing here</h1>" in answer.text
    assert 'href="/sign-in"' in answer.text


@pytest.mark.parametrize("path", ["/v1", "/v1/nowhere", "/static/nowhere"])
def test_elsewhere_problems_stay_json(client: FlaskClient, path: str) -> None:
    assert error(client.get(path)) == (404, "not_found", None)


@pytest.mark.parametrize("path", ["/sign-in", "/me", "/nowhere", "/", "/trouble/not_found"])
def test_every_page_is_kept_by_no_cache(desk: FlaskClient, path: str) -> None:
    answer = desk.get(path)
    assert answer.headers.getlist("Cache-Control") == ["no-store"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_fault_tells_nothing_of_itself(app: Flask, desk: FlaskClient) -> None:
    app.add_url_rule("/broken", "broken", requires("desk")(lambda: str(1 / 0)))
    answer = desk.get("/broken")
    assert answer.status_code == 500
    assert "division" not in answer.text
