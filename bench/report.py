"""The results as text: tables in Markdown that can also be read as they are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bench.bars import Results, find_bars
from bench.stacks import LIMIT, SERVICE

HOW = (
    "Every contestant had the same data, on the same machine, in the same run, in turns; each"
    " figure is the median of its rounds. Requests a second, then the median and the 99th"
    " percentile in ms."
)


def to_markdown(results: Results) -> str:
    """Give the whole report."""
    sections = [_head(results), *(find(results) for find in SECTIONS)]
    return "\n\n".join(section for section in sections if section) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table whose columns are as wide as their cells; numbers stand to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    cells = (
        [line[0].ljust(widths[0])]
        + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        for line in [lines[0], rule, *lines[1:]]
    )
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def bars_table(results: Results) -> str:
    """Give the bars, each with what was measured and whether it is met."""
    verdicts = {True: "met", False: "NOT MET", None: ""}
    rows = ((bar.what, bar.bar, bar.measured, verdicts[bar.passed]) for bar in find_bars(results))
    return table(("what", "bar", "measured", ""), rows)


def _head(results: Results) -> str:
    machine = results["machine"]
    lines = [f"# Figures of the {results['plan']} benchmark", "", HOW, ""]
    lines += [f"- {name}: {text}" for name, text in machine.items()]
    lines += [f"- took: {results['seconds'] / 60:.1f} minutes"]
    if "generator" in results:
        alone = results["generator"]
        speeds = " and ".join(f"{alone[number]['per_second']:,.0f}" for number in ("1", "8"))
        lines += [
            f"- load generator: {speeds} requests a second with 1 and 8 connections against a"
            f" server that only sends {alone['body_bytes']:,} ready bytes"
        ]
    if busiest := _busiest([results.get("lists"), results.get("stacks")]):
        lines += [f"- it was busy for at most {busiest:.0%} of the time while it measured"]
    return "\n".join(lines)


def _busiest(found: Any) -> float:
    """Give the greatest `busy` anywhere among results."""
    if isinstance(found, dict):
        own = found.get("busy", 0.0)
        return max([own, *(_busiest(value) for value in found.values())])
    return max(map(_busiest, found), default=0.0) if isinstance(found, list) else 0.0


def _bars(results: Results) -> str:
    return f"## The bars\n\n{bars_table(results)}" if find_bars(results) else ""


def _stacks(results: Results) -> str:
    if "stacks" not in results:
        return ""
    found = results["stacks"]
    names = list(next(iter(found["queries"].values()))["8"])
    parts = [f"## Five stacks, {found['calls']:,} calls"]
    for connections in ("1", "8"):
        rows = [
            (query, *(_figures(figures[connections][name]) for name in names))
            for query, figures in found["queries"].items()
        ]
        parts.append(_caption(connections))
        parts.append(table(("query", *names), rows))
    rows = [
        (query, *(f"{figures['8'][name]['cpu_us']:,.0f}" for name in names))
        for query, figures in found["queries"].items()
    ]
    parts.append("The server's time on the processor for each of these requests, in µs:")
    parts.append(table(("query", *names), rows))
    return "\n\n".join(parts)


def _caption(connections: str) -> str:
    return f"{connections} connection{'s' if connections != '1' else ''}:"


def _lists(results: Results) -> str:
    parts = []
    for size, found in results.get("lists", {}).items():
        parts.append(f"## Every query, {int(size):,} calls")
        parts.append(table(LIST_HEAD, [list(_list_row(query)) for query in found["queries"]]))
    return "\n\n".join(parts)


LIST_HEAD = (
    *("query", f"{SERVICE}, 1 connection", LIMIT, "ratio"),
    *(f"{SERVICE}, 8 connections", LIMIT, "ratio"),
)


def _list_row(query: dict[str, Any]) -> Iterator[str]:
    yield query["name"]
    for connections in ("1", "8"):
        ours, limit = (query["figures"][connections][name] for name in (SERVICE, LIMIT))
        yield _figures(ours)
        yield _figures(limit)
        yield f"{ours['per_second'] / limit['per_second']:.2f}"


def _figures(figures: dict[str, float]) -> str:
    return f"{figures['per_second']:,.0f}/s {figures['median_ms']:6.2f} {figures['p99_ms']:6.2f}"


def _fresh(results: Results) -> str:
    fresh = results.get("fresh")
    if not fresh:
        return ""
    names = next(iter(fresh.values()))
    head = ("query", *(f"{int(size):,} calls" for size in fresh))
    parts = []
    for key, title in (
        ("after_write_ms", "The first request after a write, median in ms"),
        ("first_ms", "The very first request since the start of the server, once, in ms"),
    ):
        rows = [(name, *(f"{fresh[size][name][key]:.2f}" for size in fresh)) for name in names]
        parts += [f"## {title}", table(head, rows)]
    return "\n\n".join(parts)


def _rest(results: Results) -> str:
    rows = [*_start_rows(results), *_memory_rows(results), *_import_rows(results)]
    rows += [*_size_rows(results), *_write_rows(results)]
    return f"## What else was measured\n\n{table(('what', 'figure'), rows)}" if rows else ""


def _start_rows(results: Results) -> Iterator[tuple[str, str]]:
    if "starts" in results:
        yield "import of the application", f"{results['starts']['import_s']:.2f} s"
        for name, seconds in results["starts"]["start_s"].items():
            yield f"start of {name} to its first answer", f"{seconds:.2f} s"


def _memory_rows(results: Results) -> Iterator[tuple[str, str]]:
    for size, found in results.get("lists", {}).items():
        for name, memory in found["memory"].items():
            what = f"memory of {name} after every query, {int(size):,} calls"
            yield what, f"{memory['rss_mb']:.0f} MB"
    for name, peak_mb in results.get("stacks", {}).get("peak_mb", {}).items():
        yield f"memory of {name} after the five queries", f"{peak_mb:.0f} MB"


def _import_rows(results: Results) -> Iterator[tuple[str, str]]:
    if "imports" in results:
        found = results["imports"]
        for name, seconds in found["seconds"].items():
            figure = f"{seconds:.1f} s, {found['peak_mb'][name]:.0f} MB"
            yield f"{name} of {found['calls']:,} calls", figure
        if "largest" in found:
            largest = found["largest"]
            yield f"bare loader of {largest['calls']:,} calls", f"{largest['bare_seconds']:.1f} s"
        for size, seen in found["by_size"].items():
            figure = f"{seen['seconds']:.1f} s, {seen['peak_mb']:.0f} MB"
            yield f"import of {int(size):,} calls, when its database was made", figure


def _size_rows(results: Results) -> Iterator[tuple[str, str]]:
    for found in results.get("sizes", {}).values():
        figure = f"{found['database'] / 1e6:,.0f} MB from {found['file'] / 1e6:,.0f} MB"
        yield f"database of {found['calls']:,} calls", figure


def _write_rows(results: Results) -> Iterator[tuple[str, str]]:
    if "writes" in results:
        for connections, found in results["writes"]["http"].items():
            yield f"durable POSTs over HTTP, {_caption(connections)[:-1]}", _figures(found)
        for name, found in results["writes"]["in_process"].items():
            what = {"post": "durable POST in-process", "bare": "the bare transaction"}[name]
            yield f"{what}, median and 99 %", f"{found['median_ms']:.2f} {found['p99_ms']:.2f} ms"
    if "webhooks" in results:
        found = results["webhooks"]
        yield "first page, 8 connections, no webhooks", _figures(found["without"])
        yield "first page, 8 connections, 100 webhooks a second", _figures(found["with"])
        yield "the webhooks meanwhile", _figures(found["webhooks"])


SECTIONS = (_bars, _stacks, _lists, _fresh, _rest)
