"""Where lines break and how wide columns are: arithmetic on texts and a measure, without any drawing.

Chinese breaks between any two characters except before closing and after opening punctuation (避头尾); Latin words, numbers and
dates stay whole while they fit, and so do a few signs in brackets: a unit such as （小时） is not parted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from desktop.reports.content import Cell, Table, written

Width = Callable[[str], float]

_CLOSERS = frozenset("，。、；：？！）】》〉」』”’%％…·,.;:?!)]}〕")
_OPENERS = frozenset("（【《〈「『“‘¥￥([{〔#")
_WIDE = r"\u2e80-\uffff\u2018-\u201f\u2026\U00020000-\U0003ffff"
_PIECES = re.compile(rf"（[^（）\s]{{1,4}}）|[^\S\n]+|[{_WIDE}]|[^\s{_WIDE}]+")
_AFTER = re.compile(r"(?<=[-/_@])(?=\w)")


def _units(line: str) -> list[str]:
    """The pieces of a line that must not be broken, in order; together they are the line."""
    units: list[str] = []
    for piece in _PIECES.findall(line):
        head = units[-1] if units else ""
        glued = bool(head) and not head.isspace() and not piece.isspace() and (piece[0] in _CLOSERS or head[-1] in _OPENERS)
        if glued:
            units[-1] += piece
        else:
            units.append(piece)
    return units


def _smaller(unit: str, limit: float, width: Width) -> list[str]:
    """A unit that does not fit on one line, cut: after hyphens and slashes first, else between characters; each part as long as it can be."""
    if width(unit) <= limit:
        return [unit]
    parts: list[str] = []
    for part in _AFTER.split(unit):
        while part and width(part) > limit:
            cut = 1
            while cut < len(part) and width(part[: cut + 1]) <= limit:
                cut += 1
            parts.append(part[:cut])
            part = part[cut:]
        if part and parts and width(parts[-1] + part) <= limit:
            parts[-1] += part
        elif part:
            parts.append(part)
    return parts


def wrap(text: str, limit: float, width: Width) -> list[str]:
    """The lines of a text no wider than ``limit`` (a single character may be wider). Nothing but spaces at breaks is dropped."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if width(paragraph) <= limit:
            lines.append(paragraph)
            continue
        line = ""
        for unit in _units(paragraph):
            if width(line + unit) <= limit:
                line += unit
                continue
            if unit.isspace():
                lines.append(line)
                line = ""
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = ""
            *full, line = _smaller(unit, limit, width)
            for part in full:
                lines.append(part)
        lines.append(line.rstrip())
    return lines


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a table on a page: widths in points, type size, whether they needed the long side of the paper."""

    widths: tuple[float, ...]
    size: float
    squeezed: bool


def _longest(texts: Iterable[str]) -> str:
    return max(texts, key=len, default="")


def _widest_unit(texts: Sequence[str], width: Width) -> float:
    return max((width(unit) for text in texts for line in text.split("\n") for unit in _units(line)), default=0)


_SAMPLE = 2_000
_TEXT_CAP = 22  # ems: a text column longer than this is better wrapped


def natural(table: Table, fit: Callable[[str], str], width: Callable[[str, bool], float]) -> list[tuple[float, float]]:
    """For each column the least and the wished width of its text (width at the size ``width`` measures), without padding.

    Figures and dates are measured over all rows, for they must not break; text over the first 2 000.
    """
    spans: list[tuple[float, float]] = []
    em = width("国", False)

    def plain(text: str) -> float:
        return width(text, False)

    def bold(text: str) -> float:
        return width(text, True)

    for index, column in enumerate(table.columns):
        head = fit(column.head)
        total = [fit(written(table.total[index], column))] if table.total else []
        if column.kind == "text":
            sample: list[Cell] = [row[index] for row in table.rows[:_SAMPLE]]
            texts = sorted({fit(written(cell, column)) for cell in sample}, key=len)[-200:]
            least = max(_widest_unit(texts, plain), _widest_unit([*total, head], bold))
            wish = max([plain(line) for text in texts for line in text.split("\n")] + [bold(head)])
            least = min(least, 12 * em)
            wish = max(least, min(wish, _TEXT_CAP * em * max(column.weight, 1)))
        else:
            longest = fit(_longest(written(row[index], column) for row in table.rows if not isinstance(row[index], str)))
            told = {fit(cell) for row in table.rows[:_SAMPLE] if isinstance(cell := row[index], str)}
            least = max([plain(longest), *map(bold, total), _widest_unit([*told, head], bold)])
            wish = max(least, min(max([bold(head), *(plain(line) for text in told for line in text.split("\n"))]), 11 * em))
        if column.room:
            least = max(least, column.room * em)
            wish = max(least, wish)
        spans.append((least, wish))
    return spans


def share_out(spans: Sequence[tuple[float, float]], weights: Sequence[int], available: float) -> tuple[list[float], bool]:
    """Widths that come to ``available``: everyone their least, then the small wishes before the large, the rest by weight.

    The flag says that even the least widths did not fit and were scaled down.
    """
    least = [low for low, _ in spans]
    if sum(least) > available:
        return [available * low / sum(least) for low in least], True
    widths = list(least)
    spare = available - sum(widths)
    # A column that lacks little gets it before one that will wrap anyway takes all there is.
    open_ = sorted(range(len(spans)), key=lambda index: (spans[index][1] - spans[index][0], index))
    for place, index in enumerate(open_):
        low, high = spans[index]
        given = min(high - low, spare / (len(open_) - place))
        widths[index] += given
        spare -= given
    if spare > 0.01:
        total = sum(weights) or len(weights)
        widths = [width + spare * (weight if sum(weights) else 1) / total for width, weight in zip(widths, weights, strict=True)]
    return widths, False


def grid(spans: Sequence[tuple[float, float]], table: Table, available: float, size: float, padding: float) -> Grid:
    """The widths of a table's columns over ``available`` points; ``spans`` are measured at ``size``.

    A table that cannot keep its figures whole is set smaller, down to three quarters.
    """
    weights = [column.weight if column.kind == "text" else 0 for column in table.columns]
    widths: list[float] = []
    for percent in (100, 93, 86, 80, 75):
        scale = percent / 100
        padded = [(low * scale + 2 * padding, high * scale + 2 * padding) for low, high in spans]
        widths, squeezed = share_out(padded, weights, available)
        if not squeezed:
            return Grid(tuple(widths), size * percent / 100, percent < 100)
    return Grid(tuple(widths), size * 75 / 100, True)


def wishes(spans: Sequence[tuple[float, float]], padding: float) -> float:
    """How wide a table would like to be: decides whether the paper lies down."""
    return sum(high + 2 * padding for _, high in spans)
