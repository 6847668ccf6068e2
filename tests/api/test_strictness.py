"""Requests are read strictly on every route: nothing unknown is passed over, nothing is endless."""

import gzip
import time
from collections.abc import Callable

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.test_scopes import guarded
from tests.conftest import MakeCall
from tests.support.answers import assert_error
from tests.support.resources import CALL_ID as ID
from tests.support.webhooks import SETTINGS, outcome, retell, signed


@pytest.fixture
def settings() -> dict[str, str]:
    return SETTINGS


def test_every_route_with_data_refuses_an_unknown_parameter(
    app: Flask, make_client: Callable[..., FlaskClient]
) -> None:
    admin = make_client("admin")
    for method, path in guarded(app):
        if method not in ("OPTIONS", "HEAD"):
            response = admin.open(f"{path}?dry_run=true", method=method, json={})
            assert_error(response, 422, "unknown_parameter", "dry_run")


def test_an_unknown_parameter_deletes_nothing(client: FlaskClient, make_call: MakeCall) -> None:
    url = f"/v1/calls/{make_call()}"
    assert client.delete(f"{url}?dry_run").status_code == 422
    assert client.get(url).status_code == 200


def test_the_key_comes_before_the_query(anonymous: FlaskClient) -> None:
    response = anonymous.delete(f"/v1/calls/{ID}?dry_run=true")
    assert_error(response, 401, "invalid_api_key")


def test_a_webhook_may_have_a_query(anonymous: FlaskClient) -> None:
    body = orjson.dumps(retell())
    response = anonymous.post(
        "/v1/ingest/retell?from=phone",
        data=body,
        headers=signed("retell", body),
        content_type="application/json",
    )
    assert outcome(response) == "created"


@pytest.mark.parametrize("query", ["", "&", "&&&"])
def test_a_query_of_nothing_is_none(client: FlaskClient, make_call: MakeCall, query: str) -> None:
    assert client.get(f"/v1/calls/{make_call()}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/ingest/retell"])
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "identity, gzip", "x"])
def test_an_encoded_body_is_415(client: FlaskClient, path: str, encoding: str) -> None:
    body = gzip.compress(orjson.dumps(retell()))
    headers = signed("retell", body) | {"Content-Encoding": encoding}
    response = client.post(path, data=body, headers=headers, content_type="application/json")
    detail = assert_error(response, 415, "unsupported_media_type")
    assert detail["message"] == "Send the body without a Content-Encoding."


def test_identity_is_no_encoding(client: FlaskClient) -> None:
    response = client.post("/v1/calls", json={}, headers={"Content-Encoding": "identity"})
    assert response.status_code == 201


@pytest.mark.parametrize(
    ("count", "status"), [(200, 200), (201, 422)], ids=["two hundred", "one more"]
)
def test_a_request_has_at_most_200_parameters(client: FlaskClient, count: int, status: int) -> None:
    response = client.get("/v1/calls?" + "&".join(["tags[]=a"] * count))
    assert response.status_code == status
    if status == 422:
        detail = assert_error(response, 422, "invalid_field")
        assert detail["message"] == "A request may have at most 200 parameters."


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pgae", " Did you mean page?"),
        ("statsu", " Did you mean status?"),
        ("LIMITS", " Did you mean limit?"),
        ("started_at", " Did you mean started_lte?"),
        ("tag", " Did you mean tags[]?"),
        ("offset", ""),
        ("cursor", ""),
        ("x" * 100_000, ""),
    ],
    ids=lambda text: text[:20],
)
def test_only_a_near_name_is_a_hint(client: FlaskClient, name: str, hint: str) -> None:
    detail = assert_error(client.get(f"/v1/calls?{name}=1"), 422, "unknown_parameter", name[:64])
    assert detail["message"] == f"There is no parameter {name[:64]}.{hint}"


def test_hints_are_looked_for_ten_times(client: FlaskClient) -> None:
    response = client.get("/v1/calls?" + "&".join(f"pgae{n}=1" for n in range(150)))
    errors = assert_error(response, 422, "unknown_parameter", "pgae0")["errors"]
    assert ["Did you mean" in error["message"] for error in errors] == [True] * 10 + [False] * 90


def test_very_many_parameters_are_refused_at_once(client: FlaskClient) -> None:
    query = "&".join(f"parameter{n}=1" for n in range(40_000))
    begin = time.monotonic()
    assert_error(client.get(f"/v1/calls?{query}"), 422, "invalid_field")
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize("path", ["/v1/calls", "/v1/patients"])
@pytest.mark.parametrize("query", ["tags=a,b", "tags[]=%5B%22a%22%5D", "tags[]=a&tags[]='b'"])
def test_several_tags_in_one_value_are_refused(client: FlaskClient, path: str, query: str) -> None:
    response = client.get(f"{path}?{query}&tag_filter_mode=exclude_any")
    detail = assert_error(response, 422, "invalid_field", "tags[]")
    assert detail["message"] == "tags[] takes one id at a time: repeat tags[] for several."
