"""How results are told: the bars that this project set itself, and tables in Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bench.turns import Bench, Figures

Results = dict[Any, Any]

HOW = (
    "Every contestant had the same data, on the same machine, in the same run, in turns; each"
    " figure is the median of its rounds. Requests a second, then the median and the 99th"
    " percentile in ms, then the server's time on the processor for each request in µs."
)
VERDICTS = {True: "met", False: "NOT MET", None: "not measured"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what, how high, what was measured, and whether that is enough (None: unknown)."""

    what: str
    bar: str
    measured: str
    passed: bool | None


class Section(Protocol):
    """A module of bench.measure: it measures, and tells what of it are bars and what tables."""

    def measure(self, bench: Bench) -> Results: ...

    def bars(self, found: Results) -> Iterator[Bar]: ...

    def tables(self, found: Results) -> Iterator[str]: ...


def at_least(what: str, value: float, least: float, detail: str = "") -> Bar:
    measured = f"{value:.2f} times{f' ({detail})' if detail else ''}"
    return Bar(what, f"at least {least} times", measured, value >= least)


def at_most(what: str, value: float, most: float, unit: str, detail: str = "") -> Bar:
    measured = f"{value:.2f} {unit}{f' ({detail})' if detail else ''}"
    return Bar(what, f"at most {most} {unit}", measured, value <= most)


def worst_at_most(what: str, values: Mapping[str, float], most: float, unit: str) -> Bar:
    """Give the bar that the largest of some values must keep."""
    worst = max(values, key=lambda name: values[name])
    return at_most(what, values[worst], most, unit, f"most: {worst}")


def to_markdown(results: Results, sections: Mapping[str, Section]) -> str:
    """Give the whole report."""
    parts = [_head(results)]
    if bars := bars_table(results, sections):
        parts += ["## The bars", bars]
    for name, section in sections.items():
        if name in results:
            parts += section.tables(results[name])
    return "\n\n".join(parts) + "\n"


def bars_table(results: Results, sections: Mapping[str, Section]) -> str:
    """Give the bars that were measured, each with what was found and whether it is met."""
    measured = [name for name in sections if name in results]
    bars = [bar for name in measured for bar in sections[name].bars(results[name])]
    rows = [(bar.what, bar.bar, bar.measured, VERDICTS[bar.passed]) for bar in bars]
    return table(("what", "bar", "measured", ""), rows) if rows else ""


def _head(results: Results) -> str:
    lines = [f"# Figures of the {results['plan']} benchmark", "", HOW, ""]
    lines += [f"- {name}: {text}" for name, text in results["machine"].items()]
    lines += [f"- took: {results['seconds'] / 60:.1f} minutes"]
    if busiest := _busiest(results):
        lines += [f"- the load generator was busy for at most {busiest:.0%} of the time"]
    return "\n".join(lines)


def _busiest(found: Any) -> float:
    """Give the greatest `busy` anywhere among results."""
    if not isinstance(found, dict):
        return 0.0
    return max([found.get("busy", 0.0), *map(_busiest, found.values())])


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


def figures_tables(title: str, queries: Mapping[str, Any]) -> Iterator[str]:
    """Give a table for each number of connections: a row for each query, a column for each asked.

    `queries` holds figures by query, connections and contestant.
    """
    yield f"## {title}"
    first = next(iter(queries.values()))
    for connections, asked in first.items():
        yield f"{connections} connection{'s' if connections > 1 else ''}:"
        rows = [
            (name, *(figures_text(found[connections][each]) for each in asked))
            for name, found in queries.items()
        ]
        yield table(("query", *asked), rows)


def figures_text(figures: Figures) -> str:
    numbers = f"{figures['median_ms']:6.2f} {figures['p99_ms']:6.2f} {figures['cpu_us']:6,.0f}"
    return f"{figures['per_second']:,.0f}/s {numbers}"
