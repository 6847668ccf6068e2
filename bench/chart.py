"""The results as a picture: an SVG written by hand."""

from html import escape
from math import ceil, floor, log10

from bench.bars import Results

WIDTH = 900
LEFT = 260
RIGHT = 80
ROW = 16
INK, FAINT = "#22262b", "#d9dce0"
STACK_COLORS = ("#1b7f5c", "#9aa0a8", "#d0812b", "#3d6fb6", "#8f5aa8", "#c69ad9")
SIZE_COLORS = ("#a9cdbf", "#4d9f80", "#0c5a3e")
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
 font-family="system-ui, sans-serif" font-size="12" fill="{ink}">
<title>{title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
{parts}
</svg>
"""


def to_svg(results: Results) -> str:
    """Give the chart: requests a second by stack, then the time after a write by size."""
    drawing = Drawing()
    if "stacks" in results:
        _draw_stacks(drawing, results["stacks"])
    if results.get("fresh"):
        _draw_fresh(drawing, results["fresh"])
    return FRAME.format(
        width=WIDTH,
        height=drawing.y + 10,
        ink=INK,
        title=f"Figures of the {results['plan']} benchmark",
        parts="\n".join(drawing.parts),
    )


class Drawing:
    """Shapes from top to bottom; `y` is where the next row goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 10

    def text(self, x: float, text: str, anchor: str = "start", size: int = 12) -> None:
        """Write a text whose middle is as high as that of the current row."""
        at = f'x="{x:.1f}" y="{self.y + ROW * 0.75:.1f}"'
        style = f'text-anchor="{anchor}" font-size="{size}"'
        self.parts.append(f"<text {at} {style}>{escape(text)}</text>")

    def bar(self, width: float, color: str) -> None:
        at = f'x="{LEFT}" y="{self.y + 2}"'
        size = f'width="{width:.1f}" height="{ROW - 3}"'
        self.parts.append(f'<rect {at} {size} fill="{color}"/>')

    def dot(self, x: float, color: str) -> None:
        at = f'cx="{x:.1f}" cy="{self.y + ROW / 2}"'
        self.parts.append(f'<circle {at} r="4.5" fill="{color}"/>')

    def line(self, x: float, height: float) -> None:
        ends = f'x1="{x:.1f}" x2="{x:.1f}" y1="{self.y}" y2="{self.y + height}"'
        self.parts.append(f'<line {ends} stroke="{FAINT}"/>')

    def heading(self, text: str) -> None:
        self.y += ROW
        self.text(20, text, size=15)
        self.y += int(ROW * 1.6)

    def legend(self, names: list[str], colors: tuple[str, ...]) -> None:
        x = 20.0
        for name, color in zip(names, colors, strict=False):
            self.dot(x + 5, color)
            self.text(x + 14, name)
            x += 30 + 6.6 * len(name)
        self.y += int(ROW * 1.5)


def _draw_stacks(drawing: Drawing, stacks: Results) -> None:
    names = list(next(iter(stacks["queries"].values()))["8"])
    most = max(
        figures["8"][name]["per_second"] for figures in stacks["queries"].values() for name in names
    )
    drawing.heading(f"Requests a second, 8 connections, {stacks['calls']:,} calls")
    drawing.legend(names, STACK_COLORS)
    for query, figures in stacks["queries"].items():
        for number, (name, color) in enumerate(zip(names, STACK_COLORS, strict=True)):
            per_second = figures["8"][name]["per_second"]
            width = (WIDTH - LEFT - RIGHT) * per_second / most
            if number == 0:
                drawing.text(LEFT - 10, query, "end")
            drawing.bar(width, color)
            drawing.text(LEFT + width + 6, f"{per_second:,.0f}", size=11)
            drawing.y += ROW
        drawing.y += ROW // 2


def _draw_fresh(drawing: Drawing, fresh: Results) -> None:
    times = [found["after_write_ms"] for of_size in fresh.values() for found in of_size.values()]
    low, high = floor(log10(min(times))), ceil(log10(max(times)))

    def place(ms: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (log10(ms) - low) / max(1, high - low)

    queries = list(next(iter(fresh.values())))
    drawing.heading("The first request after a write, median in ms")
    drawing.legend([f"{int(size):,} calls" for size in fresh], SIZE_COLORS)
    for power in range(low, high + 1):
        drawing.text(place(10.0**power), f"{10.0**power:g} ms", "middle", 11)
    drawing.y += ROW
    for power in range(low, high + 1):
        drawing.line(place(10.0**power), ROW * len(queries))
    for query in queries:
        drawing.text(LEFT - 10, query, "end")
        for size, color in zip(fresh, SIZE_COLORS, strict=False):
            drawing.dot(place(fresh[size][query]["after_write_ms"]), color)
        drawing.y += ROW
