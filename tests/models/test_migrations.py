"""Databases of before the first release, which are refused."""

from pathlib import Path

import apsw
import pytest

from app.models.opening import APPLICATION_ID, DatabaseRefused, open_database


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
