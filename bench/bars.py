"""The bars that this project set itself, each beside what was measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.queries import FIRST_PAGE
from bench.stacks import DATASETTE, FASTAPI, IDIOMATIC, LIMIT, SERVICE

Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what, how high, what was measured, and whether that is enough (None: no bar)."""

    what: str
    bar: str
    measured: str
    passed: bool | None


def find_bars(results: Results) -> list[Bar]:
    """Give the bars that these results say something of."""
    return [bar for find in BARS for bar in find(results)]


def _first_page(results: Results) -> Iterator[Bar]:
    lists = results.get("lists", {})
    size = "100000" if "100000" in lists else max(lists, key=int, default=None)
    if size is None:
        return
    for query in lists[size]["queries"]:
        figures = query["figures"]["8"]
        ratio = figures[SERVICE]["per_second"] / figures[LIMIT]["per_second"]
        where = f"8 connections, {int(size):,} calls"
        if query["name"] == FIRST_PAGE:
            yield _at_least(f"first page against the limit, {where}", ratio, 0.8)
        elif query["group"] == "changing":
            what = f"{query['name']} against the limit, {where}"
            yield Bar(what, "no bar", f"{ratio:.2f} times", None)


def _stacks(results: Results) -> Iterator[Bar]:
    if "stacks" not in results:
        return
    calls, queries = results["stacks"]["calls"], results["stacks"]["queries"]
    for name, least in ((IDIOMATIC, 6), (FASTAPI, 4), (DATASETTE, 5)):
        ratios = {
            query: figures["8"][SERVICE]["per_second"] / figures["8"][name]["per_second"]
            for query, figures in queries.items()
        }
        worst = min(ratios, key=lambda query: ratios[query])
        what = f"five queries against {name}, 8 connections, {calls:,} calls"
        yield _at_least(what, ratios[worst], least, f"least: {worst}")


def _growth(results: Results) -> Iterator[Bar]:
    lists = results.get("lists", {})
    if len(lists) < 2:
        return
    least, most = min(lists, key=int), max(lists, key=int)
    small, large = _medians(lists[least]), _medians(lists[most])
    ratios = {name: large[name] / small[name] for name in small.keys() & large.keys()}
    worst = max(ratios, key=lambda name: ratios[name])
    what = f"every query but deep pages, {int(most):,} against {int(least):,} calls, repeated"
    yield _at_most(what, ratios[worst], 1.5, "times", f"most: {worst}")


def _medians(of_size: Results) -> dict[str, float]:
    return {
        query["name"]: query["figures"]["1"][SERVICE]["median_ms"]
        for query in of_size["queries"]
        # What is asked in turn is never the same query again.
        if query["group"] not in ("deep page", "changing")
    }


def _fresh(results: Results) -> Iterator[Bar]:
    fresh = results.get("fresh", {})
    if not fresh:
        return
    size = max(fresh, key=int)
    times = {name: ms for name, ms in _after_write(fresh[size]).items() if name not in DEEP}
    searches = {name: ms for name, ms in times.items() if name.startswith("q common, ")}
    others = {name: ms for name, ms in times.items() if name not in searches}
    for what, found, most in (
        ("every query but deep pages", others, 30),
        ("common words of q together with filters", searches, 80),
    ):
        worst = max(found, key=lambda name: found[name])
        what = f"{what}, the first time after a write, {int(size):,} calls"
        yield _at_most(what, found[worst], most, "ms", f"most: {worst}")


def _after_write(of_size: Results) -> dict[str, float]:
    return {name: times["after_write_ms"] for name, times in of_size.items()}


def _deep(results: Results) -> Iterator[Bar]:
    for how, by_size in (
        ("repeated", {size: _repeated(found) for size, found in results.get("lists", {}).items()}),
        (
            "the first time after a write",
            {size: _after_write(found) for size, found in results.get("fresh", {}).items()},
        ),
    ):
        if by_size:
            size = max(by_size, key=int)
            times, where = by_size[size], f"{int(size):,} calls, {how}"
            yield _at_most(f"middle page, {where}", times["middle page"], 10, "ms")
            ratio = times["last page"] / times[FIRST_PAGE]
            yield _at_most(f"last page against the first page, {where}", ratio, 3, "times")


def _repeated(of_size: Results) -> dict[str, float]:
    return {
        query["name"]: query["figures"]["1"][SERVICE]["median_ms"] for query in of_size["queries"]
    }


def _imports(results: Results) -> Iterator[Bar]:
    if "imports" not in results:
        return
    found = results["imports"]
    ratio = found["seconds"]["import"] / found["seconds"]["bare loader"]
    yield _at_most(f"import against a bare loader, {found['calls']:,} calls", ratio, 3, "times")
    if largest := found.get("largest"):
        ratio = largest["seconds"] / largest["bare_seconds"]
        what = f"the same, each once, {largest['calls']:,} calls"
        yield _at_most(what, ratio, 3, "times")
    peaks = {int(size): seen["peak_mb"] for size, seen in found["by_size"].items()}
    if len(peaks) > 1:
        least, most = min(peaks), max(peaks)
        what = f"memory of the import, {most:,} against {least:,} calls"
        detail = f"{peaks[most]:.0f} MB"
        yield _at_most(what, peaks[most] / peaks[least], 1.5, "times", detail)


def _writes(results: Results) -> Iterator[Bar]:
    if "writes" in results:
        found = results["writes"]["in_process"]
        ratio = found["post"]["median_ms"] / found["bare"]["median_ms"]
        yield _at_most("durable POST in-process against the bare transaction", ratio, 2, "times")


def _webhooks(results: Results) -> Iterator[Bar]:
    if "webhooks" in results:
        found = results["webhooks"]
        ratio = found["with"]["per_second"] / found["without"]["per_second"]
        what = f"first page while 100 webhooks a second arrive, {found['calls']:,} calls"
        detail = f"{found['webhooks']['per_second']:.0f} a second arrived"
        yield _at_least(what, ratio, 0.7, detail)


def _memory(results: Results) -> Iterator[Bar]:
    lists = results.get("lists", {})
    if lists:
        size = max(lists, key=int)
        peak_mb = lists[size]["memory"][SERVICE]["peak_mb"]
        yield _at_most(f"memory of the server at its most, {int(size):,} calls", peak_mb, 120, "MB")
    if "starts" in results:
        yield _at_most("import of the application", results["starts"]["import_s"], 0.5, "s")


def _sizes(results: Results) -> Iterator[Bar]:
    for name, found in results.get("sizes", {}).items():
        ratio = found["database"] / found["file"]
        if "transcripts" in name:
            what = f"the same with long transcripts, {found['calls']:,} calls"
            yield Bar(what, "no bar", f"{ratio:.2f} times", None)
        else:
            what = f"database against the calls' NDJSON, {found['calls']:,} calls"
            yield _at_most(what, ratio, 2.5, "times")


def _at_least(what: str, value: float, least: float, detail: str = "") -> Bar:
    measured = f"{value:.2f} times{f' ({detail})' if detail else ''}"
    return Bar(what, f"at least {least} times", measured, value >= least)


def _at_most(what: str, value: float, most: float, unit: str, detail: str = "") -> Bar:
    measured = f"{value:.2f} {unit}{f' ({detail})' if detail else ''}"
    return Bar(what, f"at most {most} {unit}", measured, value <= most)


DEEP = {"middle page", "last page"}
BARS: tuple[Callable[[Results], Iterator[Bar]], ...] = (
    _first_page,
    _stacks,
    _growth,
    _fresh,
    _deep,
    _imports,
    _writes,
    _webhooks,
    _memory,
    _sizes,
)
