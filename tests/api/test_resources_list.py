"""The lists of calls, patients and tags alike: pages, totals and links."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.answers import read
from tests.support.resources import Resource, each

COUNT = 5


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.fixture
def five(client: FlaskClient, resource: Resource) -> None:
    """Let there be five."""
    for number in range(COUNT):
        body = {"id": f"{number:08d}{resource.id[8:]}", resource.text: f"Okafor {number}"}
        assert client.post(resource.url, json=body).status_code in (200, 201)


@each
@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("page", "rows", "has_more"),
    [(1, 2, True), (2, 2, True), (3, 1, False), (2147483647, 0, False)],
)
def test_is_cut_into_pages_with_the_true_total(
    client: FlaskClient, resource: Resource, page: int, rows: int, has_more: bool
) -> None:
    body = read(client, f"{resource.url}?limit=2&page={page}")
    assert len(body["data"]) == rows
    assert body["pagination"] == {"has_more": has_more, "total": 5, "page": page, "limit": 2}


@each
@pytest.mark.usefixtures("five")
def test_every_row_is_on_one_page(client: FlaskClient, resource: Resource) -> None:
    pages = [read(client, f"{resource.url}?limit=2&page={page}")["data"] for page in (1, 2, 3)]
    rows = [row for page in pages for row in page]
    assert rows == read(client, resource.url)["data"]


@each
@pytest.mark.usefixtures("five")
def test_links_to_the_other_pages(client: FlaskClient, resource: Resource) -> None:
    link = client.get(f"{resource.url}?limit=2&page=2").headers["Link"]
    base = f"<http://localhost{resource.url}?limit=2&page"
    assert link == (
        f'{base}=1>; rel="first", {base}=1>; rel="prev", {base}=3>; rel="next",'
        f' {base}=3>; rel="last"'
    )
