"""python -m bench: measure, and write the results as a table and a chart to bench/results/."""

import argparse
import contextlib
import fcntl
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson

from bench import machine
from bench.bars import find_bars
from bench.bench import Bench
from bench.chart import to_svg
from bench.data import BENCH, DATA
from bench.measure import (
    fresh,
    generator,
    imports,
    lists,
    sizes,
    stacks,
    starts,
    webhooks,
    writes,
)
from bench.plan import FULL, QUICK, Plan
from bench.report import bars_table, to_markdown
from bench.servers import BenchFailed
from bench.turns import Generator

RESULTS = BENCH / "results"
SECTIONS: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "generator": generator.measure,
    "starts": starts.measure,
    "stacks": stacks.measure,
    "lists": lists.measure,
    "fresh": fresh.measure,
    "webhooks": webhooks.measure,
    "writes": writes.measure,
    "imports": imports.measure,
    "sizes": sizes.measure,
}


def main() -> int:
    options = _options()
    if options.clean:
        shutil.rmtree(DATA, ignore_errors=True)
        return 0
    wanted = options.only or list(SECTIONS)
    plan = _plan(options)
    complete = wanted == list(SECTIONS) and not options.sizes
    try:
        with alone():
            results = run(plan, wanted)
    except BenchFailed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    write(results, plan.name if complete else "partial")
    print(to_markdown(results))
    if find_bars(results):
        print(f"The bars once more:\n\n{bars_table(results)}")
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
        yield


def run(plan: Plan, wanted: list[str]) -> dict[str, Any]:
    """Give the results of these sections, each under its name. Raises BenchFailed."""
    results: dict[str, Any] = {"plan": plan.name, "machine": machine.describe()}
    with Generator() as load_generator:
        bench = Bench(plan, load_generator)
        for name in wanted:
            results[name] = SECTIONS[name](bench)
    return results | {"seconds": time.monotonic() - bench.began}


def write(results: dict[str, Any], name: str) -> None:
    """Keep the results as JSON, table and chart; a part of a run replaces no whole one."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    (RESULTS / f"{name}.md").write_text(to_markdown(results), encoding="utf-8")
    (RESULTS / f"{name}.svg").write_text(to_svg(results), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about 2 minutes instead of 15")
    parser.add_argument("--only", type=_sections, help=f"some of: {','.join(SECTIONS)}")
    parser.add_argument("--sizes", type=_sizes, help="numbers of calls, such as 10000,100000")
    parser.add_argument("--clean", action="store_true", help="only remove bench/data/")
    return parser.parse_args()


def _sections(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - SECTIONS.keys():
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}")
    return names


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(part.replace("_", "")) for part in text.split(",")}))


def _plan(options: argparse.Namespace) -> Plan:
    """Give the plan; with sizes of one's own, nothing is measured at a larger one."""
    plan = QUICK if options.quick else FULL
    if not options.sizes:
        return plan
    most = max(options.sizes)
    return replace(
        plan,
        sizes=options.sizes,
        middle_size=min(plan.middle_size, most),
        import_size=min(plan.import_size, most),
        transcript_size=min(plan.transcript_size, most),
    )


if __name__ == "__main__":
    sys.exit(main())
