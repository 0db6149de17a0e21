"""Records sorted into rows of a line of time: a lane an instrument, as many rows in it as records overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from desktop.actions.record_timeline import Span
from desktop.actions.sensor_picture import Stretch, Stretches
from desktop.ui import texts, theme
from desktop.words import tr

BAR, GAP = 14, 4
SEEN = 8


class Lane(NamedTuple):
    """The records of one instrument; ``tracks`` are their rows inside the lane, ``top`` and ``height`` pixels; ``seen`` what its sensors saw."""

    asset_number: str
    name: str
    spans: tuple[Span, ...]
    tracks: tuple[int, ...]
    top: int
    height: int
    seen: tuple[Stretch, ...] = ()


def lanes_of(spans: Sequence[Span], seen: Mapping[str, Sequence[Stretch]] | None = None) -> list[Lane]:
    """A lane for each instrument, in the order of the spans; heights in pixels at the size in use.

    ``seen``: asset number -> what its sensors saw; such a lane has a narrow row for it under its records.
    """
    made: list[Lane] = []
    top = 0
    by_instrument: dict[str, list[Span]] = {}
    for span in spans:
        by_instrument.setdefault(span.asset_number, []).append(span)
    for asset_number, own in by_instrument.items():
        placed = tracks(own)
        under = tuple((seen or {}).get(asset_number, ()))
        height = theme.px(2 * GAP + (BAR + GAP) * (max(placed) + 1) + (SEEN + GAP if under else 0))
        made.append(Lane(asset_number, own[0].instrument, tuple(own), placed, top, height, under))
        top += height
    return made


def tracks(spans: Sequence[Span]) -> tuple[int, ...]:
    """The row of each span (sorted by start) so that no two in a row overlap."""
    ends: list[datetime] = []
    placed = []
    for span in spans:
        row = next((n for n, end in enumerate(ends) if end <= span.started_at), len(ends))
        ends[row:] = [span.ended_at, *ends[row + 1 :]]
        placed.append(row)
    return tuple(placed)


def span_words(span: Span) -> str:
    """One record in words, for a tooltip and for a screen reader."""
    state = texts.state(span.state, "record.state").text
    told = [span.number, state, texts.visible(span.instrument), texts.visible(span.customer)]
    told.append(tr("{a} 至 {b}", a=f"{span.started_at:%Y-%m-%d %H:%M}", b=f"{span.ended_at:%Y-%m-%d %H:%M}"))
    if span.n_problems:
        told.append(tr("{n} 个问题待补", n=span.n_problems))
    return " · ".join(part for part in told if part)


def stretch_words(one: Stretch) -> str:
    """What a sensor saw, in words, for a tooltip."""
    band = tr("传感器实测工作") if one.band == "working" else tr("传感器实测待机")
    return " · ".join((band, tr("{a} 至 {b}", a=f"{one.started_at:%Y-%m-%d %H:%M}", b=f"{one.ended_at:%Y-%m-%d %H:%M}")))


def left_words(found: Stretches) -> str:
    """How much of what sensors saw is not drawn; "" when all of it is."""
    if not found.n_left:
        return ""
    return tr("传感器实测太多，{m} 台仪器的 {n} 段没有画出，请缩短期间。", m=f"{found.n_sets_left:,}", n=f"{found.n_left:,}")
