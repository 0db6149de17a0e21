"""Paper: read back from the real bytes. Each important check has a broken sheet beside it that the check must see."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from desktop import words
from desktop.ledger import money
from desktop.ledger.problem import Cancelled, Problem
from desktop.reports import blocks, fonts, keeping, pdf
from desktop.reports.content import Bar, Bars, Column, Content, Heading, KeyValues, Paragraph, Signatures, Table
from desktop.reports.page import Sheet
from tests.reports import paper
from tests.reports.clause_samples import REPORTS
from tests.reports.samples import HEAD, LETTERHEAD, PARAMETERS, PRINTED_ON, long_table


def one(*parts: object, **more: object) -> Content:
    return Content("x", "测试表", "2025 年", LETTERHEAD, parts, **more)  # type: ignore[arg-type]  # blocks and fields as given


def printed(content: Content) -> list[str]:
    return paper.pages(pdf.render(content, PRINTED_ON).data)


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_the_same_report_is_the_same_bytes(kind: str) -> None:
    first = pdf.render(REPORTS[kind](), PRINTED_ON)
    assert first.data == pdf.render(REPORTS[kind](), PRINTED_ON).data
    assert first.data != pdf.render(REPORTS[kind](), date(2026, 1, 17)).data
    assert first.findings == ()


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_every_page_says_who_what_and_which_of_how_many(kind: str) -> None:
    texts = printed(REPORTS[kind]())
    assert not paper.misnumbered(texts)
    for text in texts:
        assert "齐鲁示例大学" in text
        assert HEAD[: pdf.HASH_SHOWN] in text
        assert PARAMETERS[: pdf.HASH_SHOWN] in text
        assert "2026-01-16" in text
    whole = paper.running("".join(texts))
    assert HEAD in whole
    assert PARAMETERS in whole


def test_a_page_without_its_number_is_seen() -> None:
    assert paper.misnumbered(["第 1 页 共 2 页", "第 2 页 共 3 页"]) == [2]


@pytest.mark.parametrize("kind", sorted(REPORTS))
def test_fonts_are_embedded_subsets(kind: str) -> None:
    assert not paper.loose_fonts(pdf.render(REPORTS[kind](), PRINTED_ON).data)


def test_a_font_that_is_not_embedded_is_seen() -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("", initialFontName="Helvetica")
    canvas.drawString(72, 72, "loose")
    assert paper.loose_fonts(bytes(canvas.getpdfdata()))


N_ROWS = 3_000


@pytest.fixture(scope="module")
def long_pages() -> list[str]:
    return printed(long_table(N_ROWS))


def test_a_long_table_repeats_its_heads_and_loses_no_row(long_pages: list[str]) -> None:
    assert len(long_pages) > 30
    assert not paper.misnumbered(long_pages)
    assert not paper.headless(long_pages[:-1], "记录编号", "金额（元）")
    whole = "\n".join(long_pages)
    assert all(f"R{i:06d}" in whole for i in range(N_ROWS))
    assert money.text(sum(i * 37 for i in range(N_ROWS))) in whole


def test_a_head_that_is_not_repeated_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = blocks._Rows._head
    monkeypatch.setattr(blocks._Rows, "_head", lambda rows: draw(rows) if rows.sheet.page == 1 else None)
    texts = printed(long_table(120))
    assert paper.headless(texts[:-1], "记录编号") == list(range(2, len(texts)))


def test_forty_rows_with_long_names_wrap_inside_their_columns() -> None:
    name = "超高效液相色谱-三重四极杆串联质谱联用仪（含自动进样器与在线固相萃取模块，型号 QTRAP-6500+）"
    rows = tuple((f"A{i:04d}", f"{i:02d}号{name}", i * 100_000, "说明文字，较长的说明文字" * 4) for i in range(40))
    table = Table(
        (Column("资产编号"), Column("仪器名称", weight=3), Column("金额（元）", "money"), Column("备注", weight=2)), rows
    )
    whole = paper.running("".join(printed(one(table))))
    for asset, long_name, fen, _ in rows:
        assert asset in whole
        assert money.text(fen) in whole
        assert long_name[:6] in whole
    assert whole.count("QTRAP-6500+") == 40


def test_a_row_taller_than_a_page_is_continued_not_lost() -> None:
    text = "".join(f"第{i}句。" for i in range(2_000))
    texts = printed(one(Table((Column("编号"), Column("全文", weight=5)), (("甲", text), ("乙", "完")))))
    assert len(texts) > 2
    assert not paper.headless(texts[:-1], "编号", "全文")
    left = "".join(paper.running(page).partition("全文")[2].partition("台账链头")[0] for page in texts)
    assert all(f"第{i}句。" in left for i in range(2_000))


def test_missing_glyphs_are_reported_and_printed_visibly() -> None:
    result = pdf.render(one(Paragraph("姓名：\U00020bb7田 垚龘"), Table((Column("名"),), (("🙂",),))), PRINTED_ON)
    assert [(f.code, dict(f.params)["char"]) for f in result.findings] == [
        ("report.missing_glyph", "U+1F642"),
        ("report.missing_glyph", "U+20BB7"),
    ]
    whole = paper.running("".join(paper.pages(result.data)))
    assert "〔U+20BB7〕田垚龘" in whole
    assert "〔U+1F642〕" in whole
    assert words.known("report.missing_glyph")


def test_a_glyph_lost_without_a_word_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reportlab does by itself: no mark, no finding, the character gone from the text layer."""
    monkeypatch.setattr(fonts.Lettering, "fit", lambda lettering, text: text)
    monkeypatch.setattr(fonts.Lettering, "width", lambda lettering, text, size, bold=False: 5 * len(text))
    result = pdf.render(one(Paragraph("姓名：\U00020bb7田")), PRINTED_ON)
    assert result.findings == ()
    assert "U+20BB7" not in "".join(paper.pages(result.data))
    assert "\U00020bb7" not in "".join(paper.pages(result.data))


