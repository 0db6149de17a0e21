"""What a report says, as plain data, before anyone decides how it looks.

A report function turns facts and figures into one ``Content``; ``pdf`` and ``xlsx`` put it on paper and into cells, ``plain``
into text. Words are already in the language in use. Nothing here knows paper, and nothing here computes policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from desktop.ledger import money
from desktop.ledger.problem import Problem
from desktop.rules.figure import Figure
from desktop.words import tr

Kind = Literal["text", "money", "number", "ratio", "minutes", "date"]
Align = Literal["left", "center", "right"]
Orientation = Literal["auto", "portrait", "landscape"]
Cell = str | int | Decimal | date | None

_ALIGN: dict[Kind, Align] = {
    "text": "left", "money": "right", "number": "right", "ratio": "right", "minutes": "right", "date": "center",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every report carries beside its subject.

    ``as_of`` is the day the figures stand for; ``ledger_head`` the journal's head hash (hex) and ``parameters_hash`` the hash of
    the rule parameters in force, so that paper is a witness; ``sources`` name the documents the rules come from; ``anchored`` says in
    words who has signed which head of the same chain, and when.
    """

    institution: str
    as_of: date
    ledger_head: str
    parameters_hash: str
    sources: tuple[str, ...] = ()
    anchored: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``money`` cells are int fen, ``minutes`` int minutes shown as hours, ``ratio`` Decimal shown as per cent.

    A cell of any column may be a str, shown as it is (a band, a blank to sign in), or None: unknown, and shown as such.
    ``weight`` says how much of the spare width a text column takes; ``places`` fixes the decimals of numbers;
    ``room`` is a least width in ems, for cells filled in by hand.
    """

    head: str
    kind: Kind = "text"
    weight: int = 1
    places: int | None = None
    room: int = 0
    align: Align | None = None

    @property
    def side(self) -> Align:
        """Where the cells stand: as said, else by kind."""
        return self.align or _ALIGN[self.kind]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``strong`` for what must not be overlooked."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a part of the report; ``new_page`` begins it on a fresh page (and a fresh worksheet)."""

    text: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Short facts side by side: pairs of a name and a text."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` is any sequence of tuples as long as ``columns`` (it may make its rows as they are read);
    ``empty`` is said in place of rows; ``tall`` rows leave room for a signature by hand; of more than ``shown`` rows (0: any number)
    a page shows the first so many and the workbook all (``long_lists``)."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    total: tuple[Cell, ...] | None = None
    caption: str = ""
    empty: str = ""
    tall: bool = False
    shown: int = 0

    def __post_init__(self) -> None:
        for row in (*self.rows[:1], *([self.total] if self.total else [])):
            if len(row) != len(self.columns):
                raise ValueError(f"{self.caption}: {len(row)} cells under {len(self.columns)} heads")


Sign = Literal["", "+", "-", "="]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall; ``fen`` is what it adds (+), takes (-), or what stands after it (=), never signed twice."""

    label: str
    fen: int
    sign: Sign = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """How one amount becomes another, step by step; every ``=`` step must be what the steps above it come to."""

    steps: tuple[Step, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Boxes to sign in, each with a place for the day."""

    boxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as JPEG bytes with its size in pixels, and what stands under it."""

    data: bytes
    width: int
    height: int
    caption: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side, three in a row."""

    items: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """``value`` not below zero, None: not known; ``said`` is the value as it is read."""

    label: str
    value: Decimal | int | None
    said: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of a few values, which a table tells too; ``mark`` is where others stand, ``mark_said`` who they are."""

    bars: tuple[Bar, ...]
    caption: str = ""
    mark: Decimal | int | None = None
    mark_said: str = ""


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of a lane in minutes, none below zero: ``up`` and ``down`` stand against each other, the pale ones behind them count for neither.

    ``open_`` False: the day could not be compared; its ground is grey.
    """

    up: int = 0
    up_pale: int = 0
    down: int = 0
    down_pale: int = 0
    open_: bool = True


@dataclass(frozen=True, slots=True)
class DayLane:
    """One subject over the days of a picture; ``said`` stands at its end."""

    label: str
    said: str
    marks: tuple[DayMark, ...]


@dataclass(frozen=True, slots=True)
class DayNames:
    """What each part of a mark is called, in the order of ``DayMark``."""

    up: str
    up_pale: str
    down: str
    down_pale: str
    closed: str


