"""Datasette's JSON API, at its best settings, and the paths under which it gives the same pages.

    python -m bench.contestants.datasette_stack DATABASE PORT
"""

import sys
from urllib.parse import urlencode

import uvicorn
from datasette.app import Datasette
from datasette.database import Database

SETTINGS = {"suggest_facets": False, "allow_facet": False, "default_page_size": 50, "cache_size_kb": 16_000}

import json
COLS="id, org_id, created_at, assistant_id, phone_number_id, type, started_at, ended_at, summary, customer_number, status, category, duration_min, patient_id, language, sessions_scheduled"
META={"databases":{"clinic":{"queries":{"first":{"sql":f"select {COLS} from call order by sort_at desc, id desc limit 50"}}}}}

def main() -> None:
    datasette = Datasette(settings=SETTINGS, metadata=META)
    datasette.add_database(Database(datasette, path=sys.argv[1], is_mutable=False), name="clinic")
    uvicorn.run(datasette.app(), port=int(sys.argv[2]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