def test_hidden_characters_are_printed_visibly() -> None:
    result = pdf.render(one(KeyValues((("合同", "HT\u202e10\u200b-2"),)), Heading("标\x07题")), PRINTED_ON)
    whole = paper.running("".join(paper.pages(result.data)))
    assert "HT〔U+202E〕10〔U+200B〕-2" in whole
    assert "标〔U+0007〕题" in whole
    assert {f.code for f in result.findings} == {"report.hidden_character"}


def test_a_line_end_where_there_is_one_line_is_a_space() -> None:
    head = replace(LETTERHEAD, institution="齐鲁\n示例")
    content = replace(one(Signatures(("制\n表",)), KeyValues((("名\n称", "甲\n乙"),))), letterhead=head, title="两行\n标题")
    result = pdf.render(content, PRINTED_ON)
    assert result.findings == ()
    whole = paper.pages(result.data)[0]
    for text in ("齐鲁 示例", "制 表", "名 称", "两行 标题"):
        assert text in whole


def test_markup_is_text() -> None:
    text = "<b>粗</b> <img src='http://example.invalid/x.png'/> &amp; (括\\号) <para>"
    data = pdf.render(one(Paragraph(text), Table((Column("<i>列</i>"),), ((text,),))), PRINTED_ON).data
    whole = paper.running("".join(paper.pages(data)))
    assert whole.count(paper.running(text)) == 2
    assert "<i>列</i>" in whole
    assert b"/URI" not in paper.inflated(data)


def test_wide_tables_lie_down_and_narrow_ones_stand() -> None:
    narrow = Table((Column("名称"), Column("金额", "money")), (("甲", 1),))
    wide = Table(tuple(Column(f"第{i}个很长的列名") for i in range(9)), (tuple("一段不短的文字" for _ in range(9)),))
    for table, landscape in ((narrow, False), (wide, True)):
        across, down = paper.size(pdf.render(one(table), PRINTED_ON).data)
        assert (across > down) == landscape
        assert {round(across), round(down)} == {595, 842}


def test_an_empty_table_says_so() -> None:
    table = Table((Column("名称"), Column("金额", "money")), (), ("合计", 0), empty="本期没有记录。")
    assert "本期没有记录。" in "".join(printed(one(table)))


def test_signature_boxes_stay_on_one_page() -> None:
    boxes = Signatures(("制表", "复核", "审批", "领取人签字"))
    texts = printed(one(*[Paragraph(f"段落 {i}") for i in range(43)], boxes))
    with_boxes = [text for text in texts if "制表" in text]
    assert len(with_boxes) == 1
    assert "领取人签字" in with_boxes[0]


TOTALLED = (Column("名称"), Column("金额（元）", "money"))


def signed(n_rows: int, *, tall: bool = True) -> Content:
    """A sheet that ends as the payout sheet does: a table with its sum, the sum in words, boxes to sign in."""
    rows = tuple((f"行{i:02d}。", 100) for i in range(n_rows))
    table = Table(TOTALLED, rows, ("合计", 100 * n_rows), tall=tall)
    sums = KeyValues((("大写", "某元整"),))
    return one(Heading("名单"), table, sums, Signatures(("制表", "复核", "审批")), orientation="landscape")


