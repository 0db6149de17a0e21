"""How values are written on screen: money, days, hours, ratios, states. Always words, never colour alone.

Every function takes None as unknown and says so. ``Spoken`` carries words with a tone; the theme gives the tone a colour and
an icon. Nothing here reads the ledger, and nothing returns HTML: ``tip`` escapes for the one place where Qt insists on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from desktop import words
from desktop.ledger import money as fen_text
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.ledger.finding import Finding, Severity
    from desktop.ledger.problem import Problem

Tone = Literal["plain", "muted", "note", "done", "warning", "error"]
SHANGHAI = timezone(timedelta(hours=8))
SOON_DAYS = 10

_TONES: dict[str, Tone] = {
    "error": "error", "overdue": "error", "failed": "error", "refused": "error", "conflict": "error", "rejected": "error",
    "warning": "warning", "to_join": "warning", "to_file": "warning", "joined_late": "warning", "parked": "warning",
    "prepared": "warning", "withheld": "warning", "provisional": "warning",
    "joined": "done", "filed": "done", "posted": "done", "approved": "done", "closed": "done", "sent": "done",
    "accepted": "done", "explained": "done", "corrected": "done", "done": "done", "paid": "done", "published": "done",
    "note": "note", "open": "note", "in_force": "note",
    "missing": "error", "sent_back": "warning", "named": "warning", "met": "done", "attached": "done", "submitted": "note",
    "lacking": "warning", "left_out": "warning", "unstated": "muted", "both": "done", "first": "note",
    "no_answer": "warning", "in_doubt": "warning", "given_up": "muted",
    "replaced": "muted", "ended": "muted",
    "not_met": "muted", "nothing": "muted", "withdrawn": "muted", "recovered": "muted", "not_obliged": "muted",
    "over": "error", "ends_soon": "warning", "not_yet": "warning",
    "reversed": "muted", "retired": "muted", "draft": "muted", "unknown": "muted", "unchanged": "muted",
}  # fmt: skip
_SEVERITY_TONE: dict[Severity, Tone] = {"error": "error", "warning": "warning", "note": "note"}


_DONE_TO = ("asset_number", "number", "document")
_GAP = re.compile(r"\{\w+\}")


class Spoken(NamedTuple):
    """Words and the tone they are said in."""

    text: str
    tone: Tone = "plain"


def unknown() -> str:
    """What stands where a fact is missing."""
    return tr("未知")


def money(fen: int | None) -> str:
    """``1234567`` -> ``¥12,345.67``; the sign stands before the symbol."""
    if fen is None:
        return unknown()
    return f"-¥{fen_text.text(-fen)}" if fen < 0 else f"¥{fen_text.text(fen)}"


def wan(fen: int | None) -> str:
    """Fen as 万元 with two decimals, for show only."""
    return unknown() if fen is None else tr("{amount} 万元", amount=fen_text.wan_text(fen))


def day(value: date | None) -> str:
    """``2026-01-15``."""
    return unknown() if value is None else value.isoformat()


def moment(value: datetime | None) -> str:
    """A UTC moment as the clock on the wall in Shandong shows it: ``2026-01-15 14:03``."""
    if value is None:
        return unknown()
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def minutes(value: int | None) -> str:
    """``100`` -> 1 小时 40 分."""
    if value is None:
        return unknown()
    sign = "-" if value < 0 else ""
    hours, rest = divmod(abs(value), 60)
    if not hours:
        return sign + tr("{n} 分", n=rest)
    if not rest:
        return sign + tr("{n} 小时", n=f"{hours:,}")
    return sign + tr("{h} 小时 {m} 分", h=f"{hours:,}", m=rest)


_LAST_SHOWN = Decimal("0.000001")


def number(value: int | Decimal | None) -> str:
    """Thousands separators; a Decimal keeps the digits it has."""
    return unknown() if value is None else f"{value:,}"


def percent(ratio: Decimal | None, places: int = 2) -> str:
    """``Decimal("0.153")`` -> ``15.3%``: rounded half up to ``places`` for show, trailing zeros dropped."""
    if ratio is None:
        return unknown()
    shown = (ratio * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{shown:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def period(name: str) -> str:
    """``2025`` and ``2025Q3`` in words."""
    year, quarterly, quarter = name.partition("Q")
    return tr("{year} 年第 {q} 季度", year=year, q=quarter) if quarterly else tr("{year} 年", year=year)


def days_left(n_days: int | None) -> Spoken:
    """Working days left until a deadline (negative: days past it), in words and tone."""
    if n_days is None:
        return Spoken(unknown(), "muted")
    if n_days < 0:
        return Spoken(tr("已逾期 {n} 个工作日", n=f"{-n_days:,}"), "error")
    if n_days == 0:
        return Spoken(tr("今天到期"), "warning")
    return Spoken(tr("还剩 {n} 个工作日", n=f"{n_days:,}"), "warning" if n_days <= SOON_DAYS else "plain")


def few_days_left(n_days: int | None) -> Spoken:
    """The same in a column that is headed "working days"."""
    if n_days is None:
        return Spoken(unknown(), "muted")
    if n_days < 0:
        return Spoken(tr("逾期 {n}", n=f"{-n_days:,}"), "error")
    if n_days == 0:
        return Spoken(tr("今天到期"), "warning")
    return Spoken(tr("还剩 {n}", n=f"{n_days:,}"), "warning" if n_days <= SOON_DAYS else "plain")


def problem_kind(code: str) -> str:
    """What kind of problem a record has, in a few words; one without such words by its whole sentence, gaps left open."""
    named = f"problem_kind.{code}"
    return words.say(named) if words.known(named) else _GAP.sub("…", words.say(code))


def operation(name: str, params: Mapping[str, str]) -> str:
    """What an operation of the journal is called, with the one thing or the number of things it was done to."""
    said = words.say("operation." + name.replace(" ", "_"), **params)
    one = next((params[key] for key in _DONE_TO if params.get(key) and params[key] not in said), "")
    n = params.get("n", "1")
    many = tr("（{n} 条）", n=n) if n != "1" and n not in said else ""
    return visible(f"{said} {one}" if one else f"{said}{many}")


def state(code: str | None, said_under: str) -> Spoken:
    """A state code in words with its tone; None is unknown. ``said_under`` is where the words are: ``duty.state``."""
    if code is None or code == "":
        return Spoken(unknown(), "muted")
    return _state(code, said_under, words.language())


@lru_cache(maxsize=1024)
def _state(code: str, said_under: str, language: words.Language) -> Spoken:
    return Spoken(words.say_in(language, f"{said_under}.{code}"), _TONES.get(code, "plain"))


def tone_of(code: str) -> Tone:
    """The tone of a state code; unknown codes are plain."""
    return _TONES.get(code, "plain")


def certainty(code: str) -> Spoken:
    """How sure a parameter's source is: A, A-, B, C or D; empty when nothing was cited (a fact of the ledger)."""
    if not code:
        return Spoken("", "plain")
    tones: dict[str, Tone] = {"A": "done", "A-": "done", "B": "note", "D": "warning", "C": "warning"}
    return Spoken(words.say(f"certainty.{code.replace('-', '_minus')}"), tones.get(code, "plain"))


