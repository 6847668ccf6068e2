"""API keys: what each may do, how long, and that nothing else opens the door."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app.commands import main
from app.models.engine import database
from app.models.keys import ApiKey
from app.services.keys import create_key
from tests.conftest import MakeCall

ID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
DAY_S = 86_400


class Clock:
    """Stands for time.time(): it moves only when it is told to."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("app.instants.time", clock)
    return clock


@pytest.fixture
def keys(runner: FlaskCliRunner) -> Callable[..., Result]:
    """Run `clinic-calls keys` with these arguments."""

    def run(*args: str) -> Result:
        return runner.invoke(main, ["keys", *args])

    return run


@pytest.fixture
def status(app: Flask) -> Callable[[str], int]:
    """Give the status that a list of calls has with a key."""
    client = app.test_client()

    def get(key: str) -> int:
        return client.get("/v1/calls", headers={"X-API-Key": key}).status_code

    return get


def created(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def id_of(key: str) -> str:
    return key.split("_")[1]


# --- what each scope may do


REQUESTS = {
    "list": ("GET", "/v1/calls"),
    "get": ("GET", f"/v1/calls/{ID}"),
    "post": ("POST", "/v1/calls"),
    "change": ("PATCH", f"/v1/calls/{ID}"),
    "delete": ("DELETE", f"/v1/calls/{ID}"),
    "patients": ("GET", "/v1/patients"),
    "new patient": ("POST", "/v1/patients"),
    "tags": ("GET", "/v1/tags"),
    "new tag": ("POST", "/v1/tags"),
}
EVERYTHING = set(REQUESTS)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["read"], {"list", "get", "patients", "tags"}),
        (["write"], EVERYTHING),
        (["ingest"], {"post"}),
        (["admin"], EVERYTHING),
        (["read", "ingest"], {"list", "get", "patients", "tags", "post"}),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, list) else "",
)
def test_scopes_open_what_they_name_and_nothing_else(
    make_client: Callable[..., FlaskClient], scopes: list[str], allowed: set[str]
) -> None:
    client = make_client(*scopes)
    statuses = {
        name: client.open(path, method=method, json={}).status_code
        for name, (method, path) in REQUESTS.items()
    }
    assert {name for name, status in statuses.items() if status != 403} == allowed
    assert 401 not in statuses.values()


def test_missing_scope_is_403_and_names_the_scope(make_client: Callable[..., FlaskClient]) -> None:
    response = make_client("read").post("/v1/calls", json={})
    assert response.status_code == 403
    assert response.get_json()["detail"]["code"] == "missing_scope"
    assert "write" in response.get_json()["detail"]["message"]


def test_scope_is_checked_before_the_body_is_read(make_client: Callable[..., FlaskClient]) -> None:
    response = make_client("read").post("/v1/calls", data=b"{", content_type="text/plain")
    assert response.status_code == 403


# --- wrong keys


def test_wrong_keys_all_get_the_same_answer(anonymous: FlaskClient, clock: Clock) -> None:
    with database.write():
        good, revoked = create_key("a", ["read"]), create_key("b", ["read"])
        expired = create_key("c", ["read"], int(clock.now * 1000))
        ApiKey.update(revoked_at=1).where(ApiKey.id == id_of(revoked)).execute()
    __, key_id, secret = good.split("_", 2)
    wrong = [
        *(None, "", " ", "x", "_", "__", "cc_", "cc__", f"cc_{key_id}", f"cc_{key_id}_"),
        *(f"cc_{key_id}_x", f"cc_000000000000_{secret}", f"cd_{key_id}_{secret}", secret),
        *(good[:-1], good + "x", good.upper(), f"{good}, {good}", f"Bearer {good}", "cl\xe9"),
        *("cc_'; DROP TABLE api_key; --_x", "x" * 10_000, revoked, expired),
    ]
    answers = set()
    for key in wrong:
        response = anonymous.get("/v1/calls", headers={} if key is None else {"X-API-Key": key})
        headers = [pair for pair in response.headers if pair[0] != "X-Request-Id"]
        answers.add((response.status_code, response.data, tuple(headers)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401


def test_401_says_how_to_authenticate(anonymous: FlaskClient) -> None:
    response = anonymous.get("/v1/calls")
    assert response.headers["WWW-Authenticate"].startswith("ApiKey")
    assert response.get_json()["detail"]["code"] == "invalid_api_key"
    assert "X-API-Key" in response.get_json()["detail"]["message"]


@pytest.mark.parametrize("name", ["X-API-Key", "x-api-key", "api_key", "key", "access_token"])
def test_key_in_the_url_is_not_accepted(
    anonymous: FlaskClient, client: FlaskClient, name: str
) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    assert anonymous.get(f"/v1/calls?{name}={key}").status_code == 401
    assert client.get(f"/v1/calls?{name}={key}").status_code == 422


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Bearer {}"),
        ("Cookie", "X-API-Key={}"),
        ("Api-Key", "{}"),
        ("X-Key", "{}"),
    ],
)
def test_key_in_another_header_is_not_accepted(
    anonymous: FlaskClient, client: FlaskClient, header: str, value: str
) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    response = anonymous.get("/v1/calls", headers={header: value.format(key)})
    assert response.status_code == 401


