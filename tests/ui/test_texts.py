"""How values are written: words with every colour, unknown is never zero, nothing hides in a name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import words
from desktop.ledger.finding import finding
from desktop.ledger.problem import Problem
from desktop.ui import texts
from desktop.words import Language


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (1_234_567, "fen", "¥12,345.67", "¥12,345.67"),
        (-1, "fen", "-¥0.01", "-¥0.01"),
        (0, "fen", "¥0.00", "¥0.00"),
        (None, "fen", "未知", "Unknown"),
        (None, "", "未知", "Unknown"),
        (100, "minutes", "1 小时 40 分", "1 h 40 min"),
        (60, "minutes", "1 小时", "1 h"),
        (59, "minutes", "59 分", "59 min"),
        (-90, "minutes", "-1 小时 30 分", "-1 h 30 min"),
        (123_456_789, "wan", "123.46 万元", "123.46 ×10k yuan"),
        (Decimal("0.8"), "ratio", "80%", "80%"),
        (Decimal("0.1234567"), "ratio", "12.3457%", "12.3457%"),
        (Decimal(1), "ratio", "100%", "100%"),
        (Decimal("1234.50"), "hours", "1,234.50 小时", "1,234.50 h"),
        (30, "days", "30 天", "30 days"),
        (1204, "count", "1,204", "1,204"),
        (date(2026, 1, 15), "date", "2026-01-15", "2026-01-15"),
        (datetime(2026, 1, 15, 16, 3, tzinfo=UTC), "", "2026-01-16 00:03", "2026-01-16 00:03"),
        (True, "", "是", "Yes"),
        (False, "", "否", "No"),
        ("<b>x</b>", "text", "<b>x</b>", "<b>x</b>"),
    ],
)
def test_a_figure_is_written_by_its_unit(value: object, unit: str, zh: str, en: str) -> None:
    told = []
    for language in ("zh", "en"):
        words.use(language)
        told.append(texts.figure(value, unit))
    assert told == [zh, en]


@pytest.mark.parametrize(
    ("n", "rows", "stay"),
    [
        (1, "1 row", "1 row stays here: confidential, or nobody said whether it is."),
        ("1", "1 row", "1 row stays here: confidential, or nobody said whether it is."),
        (0, "0 rows", "0 rows stay here: confidential, or nobody said whether they are."),
        (2, "2 rows", "2 rows stay here: confidential, or nobody said whether they are."),
        ("1,001", "1,001 rows", "1,001 rows stay here: confidential, or nobody said whether they are."),
    ],
)
def test_one_is_not_said_as_many(n: object, rows: str, stay: str) -> None:
    words.use("en")
    assert words.tr("共 {n} 行", n=n) == rows
    assert words.tr("另有涉密或没有注明是否涉密的 {n} 项，不离开本机。", n=n) == stay
    assert words.say("sync.new_notices", n=1).startswith("1 new notice:")
    words.use("zh")
    assert words.tr("共 {n} 行", n=n) == f"共 {n} 行"


def test_a_state_is_said_with_the_words_of_its_subject() -> None:
    assert texts.figure("overdue", "state", "duty.state") == "逾期未入网"
    assert texts.state("overdue", "duty.state") == texts.Spoken("逾期未入网", "error")
    assert texts.state(None, "duty.state") == texts.Spoken("未知", "muted")


@pytest.mark.parametrize(
    ("n", "told", "tone"),
    [
        (-3, "已逾期 3 个工作日", "error"),
        (0, "今天到期", "warning"),
        (1, "还剩 1 个工作日", "warning"),
        (10, "还剩 10 个工作日", "warning"),
        (11, "还剩 11 个工作日", "plain"),
        (None, "未知", "muted"),
    ],
)
def test_days_left_are_said_and_not_only_coloured(n: int | None, told: str, tone: texts.Tone) -> None:
    assert texts.days_left(n) == texts.Spoken(told, tone)


@pytest.mark.parametrize("code", ["A", "A-", "B", "C", "D"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_certainty_has_words(code: str, language: Language) -> None:
    words.use(language)
    assert not texts.certainty(code).text.startswith("[")


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        texts.moment(datetime(2026, 1, 15))


@given(st.text())
def test_nothing_invisible_stays_hidden(text: str) -> None:
    shown = texts.visible(text)
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn"}
    import unicodedata

    assert not [char for char in shown if char != "\n" and unicodedata.category(char) in hidden]


def test_a_name_that_turns_text_around_is_seen_through() -> None:
    assert texts.visible("仪器\u202e3202\u200b") == "仪器⟨202E⟩3202⟨200B⟩"
    assert texts.visible("第一行\n第二行\u3000尾") == "第一行\n第二行\u3000尾"


@given(st.text())
def test_a_tooltip_never_runs_markup(text: str) -> None:
    inside = texts.tip(text).removeprefix("<span>").removesuffix("</span>").replace("<br>", "")
    assert "<" not in inside
    assert ">" not in inside


def test_findings_and_problems_are_said_plainly() -> None:
    assert texts.finding(finding("field.not_date", "warning", text="x\u200b")).tone == "warning"
    assert "⟨200B⟩" in texts.finding(finding("field.not_date", text="x\u200b")).text
    assert texts.problem(Problem("work.cancelled")) == "已取消，数据没有改动。"
