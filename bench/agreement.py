"""That all contestants give the same pages: no figure counts for an answer that is another."""

from collections.abc import Mapping
from typing import Any

import orjson

from bench.servers import BenchFailed, fetch
from bench.turns import Target


def check_agreement(query_name: str, targets: Mapping[str, Target]) -> None:
    """Ask each target once. Raises BenchFailed where ids or totals differ."""
    answers = {name: _read(target) for name, target in targets.items()}
    (first, (ids, total)), *others = answers.items()
    for name, (other_ids, other_total) in others:
        if other_ids != ids:
            raise BenchFailed(f"{query_name}: {first} and {name} list different calls.")
        if None not in (total, other_total) and total != other_total:
            raise BenchFailed(
                f"{query_name}: {first} counts {total} calls and {name} {other_total}."
            )


def _read(target: Target) -> tuple[list[str], int | None]:
    """Give the ids of a page and, where the contestant counts them, the total."""
    answer: Any = orjson.loads(fetch(target.server, target.paths[0]))
    if isinstance(answer, list):
        return [call["id"] for call in answer], None
    total = answer.get("pagination", {}).get("total")
    return [call["id"] for call in answer["data"]], total
