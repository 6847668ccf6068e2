"""python -m bench: measure, and write the results as tables to bench/results/."""

import argparse
import contextlib
import fcntl
import sys
import time
from collections.abc import Iterator

import orjson

from bench import machine
from bench.data import BENCH, DATA, drop_stale
from bench.databases import COPY
from bench.measure import footprint, fresh, imports, lists, stacks, webhooks, writes
from bench.plan import FULL, QUICK, Plan
from bench.report import Results, Section, bars_table, to_markdown
from bench.servers import BenchFailed
from bench.turns import Bench, load_generator

RESULTS = BENCH / "results"
SECTIONS: dict[str, Section] = {
    "stacks": stacks,
    "lists": lists,
    "fresh": fresh,
    "webhooks": webhooks,
    "writes": writes,
    "imports": imports,
    "footprint": footprint,
}


def main() -> int:
    options = _options()
    wanted = options.only or list(SECTIONS)
    plan = QUICK if options.quick else FULL
    if options.sizes:
        plan = plan.within(tuple(sorted(options.sizes)))
    complete = wanted == list(SECTIONS) and not options.sizes
    try:
        with alone():
            results = run(plan, wanted)
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    write(results, plan.name if complete else "partial")
    print(f"{to_markdown(results, SECTIONS)}\nThe bars once more:\n")
    print(bars_table(results, SECTIONS))
    return 0


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the data for this run. Raises BenchFailed where another run does: both would disturb."""
    DATA.mkdir(exist_ok=True)
    with (DATA / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchFailed("another run is under way on this data.") from None
        # What a run that was killed has left behind.
        drop_stale(f"{COPY}*")
        yield


def run(plan: Plan, wanted: list[str]) -> Results:
    """Give the results of these sections, each under its name. Raises BenchFailed."""
    results: Results = {"plan": plan.name, "machine": machine.describe()}
    with load_generator() as generator:
        bench = Bench(plan, generator)
        for name in wanted:
            results[name] = SECTIONS[name].measure(bench)
    return results | {"seconds": time.monotonic() - bench.began}


def write(results: Results, name: str) -> None:
    """Keep the results as JSON and as tables; a part of a run replaces no whole one."""
    RESULTS.mkdir(exist_ok=True)
    as_json = orjson.dumps(results, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    (RESULTS / f"{name}.json").write_bytes(as_json)
    (RESULTS / f"{name}.md").write_text(to_markdown(results, SECTIONS), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about 3 minutes instead of 15")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="some sections alone")
    parser.add_argument("--sizes", nargs="+", type=int, help="numbers of calls")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