# --- the key comes first


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type"),
    [
        ("POST", "/v1/calls", b"{", "application/json"),
        ("POST", "/v1/calls", b"\xff", "application/json"),
        ("POST", "/v1/calls", b"x", "text/plain"),
        ("POST", "/v1/calls", b" " * (2 * 1024 * 1024), "application/json"),
        ("GET", "/v1/calls?limit=0&nonsense=1&page=1&page=1", b"", None),
        ("GET", "/v1/calls?q=%ff%00", b"", None),
        ("GET", "/v1/nowhere", b"", None),
        ("GET", "/v1/", b"", None),
        ("GET", "/v1", b"", None),
        ("GET", "/v1/calls/", b"", None),
        ("GET", "/v1//calls", b"", None),
        ("GET", "/v1/calls/not-a-uuid", b"", None),
        ("PUT", "/v1/calls", b"", None),
        ("BREW", "/v1/calls", b"", None),
        ("OPTIONS", "/v1/calls", b"", None),
        ("HEAD", "/v1/calls", b"", None),
        ("PATCH", f"/v1/calls/{ID}", b"[]", "application/json"),
        ("DELETE", "/v1/tags/x", b"", None),
        ("GET", "/v1/ingest", b"", None),
    ],
)
def test_without_a_key_everything_under_v1_is_401(
    anonymous: FlaskClient, method: str, path: str, body: bytes, content_type: str | None
) -> None:
    response = anonymous.open(path, method=method, data=body, content_type=content_type)
    assert response.status_code == 401


def test_without_a_key_no_body_is_read(anonymous: FlaskClient) -> None:
    class Unread:
        def read(self, *_: object) -> bytes:
            raise AssertionError("The body was read.")

        readline = readlines = __iter__ = read

    response = anonymous.post(
        "/v1/calls",
        content_type="application/json",
        environ_overrides={"wsgi.input": Unread(), "CONTENT_LENGTH": "1000"},
    )
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs"])
def test_what_tells_nothing_of_calls_needs_no_key(anonymous: FlaskClient, path: str) -> None:
    assert anonymous.get(path).status_code == 200


# --- how long a key works


def test_key_ends_at_its_expiry(
    keys: Callable[..., Result], status: Callable[[str], int], clock: Clock
) -> None:
    key = created(keys("create", "x", "--scope", "read", "--expires", "90d"))
    clock.now += 90 * DAY_S - 0.001
    assert status(key) == 200
    clock.now += 0.001
    assert status(key) == 401


def test_key_without_expiry_never_ends(
    keys: Callable[..., Result], status: Callable[[str], int], clock: Clock
) -> None:
    key = created(keys("create", "x", "--scope", "read"))
    clock.now += 100 * 365 * DAY_S
    assert status(key) == 200


def test_revoked_key_stops_with_the_next_request(
    keys: Callable[..., Result], status: Callable[[str], int]
) -> None:
    key = created(keys("create", "x", "--scope", "read"))
    before = status(key)
    created(keys("revoke", id_of(key)))
    assert (before, status(key)) == (200, 401)


def test_revoking_one_key_leaves_the_others(
    keys: Callable[..., Result], status: Callable[[str], int]
) -> None:
    key, other = (created(keys("create", "x", "--scope", "read")) for _ in range(2))
    created(keys("revoke", id_of(key)))
    assert status(other) == 200


def test_rotated_key_works_until_the_grace_ends(
    keys: Callable[..., Result], status: Callable[[str], int], clock: Clock
) -> None:
    old = created(keys("create", "x", "--scope", "read"))
    new = created(keys("rotate", id_of(old), "--grace", "2h"))
    clock.now += 2 * 3600 - 1
    assert (status(old), status(new)) == (200, 200)
    clock.now += 1
    assert (status(old), status(new)) == (401, 200)


def test_grace_is_a_day_unless_said(
    keys: Callable[..., Result], status: Callable[[str], int], clock: Clock
) -> None:
    old = created(keys("create", "x", "--scope", "read"))
    created(keys("rotate", id_of(old)))
    clock.now += DAY_S - 1
    assert status(old) == 200
    clock.now += 1
    assert status(old) == 401


def test_rotation_without_grace_ends_the_old_key_at_once(
    keys: Callable[..., Result], status: Callable[[str], int]
) -> None:
    old = created(keys("create", "x", "--scope", "read"))
    new = created(keys("rotate", id_of(old), "--grace", "0h"))
    assert (status(old), status(new)) == (401, 200)


def test_rotation_does_not_lengthen_the_life_of_the_old_key(
    keys: Callable[..., Result], status: Callable[[str], int], clock: Clock
) -> None:
    old = created(keys("create", "x", "--scope", "read", "--expires", "1h"))
    created(keys("rotate", id_of(old), "--grace", "24h"))
    clock.now += 3600
    assert status(old) == 401