def finding(value: Finding) -> Spoken:
    """A finding's words and tone."""
    return Spoken(visible(words.say(value.code, **dict(value.params))), _SEVERITY_TONE[value.severity])


def problem(value: Problem) -> str:
    """A problem's words: what happened, what it means for the data, what to do next."""
    return visible(words.say(value.code, **value.params))


def figure(value: object, unit: str = "", said_under: str = "") -> str:
    """A figure's value by its unit: fen, wan, minutes, hours, days, count, ratio, date, state, text.

    ``said_under``: where the words of a state are.
    """
    if value is None:
        return unknown()
    if isinstance(value, bool):
        return tr("是") if value else tr("否")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int) and unit == "fen":
        return money(value)
    if isinstance(value, int) and unit == "wan":
        return wan(value)
    if isinstance(value, int) and unit == "minutes":
        return minutes(value)
    if isinstance(value, (int, Decimal)):
        return _counted(value, unit)
    if unit == "state":
        return state(str(value), said_under).text
    return visible(str(value))


def _counted(value: int | Decimal, unit: str) -> str:
    if unit == "ratio":
        return percent(Decimal(value), 4)
    if isinstance(value, Decimal) and value != value.quantize(_LAST_SHOWN, rounding=ROUND_HALF_UP):
        value = value.quantize(_LAST_SHOWN, rounding=ROUND_HALF_UP)  # one without end
    if unit == "hours":
        return tr("{n} 小时", n=number(value))
    if unit == "days":
        return tr("{n} 天", n=number(value))
    return number(value)


def visible(text: str) -> str:
    """The text with control, zero-width and bidi characters made visible, so that nothing hides in a name."""
    if text.isprintable():
        return text
    return "".join(
        char if char == "\n" or not unicodedata.category(char).startswith("C") else f"⟨{ord(char):04X}⟩" for char in text
    )


def tip(text: str) -> str:
    """Plain text for a tooltip: Qt guesses at HTML there, so the text is escaped and wraps."""
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<span>" + plain.replace("\n", "<br>") + "</span>"