@dataclass(frozen=True, slots=True)
class DayLanes:
    """A picture of days from ``first`` on, a lane a subject: hours above a line against hours below it. A table tells the sums too."""

    first: date
    lanes: tuple[DayLane, ...]
    names: DayNames
    caption: str = ""


Block = Paragraph | Heading | KeyValues | Table | Waterfall | Signatures | Pictures | Bars | DayLanes


@dataclass(frozen=True, slots=True)
class Content:
    """One report. ``period`` is in words; ``withheld`` counts the confidential things left out, and is printed when not zero.

    ``mark`` stands large on every page and first in every worksheet: what the paper must not be taken for.
    ``figures`` are the trees behind what it says; they are not printed, but kept with the entry of the print.
    """

    kind: str
    title: str
    period: str
    letterhead: Letterhead
    blocks: tuple[Block, ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    withheld: int = 0
    orientation: Orientation = "auto"
    mark: str = ""
    figures: tuple[Figure, ...] = ()

    def closing_notes(self) -> tuple[str, ...]:
        """The notes with what every report adds: what is withheld, the sources, the full hashes."""
        head = self.letterhead
        told = list(self.notes)
        if self.withheld:
            told.append(withheld_words(self.withheld))
        if head.sources:
            told.append(tr("依据：{sources}", sources=tr("；").join(head.sources)))
        told.append(tr("台账日志链头：{hash}", hash=head.ledger_head))
        if head.anchored:
            told.append(head.anchored)
        told.append(tr("规则参数摘要：{hash}", hash=head.parameters_hash))
        return tuple(told)


def withheld_words(count: int) -> str:
    """What a report says of the confidential things it leaves out."""
    return tr("另有涉密 {n} 项未列。", n=count)


def decimal_text(value: Decimal | int, places: int | None = None) -> str:
    """Thousands separators; ``places`` decimals rounded half up for show, or the value's own digits."""
    if places is None:
        return f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    scaled = money.half_up(Decimal(value).scaleb(places))
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), 10**places)
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def exact_text(value: Decimal, least: int = 0) -> str:
    """All the decimals a value has, without trailing zeros, but at least ``least``."""
    return decimal_text(value, max(least, decimals(value)))


def decimals(value: Decimal) -> int:
    """How many decimals a value needs, six at most."""
    exponent = value.normalize().as_tuple().exponent
    return min(6, max(0, -exponent)) if isinstance(exponent, int) else 0


def hours(minutes: int) -> Decimal:
    """Minutes as hours with two decimals, half up: only for show, never added."""
    return Decimal(money.half_up(Decimal(minutes * 100) / 60)).scaleb(-2)


def written(cell: Cell, column: Column) -> str:
    """A cell as it is read on paper. Raises TypeError for a value the column cannot hold (a float, money as Decimal)."""
    if cell is None:
        return tr("未知")
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date) and column.kind in ("date", "text"):
        return cell.isoformat()
    if isinstance(cell, int) and not isinstance(cell, bool):
        if column.kind == "money":
            return money.text(cell)
        if column.kind == "minutes":
            return decimal_text(hours(cell), 2)
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        if column.kind == "ratio":
            return decimal_text(Decimal(cell) * 100, 2 if column.places is None else column.places) + "%"
        if column.kind == "number":
            return decimal_text(cell, column.places)
    raise TypeError(f"{column.head}: {column.kind} cannot hold {type(cell).__name__}")


def check(content: Content) -> None:
    """Add up every waterfall and every column of money again, before anything is printed.

    Raises Problem ``report.sums_differ``. Unknown amounts and amounts in words are no part of a column's sum.
    """
    for block in content.blocks:
        if isinstance(block, Waterfall):
            running = 0
            for step in block.steps:
                if step.sign == "=":
                    agree(step.label, step.fen, running)
                else:
                    running += -step.fen if step.sign == "-" else step.fen
        elif isinstance(block, Table) and block.total:
            for index, (stated, column) in enumerate(zip(block.total, block.columns, strict=True)):
                if column.kind == "money" and isinstance(stated, int):
                    cells = (row[index] for row in block.rows)
                    agree(f"{content.title} {column.head}", stated, sum(cell for cell in cells if isinstance(cell, int)))


def agree(what: str, stated_fen: int, added_fen: int) -> None:
    """A sheet whose sum is not what its rows come to is never printed.

    Raises Problem ``report.sums_differ``: the ledger's figures contradict each other and need ``verify``.
    """
    if stated_fen != added_fen:
        raise Problem("report.sums_differ", what=what, stated=money.text(stated_fen), added=money.text(added_fen))
