"""Where a form is sent from, and under which name the pages are asked for."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.front_desk import PASSWORD, add


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    add("Dana", "manager")
    return app.test_client()


def sign_in(client: FlaskClient, base: str = "http://localhost", **headers: str) -> int:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    form = {"name": "Dana", "password": PASSWORD}
    return client.post("/sign-in", base_url=base, data=form, headers=names).status_code


def test_a_form_of_ours_is_taken(visitor: FlaskClient) -> None:
    assert sign_in(visitor, Sec_Fetch_Site="same-origin") == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", "same-origin, none"])
def test_a_form_of_another_site_is_not(visitor: FlaskClient, site: str) -> None:
    assert sign_in(visitor, Sec_Fetch_Site=site, Origin="http://localhost") == 403


def test_without_any_word_of_the_sender_it_is_not(visitor: FlaskClient) -> None:
    assert sign_in(visitor) == 403
    assert sign_in(visitor, Referer="http://localhost/sign-in") == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 303),
        ("http://localhost", 403),
        ("https://localhost:8000", 403),
        ("http://localhost:8000.evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_where_browsers_send_no_site_the_origin_decides(
    visitor: FlaskClient, origin: str, status: int
) -> None:
    assert sign_in(visitor, "http://localhost:8000", Origin=origin) == status


@pytest.mark.parametrize("settings", [{"PUBLIC_URL": "https://calls.clinic.example/book"}])
@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://calls.clinic.example", 303), ("http://calls.clinic.example", 403)],
)
def test_behind_a_proxy_the_origin_is_the_public_one(
    visitor: FlaskClient, origin: str, status: int
) -> None:
    assert sign_in(visitor, "http://calls.clinic.example", Origin=origin) == status


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "BREW"])
def test_no_other_method_goes_around_it(visitor: FlaskClient, method: str) -> None:
    assert visitor.open("/sign-in", method=method).status_code == 405


def test_a_signed_in_browser_does_nothing_for_another_site(desk: FlaskClient) -> None:
    answer = desk.post("/me/keys", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert desk.post("/me/keys").status_code == 303


def host(client: FlaskClient, name: str) -> int:
    return client.get("/sign-in", headers={"Host": name}).status_code


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"])
def test_the_loopback_is_ours(anonymous: FlaskClient, name: str) -> None:
    assert host(anonymous, name) == 200


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "localhost.evil.example",
        "192.0.2.1",
        "",
        "a b",
        "127.0.0.1.nip.io",
        "[",
        "[::1",
        "]:1",
        "[x]:80",
        "localhost:x",
        "a@localhost",
        "localhost#.evil.example",
    ],
)
def test_other_names_are_not(anonymous: FlaskClient, name: str) -> None:
    assert host(anonymous, name) == 403


@pytest.mark.parametrize(
    ("settings", "name", "status"),
    [
        ({"PUBLIC_URL": "https://calls.clinic.example"}, "calls.clinic.example", 200),
        ({"PUBLIC_URL": "https://calls.clinic.example"}, "clinic.example", 403),
        ({"HOST": "192.0.2.7"}, "192.0.2.7:8000", 200),
        ({"HOST": "192.0.2.7"}, "192.0.2.8:8000", 403),
        ({"HOST": "desk.local"}, "Desk.Local:8000", 200),
        ({"HOST": "0.0.0.0"}, "192.0.2.7:8000", 200),
        ({"HOST": "0.0.0.0"}, "evil.example", 403),
        ({"HOST": "::"}, "[2001:db8::1]:8000", 200),
    ],
)
def test_the_public_name_and_the_address_listened_on_are(
    anonymous: FlaskClient, name: str, status: int
) -> None:
    assert host(anonymous, name) == status


def test_health_answers_under_any_name(anonymous: FlaskClient) -> None:
    assert anonymous.get("/health", headers={"Host": "evil.example"}).status_code == 200


@pytest.mark.parametrize("settings", [{"CORS_ORIGINS": "http://localhost:5173"}])
@pytest.mark.parametrize("path", ["/sign-in", "/session", "/me", "/", "/health"])
def test_no_page_is_for_scripts_of_other_origins(desk: FlaskClient, path: str) -> None:
    answer = desk.get(path, headers={"Origin": "http://localhost:5173"})
    assert "Access-Control" not in str(answer.headers)


def test_forms_tell_us_where_they_are_sent_from_and_nobody_else(desk: FlaskClient) -> None:
    assert desk.get("/me").headers.getlist("Referrer-Policy") == ["same-origin"]
    assert desk.get("/docs").headers.getlist("Referrer-Policy") == ["no-referrer"]
