"""The `Link` header: other pages with the same filters, and never longer than a proxy takes."""

import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import MakeCall


def rels(client: FlaskClient, query: str) -> list[str]:
    """Give which pages an answer links to; each link must lead to an answer."""
    header = client.get(f"/v1/calls?{query}").headers.get("Link", "")
    assert len(header) <= 2000
    found = re.findall(r'<http://localhost(/v1/calls\?[^>]+)>; rel="(\w+)"', header)
    assert {client.get(url).status_code for url, _ in found} <= {200}
    return [rel for _, rel in found]


@pytest.fixture(autouse=True)
def three_calls(make_call: MakeCall) -> None:
    for _ in range(3):
        make_call(type="x")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (0, ["first", "prev", "next", "last"]),
        (4, ["first", "prev", "next", "last"]),
        (5, ["first", "prev", "next"]),
        (7, ["prev", "next"]),
        (10, ["next"]),
        (19, ["next"]),
        (20, []),
    ],
)
def test_the_least_needed_links_are_left_out(
    client: FlaskClient, tags: int, expected: list[str]
) -> None:
    filters = "".join(f"&tags[]={'t' * 83}{n:02}" for n in range(tags))
    query = f"limit=1&page=2&tag_filter_mode=exclude_any{filters}"
    assert rels(client, query) == expected


def test_the_longest_search_has_no_links_but_its_answer(client: FlaskClient) -> None:
    tags = "&".join(f"tags[]={'t' * 36}{n:03}" for n in range(100))
    response = client.get(f"/v1/calls?tag_filter_mode=exclude_any&limit=1&type=x&{tags}")
    assert response.get_json()["pagination"]["total"] == 3
    assert "Link" not in response.headers


@pytest.mark.parametrize("path", ["/v1/patients", "/v1/tags"])
def test_the_other_lists_are_304_until_anything_changes(client: FlaskClient, path: str) -> None:
    headers = {"If-None-Match": client.get(path).headers["ETag"]}
    assert client.get(path, headers=headers).status_code == 304
    client.post("/v1/tags", json={"name": "VIP"})
    assert client.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/v1/patients", "/v1/tags"])
def test_the_other_lists_have_links_too(client: FlaskClient, path: str) -> None:
    link = client.get(path).headers["Link"]
    assert link.startswith(f'<http://localhost{path}?page=1>; rel="first", ')
