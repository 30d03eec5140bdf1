"""The reports' pictures: SVG that the server draws, for a screen, a phone and paper alike.

Each picture carries its own title and description; its numbers stand beside it as a table, made
from the same bars. Colours are attributes, so that paper needs no style sheet; on a page the
classes give them the theme's colours. What is late is hatched: it shows without any colour, too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe

from accounts_requests import words
from accounts_requests.figures import Figures, StepFigures
from accounts_requests.finished_runs import Measure

WIDTH = 360
_LEFT, _RIGHT, _TOP, _PLOT, _FOOT = 30, 8, 36, 120, 34
_ON_TIME, _LATE, _LINE, _INK = "#0f4f55", "#8c2c1a", "#9aa19d", "#2a2d2b"
_FONT = "Liberation Sans, Segoe UI, Arial, sans-serif"

_Box = tuple[float, float, float, float]

_MOST_BARS = 14
# The widths that a bar may have; the widest holds any wait that somebody will ever print.
_MINUTES = (1, 2, 5, 10, 15, 30, *(60 << doubled for doubled in range(14)))
_DAYS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: what its foot says, what the table says, and the counts stacked in it."""

    foot: str
    label: str
    on_time: int
    late: int

    @property
    def height(self) -> int:
        """How many in all."""
        return self.on_time + self.late

    @property
    def said(self) -> str:
        """``sampai 10 menit 3 pelaksanaan, 1 di antaranya melewati batas waktu``."""
        late = f", {self.late} di antaranya melewati batas waktu" if self.late else ""
        return f"{self.label} {self.height} pelaksanaan{late}"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An SVG with the bars that it draws; ``heads`` are the titles of the table's columns."""

    title: str
    svg: SafeString
    bars: Sequence[Bar]
    first_head: str
    description: str

    @property
    def told(self) -> SafeString:
        """The SVG for paper, with all that it shows in its title: a listener has nothing else."""
        bars = "; ".join(bar.said for bar in self.bars if bar.height)
        said = f". {self.description}{f' Rincian: {bars}.' if bars else ''}"
        return mark_safe(self.svg.replace("</title>", f"{escape(said)}</title>", 1))


def of(figures: Figures) -> list[tuple[StepFigures, list[Picture]]]:
    """For each step how long it took and, where it has a limit, how it went month by month."""
    drawn = []
    for step in figures.steps:
        pictures = [distribution(step)]
        if step.limited and len(figures.months) > 1:
            months = [(month.label, month.steps[step.key]) for month in figures.months]
            pictures.append(monthly(step, months))
        drawn.append((step, pictures))
    return drawn


def monthly(step: StepFigures, months: Sequence[tuple[str, tuple[int, int]]]) -> Picture:
    """Month by month how many runs of a step kept their limit and how many did not.

    ``months`` are (label, (on time, late)) in order.
    """
    bars = [
        Bar(foot=label, label=label, on_time=on_time, late=late)
        for label, (on_time, late) in months
    ]
    title = f"Langkah {step.number} per bulan"
    total = sum(bar.height for bar in bars)
    late = sum(bar.late for bar in bars)
    description = (
        f"{total} pelaksanaan dengan batas waktu, {late} di antaranya melewati batas waktu."
    )
    return Picture(
        title=title,
        svg=_draw(f"bulan-{step.key}", title, description, bars),
        bars=bars,
        first_head="Bulan",
        description=description,
    )


