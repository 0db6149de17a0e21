"""The locator over a large catalogue: words with a slip, nearness, price."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import library, locator
from desktop.actions.workspace import Workspace
from desktop.store import library as rows
from tests.actions.making import start


def keep(ledger: Workspace, items: list[dict[str, object]]) -> None:
    with ledger.write("sync", undoable=False) as operation:
        rows.keep_entries(operation.connection, "network", 1, [library._entry(one) for one in items])


def item(key: str, name: str, **more: object) -> dict[str, object]:
    usual = {"id": key, "institution_name": "样本大学", "name": name, "province": "山东省", "city": "济南市", "county": "历下区", "fee_text": "300元/小时"}
    return usual | more


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Workspace]:
    with start(tmp_path / "home") as ledger:  # in 历下区 of 济南市
        keep(
            ledger,
            [
                item("1", "场发射扫描电镜", model="JSM-7610F", manufacturer="日本电子", fee_text="500元/小时"),
                item("2", "透射电镜", model="Talos F200", city="青岛市", county="市南区", fee_text="¥80.5/样"),
                item("3", "液相色谱仪", county="市中区", fee_text="面议"),
                item("4", "气相色谱仪", province="江苏省", city="南京市", county="玄武区", fee_text="校外 90元/样"),
            ],
        )
        yield ledger


def ids(located: locator.Located) -> list[str]:
    return [one.id for one in located.found]


@pytest.mark.parametrize(
    ("text", "found", "resembling"),
    [
        ("扫描电镜", ["1"], False), ("扫面电镜", ["1"], True), ("扫描电竟", ["1"], True), ("jsm7610f", ["1"], True), ("JSM－7610F", ["1"], False),
        ("jsm-7601f 电镜", ["1"], True), ("气相色谱仪", ["4"], False), ("汽相色谱仪", ["3", "4"], True), ("原子力显微镜", [], False), ("电竞", [], False),
        ("talos f200", ["2"], False), ("日本电仔", ["1"], True),
        ("jsm7160f", ["1"], True), ("talosf020", ["2"], True), ("透射电镜talos", ["2"], False), ("扫描电镜JSM-7610F", ["1"], False),
        ("JSM-7610F扫描电镜", ["1"], False), ("扫描电镜JSM-7160F", ["1"], True), ("x 扫面电镜", [], False), ("f 扫面电镜", ["1"], True),
        ("电镜，青岛", ["2"], False), ("电镜、青岛；talos", ["2"], False), ("，电镜。", ["1", "2"], False),
    ],
)  # fmt: skip
def test_words_are_found_as_they_stand_or_with_a_slip(few: Workspace, text: str, found: list[str], resembling: bool) -> None:
    told = locator.find(few, text)
    assert (sorted(ids(told)), told.resembling) == (found, resembling)
    assert told.n_found == len(found)


def test_what_is_there_word_for_word_is_not_mixed_with_what_resembles_it(few: Workspace) -> None:
    assert ids(locator.find(few, "气相色谱仪")) == ["4"], "液相色谱仪 is one slip away and another thing"


@pytest.mark.parametrize(
    ("text", "found", "read"),
    [
        ("扫描电镜", ["1", "7"], "电镜＝电子显微镜"), ("SEM", ["1", "7"], "SEM＝扫描电子显微镜"), ("扫描电子显微镜", ["1", "7"], ""),
        ("电镜", ["1", "2", "7"], "电镜＝电子显微镜"), ("talos 电子显微镜", ["2"], ""), ("gcms", ["8"], "GC-MS＝气相色谱质谱联用仪"),
        ("气相色谱质谱联用仪", ["8"], ""), ("质谱", ["9"], "质谱＝质谱仪"), ("液相色谱仪", ["3"], ""),
    ],
)  # fmt: skip
def test_a_short_form_and_what_it_is_short_for_find_the_same(few: Workspace, text: str, found: list[str], read: str) -> None:
    keep(few, [item("7", "扫描电子显微镜"), item("8", "GC-MS"), item("9", "飞行时间质谱仪")])
    told = locator.find(few, text)
    assert (sorted(ids(told)), told.resembling, told.read) == (found, False, read)


def test_a_locator_without_short_forms_would_be_seen(few: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.short_forms.writings", lambda word: (word,))
    with pytest.raises(AssertionError):
        test_a_short_form_and_what_it_is_short_for_find_the_same(few, "扫描电镜", ["1", "7"], "电镜＝电子显微镜")


def test_prices_are_put_in_order_by_what_they_come_to(empty: Workspace) -> None:
    fees = {"a": "1,200元/小时", "b": "300元", "c": "１２００元/时", "d": "0元/小时", "e": "免费", "f": "校外 90元/样", "g": "1.5万元/批", "h": "面议"}
    keep(empty, [item(key, "离心机", fee_text=text) for key, text in fees.items()])
    told = locator.find(empty, "离心机", order="price")
    assert [fees[key] for key in ids(told)] == ["0元/小时", "免费", "校外 90元/样", "300元", "1,200元/小时", "１２００元/时", "1.5万元/批", "面议"]


def test_nearness_and_price_order_what_is_found(few: Workspace) -> None:
    assert ids(locator.find(few, "", order="near")) == ["1", "3", "2", "4"], "own county, own city, the province, elsewhere"
    assert ids(locator.find(few, "", order="price")) == ["2", "4", "1", "3"], "a fee that names no amount comes last"
    alike = {order: ids(locator.find(few, "汽相色谱仪", order=order)) for order in ("near", "price")}
    assert alike == {"near": ["3", "4"], "price": ["4", "3"]}, "with a slip in the word, too"


@pytest.mark.parametrize("order", ["name", "near", "price"])
@pytest.mark.parametrize("text", ["仪 电", "色谱仪", "汽相色谱仪"])
def test_each_row_says_how_near_it_is(few: Workspace, order: str, text: str) -> None:
    keep(few, [item("5", "汽相色谱仪 电", city="", county="")])
    told = {one.id: one.nearness for one in locator.find(few, text, order=order).found}
    assert told.items() <= {"1": "county", "2": "province", "3": "city", "4": "elsewhere", "5": ""}.items()
    assert told


_WRITTEN = {
    "a": ("", "济南", "历下区"), "b": ("山东省", "山东省济南市", ""), "c": ("山东省", "山东济南高新区", ""), "d": ("", "济南市", "历下区"),
    "e": ("山东省", "青岛", ""), "f": ("", "南京市", "玄武区"), "g": ("", "北京", "海淀区"), "h": ("江苏省", "南京", "玄武区"),
    "i": ("", "某市", ""), "j": ("江苏省", "济南市", ""), "k": ("山东省", "", "市中区"),
}  # fmt: skip


def _places(ledger: Workspace) -> dict[str, str]:
    keep(ledger, [item(key, "离心机", province=province, city=city, county=county) for key, (province, city, county) in _WRITTEN.items()])
    return {one.id: one.nearness for one in locator.find(ledger, "离心机", order="near").found}


def test_a_place_is_near_however_it_is_written(empty: Workspace) -> None:
    told = _places(empty)
    assert told == {
        "a": "county", "d": "county", "b": "city", "c": "city", "e": "province", "k": "province", "f": "elsewhere", "g": "elsewhere", "h": "elsewhere",
        "i": "", "j": "",
    }  # fmt: skip
    steps = [("county", "city", "province", "elsewhere", "").index(one) for one in told.values()]
    assert steps == sorted(steps), "who is nearer comes first, and last of whom nobody can tell"


def test_a_locator_that_compared_places_sign_by_sign_would_be_seen(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.regions.located", lambda province, place: ("37" if place.startswith("济南市") else "", None))
    assert _places(empty)["b"] == ""


@pytest.mark.parametrize("text", ["济南", "济南市", "山东省济南市", "山东济南"])
def test_a_city_is_found_by_each_of_its_names(empty: Workspace, text: str) -> None:
    keep(empty, [item("1", "离心机", city="济南", county=""), item("2", "离心机"), item("3", "离心机", city="青岛市", county="济南路")])
    assert set(ids(locator.find(empty, f"{text} 离心机"))) - {"3"} == {"1", "2"}
    assert text == "济南" or "3" not in ids(locator.find(empty, text))


def test_without_a_place_of_its_own_an_institution_has_sets_in_the_province(few: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.regions.find", lambda code: None)
    assert {one.id: one.nearness for one in locator.find(few, "").found} == {"1": "in_province", "2": "in_province", "3": "in_province", "4": "elsewhere"}


@pytest.mark.parametrize("text", ["%" * 5_000, "a b " * 2_000, "_", "\\", "长" * 30_000])
def test_a_text_without_measure_is_only_not_found(few: Workspace, text: str) -> None:
    assert locator.find(few, text).n_found == 0


def test_a_locator_that_forgave_nothing_would_find_nothing(few: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.near_words.allowed", lambda word: 0)
    assert locator.find(few, "扫面电镜").n_found == 0


def test_a_sieve_too_fine_would_lose_what_is_meant(few: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.near_words.pieces", lambda word: (tuple((sign,) for sign in word), len(word)))
    assert locator.find(few, "扫面电镜").n_found == 0