def unsigned_sums(texts: list[str]) -> list[str]:
    """Pages with boxes to sign in that do not show the last row, the sum and the sum in words above them."""
    return [text for text in texts if "制表" in text and not all(word in text for word in ("行", "合计", "大写"))]


def lonely(texts: list[str], heading: str, *company: str) -> list[str]:
    """Pages that hold a heading without what it opens."""
    return [text for text in texts if heading in text and not all(word in text for word in company)]


@pytest.mark.parametrize("broken", [False, True])
def test_bars_that_are_compared_stand_on_one_page(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    """Wherever the text before them ends, with their heading. The broken variant parts them."""
    if broken:
        monkeypatch.setattr(blocks, "_picture", lambda sheet, block: 20.0)
    bars = Bars(tuple(Bar(f"条{n:02d}", n, str(n)) for n in range(12)), "图名", 6, "别处")
    parted = 0
    for n in range(20, 60):
        texts = printed(one(KeyValues(tuple((f"项{i}", "值") for i in range(n))), Heading("图之题"), bars))
        where = {next(page for page, text in enumerate(texts) if word in text) for word in ("图之题", "图名", *(bar.label for bar in bars.bars))}
        parted += len(where) > 1
    assert (parted > 0) == broken


@pytest.mark.parametrize("tall", [True, False])
def test_boxes_to_sign_in_stand_with_the_sum_they_sign(tall: bool) -> None:
    assert not [text for n in range(1, 40) for text in unsigned_sums(printed(signed(n, tall=tall)))]


def test_a_heading_stands_with_the_first_row_it_opens() -> None:
    for n in range(1, 45):
        before = [Paragraph(f"段落{i}") for i in range(n)]
        table = Table(TOTALLED, (("首行", 1), ("次行", 1)), ("合计", 2), tall=True)
        texts = printed(one(*before, Heading("开头"), table))
        assert not lonely(texts, "开头", "名称", "首行")
        assert not lonely(printed(one(*before, Heading("开头"), Heading("下一级"), table)), "开头", "下一级", "首行")


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "one that counts the pairs alone"])
def test_a_heading_stands_with_the_pairs_that_the_notes_must_follow(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    if broken:
        opening = blocks.opening
        monkeypatch.setattr(blocks, "opening", lambda sheet, block, spans, tail: opening(sheet, block, spans, 0))
    parted = []
    for n in range(1, 45):
        content = one(*[Paragraph(f"段落{i}") for i in range(n)], Heading("开头"), KeyValues((("首对", "1"), ("次对", "2"))), notes=("第一条",) * 9)
        parted += lonely(printed(content), "开头", "首对", "次对")
    assert bool(parted) is broken


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "one that lets the line go"])
def test_a_heading_stands_with_the_table_that_a_line_introduces(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    if broken:
        monkeypatch.setattr(keeping, "Table", Heading)
    parted = []
    for n in range(1, 45):
        before = [Paragraph(f"段落{i}") for i in range(n)]
        table = Table(TOTALLED, (("首行", 1),))
        parted += lonely(printed(one(*before, Heading("开头"), Paragraph("说的是下表"), table, notes=("第一条",) * 9)), "开头", "下表", "首行")
    assert bool(parted) is broken


@pytest.mark.parametrize("n_rows", [2, 3, 4, 5])
def test_a_few_rows_are_not_parted(n_rows: int) -> None:
    parted = []
    for n in range(1, 45):
        table = Table(TOTALLED, tuple((f"行{i}", 1) for i in range(n_rows)), ("合计", n_rows))
        texts = printed(one(*[Paragraph(f"段落{i}") for i in range(n)], Heading("开头"), table, Heading("又一"), table))
        parted += [text for text in texts if text.count("行0") != text.count(f"行{n_rows - 1}")] + lonely(texts, "开头", "行0")
    assert bool(parted) is (n_rows > blocks.FEW), "a longer table may be"


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "one that never parts from its notes"])
def test_no_half_page_is_left_empty_before_what_is_signed(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    """The end of a claim: a heading, a small table, boxes, and nine notes; the table and its boxes stay together, the notes may follow."""
    if broken:
        monkeypatch.setattr(Sheet, "keep", lambda self, height, least: self.need(height))
    emptiest, parted = 0.0, []
    for n in range(1, 45):
        table = Table(TOTALLED, (("首行", 1), ("次行", 1)))
        before = [Paragraph(f"段落{i}") for i in range(n)]
        content = one(*before, Heading("材料"), table, Signatures(("制表", "复核")), notes=("第一条",) * 9, orientation="landscape")
        data = pdf.render(content, PRINTED_ON).data
        emptiest = max(emptiest, *paper.emptiness(data), 0.0)
        parted += [text for text in paper.pages(data) if "制表" in text and "次行" not in text] + lonely(paper.pages(data), "材料", "首行", "制表")
    assert (emptiest > 0.4) is broken
    assert bool(parted) is broken


def test_the_end_of_notes_on_the_next_page_is_some_lines() -> None:
    for n in range(1, 45):
        told = tuple(f"第{i}条" for i in range(n))
        *_, last = printed(one(Paragraph("段落"), notes=told, orientation="landscape"))
        assert len([line for line in last.splitlines() if re.match(r"(\d+\.)", line)]) >= 3, n


def test_notes_never_have_a_page_of_their_own() -> None:
    for n in range(1, 45):
        table = Table(TOTALLED, tuple((f"行{i}", 1) for i in range(n)))
        texts = printed(one(table, notes=("第一条", "第二条"), orientation="landscape"))
        assert not lonely(texts, "规则参数摘要", "行", "说明")


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "notes that are never set closer"])
def test_notes_are_set_closer_where_that_spares_a_page(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    """Of a report that ends anywhere on its page; what is set closer still ends above the foot."""
    contents = [one(*[Paragraph("段落")] * n, notes=("第一条",) * 9, orientation="landscape") for n in range(1, 45)]
    close = [pdf.render(content, PRINTED_ON).data for content in contents]
    assert not [data for data in close if paper.at_the_foot(data)]
    with monkeypatch.context() as patched:
        patched.setattr(blocks, "_NOTES_CLOSE", blocks._NOTES if not broken else blocks._NOTES_CLOSE)
        wide = [pdf.render(content, PRINTED_ON).data for content in contents]
    spared = [len(paper.pages(a)) - len(paper.pages(b)) for a, b in zip(wide, close, strict=True)]
    assert min(spared) == 0
    assert (sum(spared) > 2) is not broken


def test_notes_that_end_below_the_foot_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_NOTES_CLOSE", (10.2, 0.4, 30.0))
    contents = [one(*[Paragraph("段落")] * n, notes=("第一条",) * 9, orientation="landscape") for n in range(1, 45)]
    assert [content for content in contents if paper.at_the_foot(pdf.render(content, PRINTED_ON).data)]


def test_parted_sums_headings_and_notes_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "tails", lambda blocks, *rest: [0.0] * len(blocks))
    assert [n for n in range(1, 40) if unsigned_sums(printed(signed(n)))]
    tables = [one(Table(TOTALLED, tuple((f"行{i}", 1) for i in range(n))), orientation="landscape") for n in range(1, 45)]
    assert [content for content in tables if lonely(printed(content), "规则参数摘要", "行")]