def distribution(step: StepFigures) -> Picture:
    """How long the runs of a step took, in bars of equal width, with the limit drawn in.

    A bar holds what took longer than its lower edge and no longer than its upper one; the last one
    holds all that took longer still, where a few would make the others too small to read.
    """
    width, count, rest = _bins(step)
    held: Counter[tuple[int, bool]] = Counter()
    for run in step.runs:
        held[min(max(0, -(-run.value // width) - 1), count - 1), bool(run.late)] += 1
    bars = [
        Bar(
            foot=_edge(index * width, step.measure),
            label=_span(index, width, step.measure, is_rest=rest and index == count - 1),
            on_time=held[index, False],
            late=held[index, True],
        )
        for index in range(count)
    ]
    unit = "hari" if step.measure is Measure.DAYS else "menit"
    title = f"Lama langkah {step.number} ({unit})"
    description = (
        f"Sebaran lama {len(step.runs)} pelaksanaan dalam {unit}; median {step.median.said()}, "
        f"terlama {step.worst.said()}, batas waktu {step.limit_words}."
    )
    lines = [
        (limit / width, f"batas {_edge(limit, step.measure)}")
        for limit in step.limits
        if limit <= count * width
    ]
    return Picture(
        title=title,
        svg=_draw(f"lama-{step.key}", title, description, bars, lines=lines[:3], edges=True),
        bars=bars,
        first_head="Lama",
        description=description,
    )


# -- bins ---------------------------------------------------------------------------------------


def _bins(step: StepFigures) -> tuple[int, int, bool]:
    """The width of a bar, how many there are, and whether the last one holds all the rest.

    A single limit lies on an edge. Nothing beyond three limits gets a bar of its own.
    """
    least = min(step.limits, default=0)
    most = max((run.value for run in step.runs), default=0)
    reach = max(most, *step.limits, 1) if step.limits else max(most, 1)
    if step.limits:
        reach = min(reach, 3 * step.limits[-1])
    if step.measure is Measure.DAYS:
        widths = [*_DAYS]
    else:
        widths = [minutes * words.MINUTE for minutes in _MINUTES]
    fitting = [width for width in widths if -(-reach // width) <= _MOST_BARS] or widths[-1:]
    width = next((one for one in fitting if least and least % one == 0), fitting[0])
    count = max(1, -(-reach // width))
    rest = most > count * width
    return width, count + rest, rest


def _edge(value: int, measure: Measure) -> str:
    return str(value if measure is Measure.DAYS else value // words.MINUTE)


def _span(index: int, width: int, measure: Measure, *, is_rest: bool) -> str:
    unit = "hari" if measure is Measure.DAYS else "menit"
    low, high = _edge(index * width, measure), _edge((index + 1) * width, measure)
    if is_rest:
        return f"lebih dari {low} {unit}"
    if index == 0:
        return f"sampai {high} {unit}"
    return f"lebih dari {low} sampai {high} {unit}"


# -- drawing ------------------------------------------------------------------------------------


def _draw(
    name: str,
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    lines: Sequence[tuple[float, str]] = (),
    edges: bool = False,
) -> SafeString:
    """Bars side by side; ``lines`` are upright, at so many bar widths from the left.

    With ``edges`` a bar's foot is written below its left edge, otherwise below its middle. Every
    text goes through the XML writer, which escapes it.
    """
    height = _TOP + _PLOT + _FOOT
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "width": str(WIDTH),
            "height": str(height),
            "role": "img",
            "aria-labelledby": f"{name}-judul {name}-uraian",
            "class": "picture",
            "font-family": _FONT,
            "font-size": "10",
        },
    )
    ET.SubElement(svg, "title", {"id": f"{name}-judul"}).text = title
    ET.SubElement(svg, "desc", {"id": f"{name}-uraian"}).text = description
    _hatching(svg, name)
    top = max((bar.height for bar in bars), default=0) or 1
    wide = (WIDTH - _LEFT - _RIGHT) / max(1, len(bars))
    foot = _TOP + _PLOT
    for value in sorted({0, -(-top // 2), top}):
        y = foot - _PLOT * value / top
        _line(svg, (_LEFT, y, WIDTH - _RIGHT, y), "picture-grid", _LINE, width="0.5")
        _text(svg, _LEFT - 4, y + 3.5, str(value), anchor="end")
    for index, bar in enumerate(bars):
        x = _LEFT + index * wide
        tall, late = _PLOT * bar.on_time / top, _PLOT * bar.late / top
        inner = min(wide * 0.8, 40)
        left = x + (wide - inner) / 2
        if bar.on_time:
            _rect(svg, (left, foot - tall, inner, tall), "picture-on-time", _ON_TIME)
        if bar.late:
            fill = f"url(#{name}-arsir)"
            box = (left, foot - tall - late, inner, late)
            rect = _rect(svg, box, "picture-late", fill)
            rect.set("stroke", _LATE)
        if bar.height:
            _text(svg, x + wide / 2, foot - tall - late - 3, str(bar.height))
        _text(svg, x if edges else x + wide / 2, foot + 13, bar.foot)
    for at, label in lines:
        x = _LEFT + at * wide
        line = _line(svg, (x, _TOP - 28, x, foot), "picture-limit", _INK, width="1.5")
        line.set("stroke-dasharray", "5 3")
        before = x > WIDTH - 70
        _text(
            svg, x - 4 if before else x + 4, _TOP - 20, label, anchor="end" if before else "start"
        )
    _legend(svg, name, height)
    return mark_safe(ET.tostring(svg, encoding="unicode"))


def _legend(svg: ET.Element, name: str, height: int) -> None:
    y = height - 12
    _rect(svg, (_LEFT, y, 9, 9), "picture-on-time", _ON_TIME)
    _text(svg, _LEFT + 13, y + 8, "tepat waktu atau tanpa batas", anchor="start")
    late = _rect(svg, (_LEFT + 165, y, 9, 9), "picture-late", f"url(#{name}-arsir)")
    late.set("stroke", _LATE)
    _text(svg, _LEFT + 178, y + 8, "melewati batas waktu", anchor="start")


def _hatching(svg: ET.Element, name: str) -> None:
    pattern = ET.SubElement(
        ET.SubElement(svg, "defs"),
        "pattern",
        {
            "id": f"{name}-arsir",
            "width": "5",
            "height": "5",
            "patternUnits": "userSpaceOnUse",
            "patternTransform": "rotate(45)",
        },
    )
    _line(pattern, (0, 0, 0, 5), "picture-hatch", _LATE, width="3.5")


def _rect(svg: ET.Element, box: _Box, kind: str, fill: str) -> ET.Element:
    """A rectangle: left, top, width and height."""
    given = dict(zip(("x", "y", "width", "height"), map(_number, box), strict=True))
    return ET.SubElement(svg, "rect", {**given, "class": kind, "fill": fill})


def _line(svg: ET.Element, ends: _Box, kind: str, stroke: str, *, width: str) -> ET.Element:
    """A line from its first end to its second."""
    given = dict(zip(("x1", "y1", "x2", "y2"), map(_number, ends), strict=True))
    look = {"class": kind, "stroke": stroke, "stroke-width": width}
    return ET.SubElement(svg, "line", {**given, **look})


def _number(value: float) -> str:
    return f"{value:.2f}"


def _text(svg: ET.Element, x: float, y: float, text: str, *, anchor: str = "middle") -> None:
    ET.SubElement(
        svg,
        "text",
        {
            "x": _number(x),
            "y": _number(y),
            "text-anchor": anchor,
            "class": "picture-text",
            "fill": _INK,
        },
    ).text = text