def test_rotated_key_has_the_scopes_name_and_lifetime_of_the_old(
    keys: Callable[..., Result], clock: Clock
) -> None:
    old = created(keys("create", "desk", "--scope", "ingest", "--expires", "10d"))
    clock.now += 4 * DAY_S
    new = ApiKey.get_by_id(id_of(created(keys("rotate", id_of(old)))))
    assert (new.name, new.scopes) == ("desk", "ingest")
    assert new.expires_at == int((clock.now + 10 * DAY_S) * 1000)


def test_key_made_by_a_second_rotation_within_the_grace_does_not_end_early(
    keys: Callable[..., Result], status: Callable[[str], int], clock: Clock
) -> None:
    old = created(keys("create", "x", "--scope", "read"))
    created(keys("rotate", id_of(old), "--grace", "1h"))
    second = keys("rotate", id_of(old), "--grace", "1h")
    clock.now += 30 * DAY_S
    # Either refused, or a key that never ends as the first one never did.
    assert second.exit_code == 1 or status(second.stdout.strip()) == 200


@pytest.mark.parametrize("end", ["revoke", "expire"])
def test_dead_key_cannot_be_rotated(keys: Callable[..., Result], clock: Clock, end: str) -> None:
    key = created(keys("create", "x", "--scope", "read", "--expires", "1h"))
    if end == "revoke":
        keys("revoke", id_of(key))
    else:
        clock.now += 3600
    result = keys("rotate", id_of(key))
    assert (result.exit_code, result.stdout) == (1, "")


# --- the command


def test_new_key_stands_alone_on_standard_output(keys: Callable[..., Result]) -> None:
    result = keys("create", "front desk", "--scope", "read")
    assert result.stdout.startswith("cc_")
    assert len(result.stdout.splitlines()) == 1
    assert "not shown again" in result.stderr


def test_secret_is_never_printed_again(keys: Callable[..., Result]) -> None:
    key = created(keys("create", "x", "--scope", "read"))
    listed, rotated = keys("list"), keys("rotate", id_of(key))
    revoked = keys("revoke", id_of(key))
    secret = key.split("_", 2)[2]
    printed = [text for r in (listed, rotated, revoked) for text in (r.stdout, r.stderr)]
    assert id_of(key) in listed.stdout
    assert not any(secret in text for text in printed)


def test_secret_is_not_stored(keys: Callable[..., Result], app: Flask) -> None:
    secret = created(keys("create", "x", "--scope", "read")).split("_", 2)[2]
    folder: Path = app.config["DATABASE_URL"].parent
    stored = b"".join(file.read_bytes() for file in folder.iterdir())
    assert b"api_key" in stored
    assert secret.encode() not in stored


def test_key_is_never_logged(
    client: FlaskClient, make_call: MakeCall, caplog: pytest.LogCaptureFixture
) -> None:
    key = client.environ_base["HTTP_X_API_KEY"]
    caplog.set_level("DEBUG")
    client.get("/v1/calls")
    client.get(f"/v1/calls?api_key={key}", headers={"X-API-Key": key + "x"})
    database.raw().execute("DROP TABLE call")
    assert client.post("/v1/calls", json={}).status_code == 500
    assert key.split("_", 2)[2] not in caplog.text


def test_list_says_what_there_is(keys: Callable[..., Result], clock: Clock) -> None:
    clock.now = 1_700_000_000
    first = created(keys("create", "desk", "--scope", "read", "--scope", "ingest"))
    second = created(keys("create", "old", "--scope", "write", "--expires", "1h"))
    keys("revoke", id_of(first))
    clock.now += DAY_S
    lines = [line.split() for line in created(keys("list")).splitlines()]
    created_at, ends_at = "2023-11-14T22:13:20Z", "2023-11-14T23:13:20Z"
    assert lines[1:] == [
        [id_of(first), "desk", "read", "ingest", "revoked", created_at, "never"],
        [id_of(second), "old", "write", "expired", created_at, ends_at],
    ]


def test_list_without_keys_says_how_to_make_one(keys: Callable[..., Result]) -> None:
    assert "clinic-calls keys create" in created(keys("list"))


@pytest.mark.parametrize("command", ["revoke", "rotate"])
def test_unknown_id_is_refused(keys: Callable[..., Result], command: str) -> None:
    result = keys(command, "nobody")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nobody" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["x"],
        ["x", "--scope", "all"],
        ["", "--scope", "read"],
        [" ", "--scope", "read"],
        ["a\nb", "--scope", "read"],
        ["x" * 201, "--scope", "read"],
        ["x", "--scope", "read", "--expires", "0d"],
        ["x", "--scope", "read", "--expires", "90"],
        ["x", "--scope", "read", "--expires", "-1d"],
        ["x", "--scope", "read", "--expires", "٣d"],
    ],
    ids=json.dumps,
)
def test_malformed_key_is_refused(keys: Callable[..., Result], args: list[str]) -> None:
    result = keys("create", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert ApiKey.select().count() == 0