def test_a_mark_stands_on_every_page() -> None:
    content = replace(signed(40), mark="未审批，不作发放依据")
    texts = printed(content)
    assert len(texts) > 2
    assert all("未审批，不作发放依据" in text for text in texts)
    assert "未审批" not in "".join(printed(signed(40)))


def test_english_paper_has_no_chinese_of_ours() -> None:
    words.use("en")
    english = replace(REPORTS["transactions"](), letterhead=replace(LETTERHEAD, institution="Qilu", sources=()))
    whole = "".join(printed(english))
    assert "Page 1 of" in whole
    assert "Annual Service Transaction Amount" in whole
    assert "第" not in whole
    assert "合计" not in whole


def test_a_sheet_that_contradicts_itself_is_not_printed() -> None:
    with pytest.raises(Problem, match=r"report\.sums_differ"):
        pdf.render(one(Table((Column("名称"), Column("金额", "money")), (("甲", 1),), ("合计", 2))), PRINTED_ON)


def test_printing_tells_how_far_it_is_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []
    pdf.render(long_table(1_200), PRINTED_ON, lambda done, total: seen.append((done, total)))
    assert seen == [(500, 2400), (1000, 2400), (1200, 2400), (1700, 2400), (2200, 2400), (2400, 2400)]

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        pdf.render(long_table(600), PRINTED_ON, stop)
    assert pdf.render(long_table(3), PRINTED_ON).n_pages == 1


def test_finished_pages_do_not_pile_up_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.reports import page

    kept: list[int] = []
    pack: Callable[[object], None] = page._pack

    def watch(canvas: object) -> None:
        pack(canvas)
        finished = canvas._doc.Pages.pages[-1]  # type: ignore[attr-defined]  # reportlab has no types
        kept.append(len(finished.Contents.content) if finished.stream is None else 10**9)

    monkeypatch.setattr(page, "_pack", watch)
    pdf.render(long_table(200), PRINTED_ON)
    assert len(kept) > 2
    assert max(kept) < 12_000
