"""A purchase from its proposal to the opinion: what is found in the ledger and the catalogue, who may judge, what is kept with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from desktop import words
from desktop.actions import explaining, history, institution, instruments, library, purchase_candidates, purchases
from desktop.actions.workspace import Workspace
from desktop.ledger.instrument import Instrument
from desktop.ledger.problem import Problem
from desktop.ledger.purchase import Proposal
from desktop.rules import purchase_review as rules
from desktop.rules.figure import Figure
from desktop.rules.parameters import packaged
from desktop.store import library as catalogue
from tests.actions.making import APPROVER, AUDITOR, LAB, OFFICE, PINS, everything, posted, refused, sound

DAY = date(2026, 3, 1)


def proposal(**more: Any) -> Proposal:
    usual: dict[str, Any] = {
        "id": "", "number": "SG-1", "proposed_on": DAY, "name": "扫描电镜", "price_fen": 80000000, "provincial_fen": 60000000,
        "class_code": "010101", "functions": "形貌观察", "reason": "机时不足",
    }  # fmt: skip
    return Proposal(**(usual | more))


def propose(ledger: Workspace, by: str = LAB, **more: Any) -> purchases.Entered:
    return purchases.propose(ledger, proposal(**more), by, PINS[by])


def review(ledger: Workspace, opinion: str = "agree", by: str = APPROVER, number: str = "SG-1", text: str = "同类已饱和") -> purchases.View:
    return purchases.review(ledger, number, opinion, text, by, PINS[by])


def keep(ledger: Workspace, *items: dict[str, object]) -> None:
    usual = {"institution_name": "样本大学", "province": "山东省", "city": "济南市"}
    with ledger.write("sync", undoable=False) as operation:
        catalogue.keep_entries(operation.connection, "network", 1, [library._entry(usual | one) for one in items])


def numbers(tree: Figure) -> list[str]:
    return [dict(part.params)["number"] for part in tree.walk() if part.code == "purchase.candidate"]


def state(tree: Figure, code: str) -> Any:
    return next(part.value for part in tree.walk() if part.code == code)


def test_own_sets_of_the_kind_are_found_and_no_other(small: Workspace) -> None:
    instruments.add(small, Instrument("", "A3", "场发射扫描电镜", 1, True, False, date(2020, 1, 1), class_code="010101"))
    instruments.add(small, Instrument("", "A4", "扫描电镜", 1, True, False, date(2020, 1, 1), retired_on=date(2026, 2, 28)))
    instruments.add(small, Instrument("", "S2", "扫描电镜", 1, True, True, date(2020, 1, 1)))
    propose(small)
    found = purchases.view(small, "SG-1")
    assert sorted(numbers(found.figure)) == ["A1", "A3"], "neither retired nor confidential ones nor a mass spectrometer"
    assert found.n_withheld == 2
    told = " ".join(explaining.as_lines(found.figure))
    assert "S2" not in told
    assert "特种雷达" not in told


def test_hours_are_those_of_the_year_before(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    posted(small, "R2", day=date(2025, 12, 31), minutes=60)
    propose(small)
    found = purchases.view(small, "SG-1").figure
    assert state(found, "purchase.minutes") == 180
    assert state(found, "purchase.saturation") == "spare"
    assert found.value == "share"
    tree = explaining.explain(small, "purchase", "SG-1")
    (behind,) = [part.rows for part in tree.walk() if part.code == "purchase.set_hours" and part.rows][:1]
    assert behind is not None
    assert [row["record_number"] for row in explaining.rows(small, behind)] == ["R1", "R2"]
    purchases.change(small, "SG-1", proposal(proposed_on=date(2025, 3, 1)), LAB, PINS[LAB])
    assert state(purchases.view(small, "SG-1").figure, "purchase.minutes") == 0


@pytest.mark.parametrize(
    ("wanted", "there", "read"),
    [
        ("电子显微镜", "透射电镜", "电镜＝电子显微镜"), ("电镜", "透射电子显微镜", "电镜＝电子显微镜"), ("X射线衍射仪", "XRD", "XRD＝X射线衍射仪"),
        ("XRD", "多晶X射线衍射仪", "XRD＝X射线衍射仪"), ("液质", "液相色谱质谱联用仪", "液质＝液相色谱质谱联用仪"), ("红外光谱仪", "红外", "红外＝红外光谱仪"),
    ],
)  # fmt: skip
def test_a_set_elsewhere_is_found_by_a_short_form_and_the_reason_says_so(small: Workspace, wanted: str, there: str, read: str) -> None:
    keep(small, {"id": "1", "network_number": "N1", "name": there}, {"id": "2", "network_number": "N2", "name": "激光粒度分析仪"})
    propose(small, name=wanted, model="", class_code="", functions="")
    figure = purchases.view(small, "SG-1").figure
    assert [number for number in numbers(figure) if number.startswith("N")] == ["N1"]
    said = [words.say(part.code, **dict(part.params)) for part in figure.walk() if "read" in dict(part.params)]
    assert said
    assert all(f"（简称：{read}）" in one for one in said)


def test_a_sieve_that_knew_no_short_forms_would_lose_them(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.rules.short_forms.shorts_of", lambda name, alone: ())
    with pytest.raises(AssertionError):
        test_a_set_elsewhere_is_found_by_a_short_form_and_the_reason_says_so(small, "电子显微镜", "透射电镜", "电镜＝电子显微镜")


def test_sets_elsewhere_are_found_by_class_name_and_functions(small: Workspace) -> None:
    keep(
        small,
        {"id": "1", "network_number": "N1", "name": "场发射扫描电镜"},
        {"id": "2", "network_number": "N2", "name": "电子显微观察台", "class_code": "010101", "functions": "形貌观察"},
        {"id": "3", "network_number": "N3", "name": "气相色谱仪", "class_code": "020101", "functions": "成分分析"},
        {"id": "4", "network_number": "N4", "name": "微区平台", "service_content": "样品形貌、表面观察"},
        {"id": "5", "network_number": "N5", "name": "扫描电镜", "institution_name": "齐鲁示范大学"},
        {"id": "6", "network_number": "N6", "name": "扫瞄电镜"},
    )
    propose(small)
    found = purchases.view(small, "SG-1")
    assert sorted(number for number in numbers(found.figure) if number.startswith("N")) == ["N1", "N2"], "an own set is none elsewhere"
    assert state(found.figure, "purchase.n_elsewhere") == 2
    assert [one.code for one in found.findings if one.code == "purchase.never_read"] == []
    purchases.change(small, "SG-1", proposal(class_code="", functions=""), LAB, PINS[LAB])
    assert "N6" not in numbers(purchases.view(small, "SG-1").figure), "one pair of three: 扫描 电镜 against 扫瞄 电镜"


def test_a_catalogue_that_was_never_read_is_told_and_leaves_the_advice_open(small: Workspace) -> None:
    propose(small, name="核磁共振波谱仪", class_code="010601", functions="结构")
    found = purchases.view(small, "SG-1")
    assert "purchase.never_read" in [one.code for one in found.findings]
    assert (found.figure.value, state(found.figure, "purchase.n_elsewhere")) == ("unknown", None)
    keep(small, {"id": "3", "name": "气相色谱仪", "class_code": "020101"})
    assert purchases.view(small, "SG-1").figure.value == "buy"


def test_an_opinion_settles_it_and_keeps_what_it_was_given_on(small: Workspace) -> None:
    posted(small, "R1", minutes=120)
    propose(small)
    given = review(small)
    assert (given.proposal.state, given.given[0].reviewed_by, given.figure.value) == ("reviewed", APPROVER, "share")
    posted(small, "R2", day=date(2025, 5, 7), minutes=600)
    assert purchases.view(small, "SG-1").figure == given.figure, "later records change nothing of it"
    assert state(given.figure, "purchase.minutes") == 120
    for call in (
        lambda: purchases.change(small, "SG-1", proposal(), LAB, PINS[LAB]), lambda: review(small, "share"),
        lambda: purchases.withdraw(small, "SG-1", "不买了", LAB, PINS[LAB]),
    ):  # fmt: skip
        assert refused(call) == ["purchase.forward"]
    assert sound(small)


def test_what_is_returned_can_be_changed_and_judged_again(small: Workspace) -> None:
    propose(small)
    assert review(small, "revise", text="功能写得不清").proposal.state == "draft"
    purchases.change(small, "SG-1", proposal(functions="断口分析"), LAB, PINS[LAB])
    done = review(small, "share")
    assert [one.review.opinion for one in done.given] == ["share", "revise"]
    assert [one.number for one in purchases.every(small)] == ["SG-1"]


def test_two_people_and_their_roles(small: Workspace) -> None:
    assert refused(propose, small, AUDITOR) == ["person.not_allowed"]
    propose(small, OFFICE)
    before = everything(small)
    assert refused(review, small, by=OFFICE) == ["purchase.same_person"]
    assert refused(review, small, by=LAB) == ["person.not_allowed"]
    assert refused(review, small, "maybe") == ["purchase.unknown_opinion"]
    assert refused(review, small, text=" ") == ["purchase.no_text"]
    assert refused(review, small, number="SG-9") == ["purchase.unknown"]
    assert refused(purchases.review, small, "SG-1", "agree", "好", APPROVER, "0000") == ["person.pin"]
    assert everything(small) == before
    purchases.change(small, "SG-1", proposal(), LAB, PINS[LAB])
    assert review(small, by=OFFICE).proposal.state == "reviewed", "whoever changed it last has prepared it"


def test_the_file_itself_refuses_one_person_and_a_settled_change(small: Workspace) -> None:
    kept = propose(small, OFFICE).proposal
    sql = (
        "INSERT INTO purchase_review (id, proposal_id, opinion, text, reviewed_by, reviewed_on, reviewed_at, figure) "
        "VALUES ('x', ?, ?, 't', ?, 'd', 'm', '{}')"
    )
    with pytest.raises(Problem, match=r"purchase\.same_person_db"), small.write("by hand") as operation:
        operation.connection.exec_driver_sql(sql, (kept.id, "agree", kept.prepared_by))
    with pytest.raises(Problem, match=r"purchase\.forward"), small.write("by hand") as operation:
        operation.connection.exec_driver_sql("UPDATE purchase_proposal SET state = 'reviewed'")
    review(small)
    for statement in ("UPDATE purchase_proposal SET price_fen = 1", "DELETE FROM purchase_proposal", "UPDATE purchase_review SET text = 'x'"):
        with pytest.raises(Problem), small.write("by hand") as operation:
            operation.connection.exec_driver_sql(statement)


def test_what_is_wrong_is_refused_and_what_is_doubtful_is_told(small: Workspace) -> None:
    before = everything(small)
    assert refused(propose, small, price_fen=0, provincial_fen=None) == ["purchase.faulty", "purchase.no_price"]
    assert refused(propose, small, provincial_fen=80000001) == ["purchase.faulty", "purchase.more_than_price"]
    assert refused(propose, small, proposed_on=date(2999, 1, 1)) == ["purchase.to_come"]
    assert everything(small) == before
    entered = propose(small, class_code=" ", functions="", reason="")
    assert [one.code for one in entered.findings] == ["purchase.no_class", "purchase.no_functions", "purchase.no_reason"]
    assert refused(propose, small) == ["purchase.taken"]


def test_undo_takes_a_proposal_and_its_change_back_but_no_opinion(small: Workspace) -> None:
    propose(small)
    purchases.change(small, "SG-1", proposal(price_fen=90000000), LAB, PINS[LAB])
    history.undo_last(small)
    assert purchases.view(small, "SG-1").proposal.price_fen == 80000000
    history.undo_last(small)
    assert purchases.every(small) == []
    propose(small)
    purchases.withdraw(small, "SG-1", "不买了", LAB, PINS[LAB])
    assert [one.state for one in purchases.every(small)] == ["withdrawn"]


def test_the_sieve_loses_nothing_that_is_alike_enough(small: Workspace) -> None:
    """Against the whole catalogue compared one by one, without a sieve."""
    names = [f"{kind}{what}" for kind in ("扫描", "透射", "场发射扫描", "", "原子力") for what in ("电镜", "显微镜", "电子显微镜", "质谱仪", "色谱仪")]
    items: list[dict[str, object]] = [
        {"id": str(n), "network_number": f"N{n}", "name": name, "class_code": code, "functions": done}
        for n, (name, code, done) in enumerate(
            (name, code, done) for name in names for code in ("", "010101", "010102", "030101") for done in ("", "形貌观察", "成分分析，表面形貌")
        )
    ]
    keep(small, *items)
    known = packaged()
    for name, code, done in (("扫描电镜", "010101", "形貌观察"), ("质谱仪", "", ""), ("扫描电子显微镜", "010102", "表面形貌")):
        asked = proposal(name=name, class_code=code, functions=done)
        every = [purchase_candidates._elsewhere({**one, "institution_name": "样本大学"}, asked, known) for one in items]
        alike = {one.number for one in rules.of_same_kind(every, known, DAY)}
        with small.read() as connection:
            found = purchase_candidates.find(connection, asked, known)
        assert {one.number for one in found.candidates if one.place == "elsewhere"} == alike
        assert alike
        assert not found.cut


def test_a_sieve_too_fine_would_lose_some(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(small, {"id": "1", "network_number": "N1", "name": "场发射扫描电镜"})
    propose(small)
    assert "N1" in numbers(purchases.view(small, "SG-1").figure)
    monkeypatch.setattr(purchase_candidates, "sieves", lambda asked: [(("没有",), 1)])
    assert "N1" not in numbers(purchases.view(small, "SG-1").figure)


def test_the_institution_is_named_as_the_holder_of_its_own_sets(small: Workspace) -> None:
    propose(small)
    (own,) = [part for part in purchases.view(small, "SG-1").figure.walk() if part.code == "purchase.candidate"]
    assert dict(own.params)["holder"] == institution.get(small).name
    assert Fraction(own.value) == 1  # type: ignore[arg-type]  # a decimal
    assert replace(own) == own
