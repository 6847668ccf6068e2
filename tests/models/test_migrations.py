"""Databases of earlier versions, brought up to date, and of no version, which are refused."""

from pathlib import Path

import apsw
import pytest

from app.models.opening import (
    APPLICATION_ID,
    DatabaseRefused,
    migrations,
    open_database,
    open_to_read,
)


@pytest.mark.parametrize("version", [1, 2])
def test_a_database_of_before_a_release_is_refused(tmp_path: Path, version: int) -> None:
    path = tmp_path / "clinic.db"
    old = apsw.Connection(str(path))
    old.execute("CREATE TABLE cell (id INTEGER PRIMARY KEY)").fetchall()
    old.pragma("application_id", APPLICATION_ID)
    old.pragma("user_version", version)
    old.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseRefused, match=r"export.*import.*[Kk]eys.*deleted calls"):
        open_database(path)
    assert path.read_bytes() == before


def make_version(path: Path, version: int) -> apsw.Connection:
    """Make a database as the program of that version did."""
    made = apsw.Connection(str(path))
    made.pragma("application_id", APPLICATION_ID)
    made.pragma("journal_mode", "wal")
    for script in migrations()[:version]:
        made.execute(script.read_text()).fetchall()
    made.pragma("user_version", version)
    return made


@pytest.mark.parametrize("version", range(1, len(migrations()) + 1))
def test_a_database_of_an_earlier_version_is_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "clinic.db"
    made = make_version(path, version)
    made.execute(
        "INSERT INTO call (id, sort_at, created_at, updated_at, status) VALUES (1,1,1,1,'')"
    )
    made.close()
    raw = open_database(path).raw()
    assert raw.pragma("user_version") == len(migrations())
    assert raw.execute("SELECT id FROM call").get == "1"
    raw.close()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("ALTER TABLE call ADD COLUMN tone TEXT", "call"),
        ("ALTER TABLE person DROP COLUMN single_keys", "person"),
        ("DROP INDEX call_list", "call_list"),
        ("DROP TABLE password_link", "password_link"),
        ("DROP TABLE call_search", "call_search"),
    ],
)
def test_a_database_of_between_two_versions_is_refused(
    tmp_path: Path, change: str, name: str
) -> None:
    path = tmp_path / "clinic.db"
    made = make_version(path, len(migrations()))
    made.execute(change).fetchall()
    made.close()
    before = path.read_bytes()
    for opening in (open_database, open_to_read):
        with pytest.raises(DatabaseRefused, match=f"its {name} is not that of its version"):
            opening(path)
    assert path.read_bytes() == before


def test_an_index_and_statistics_of_ones_own_are_no_matter(tmp_path: Path) -> None:
    made = make_version(tmp_path / "clinic.db", len(migrations()))
    made.execute("CREATE INDEX ours ON call (language); ANALYZE").fetchall()
    made.close()
    open_database(tmp_path / "clinic.db")
