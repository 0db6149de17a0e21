"""Every figure of an institution's year, reckoned a second time by other means, comes to the same.

The program answers through its actions over a real encrypted ledger of 2 000 instruments, 100 000 records, 500 technicians and 3 000
customers; the second reckoning (``plain_…``) takes the decrypted rows and the rule files and nothing of the program. Broken variants are
tried on a smaller year, on which the two agree as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.actions import payouts, upkeep
from desktop.actions import vouchers as voucher_actions
from desktop.actions.workspace import Workspace
from desktop.rules import charging, national_there, payout_comparison, publications, settlement
from tests.recompute import asked, broken, entered, paid, plain_money
from tests.recompute.families import DAY, FAMILIES, SMALL_ALONE
from tests.recompute.invented import Size
from tests.recompute.plain import Plain

WHOLE = Size(2_000, 500, 3_000, 100_000)
SMALL = Size(160, 30, 240, 4_000)
Told = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Both:
    """A ledger for the program and its decrypted rows for the second reckoning; ``reckoned`` keeps what that came to."""

    workspace: Workspace
    plain: Plain
    reckoned: dict[str, Told] = field(default_factory=dict)


def _made(folder: Path, size: Size) -> Iterator[Both]:
    workspace = entered.year(folder / "home", size)
    with workspace, pytest.MonkeyPatch.context() as clock:
        clock.setenv("YIXIANG_TODAY", entered.LAST)
        plain = Plain(folder / "home" / "ledger.db", workspace.key, folder / "plain.db")
        yield Both(workspace, plain)
        plain.connection.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    yield from _made(tmp_path_factory.mktemp("whole"), WHOLE)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    yield from _made(tmp_path_factory.mktemp("small"), SMALL)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIXIANG_TODAY", entered.LAST)


def _second(both: Both, family: str) -> Told:
    if family not in both.reckoned:
        both.reckoned[family] = FAMILIES[family][1](both.plain)
    return both.reckoned[family]


def _differences(both: Both, family: str) -> list[str]:
    return asked.differences(FAMILIES[family][0](both.workspace), _second(both, family))


def _listed(found: list[str]) -> str:
    return "\n".join([f"{len(found)} differences", *found[:40]])


@pytest.mark.parametrize("family", FAMILIES)
def test_both_come_to_the_same_of_a_small_institution(small: Both, family: str) -> None:
    found = _differences(small, family)
    assert not found, _listed(found)


@pytest.mark.parametrize("family", [name for name in FAMILIES if name not in SMALL_ALONE])
def test_both_come_to_the_same(whole: Both, family: str) -> None:
    found = _differences(whole, family)
    assert not found, _listed(found)


def test_the_year_is_as_large_as_it_says(whole: Both) -> None:
    counted = {name: whole.plain.value(f"SELECT count(*) FROM {name}") for name in ("instrument", "service_record", "technician", "customer")}
    beside = whole.plain.value("SELECT count(*) FROM service_record WHERE number GLOB '[DE]*'")
    assert beside > 0, "drafts that wait and drafts in the place of what was reversed come on top"
    assert counted["service_record"] - beside == pytest.approx(WHOLE.n_records, rel=0.01), "the instruments with much use round their shares"
    assert (counted["instrument"], counted["technician"], counted["customer"]) == (WHOLE.n_instruments, WHOLE.n_technicians, WHOLE.n_customers)


def test_the_year_meets_the_edges(small: Both) -> None:
    """What never comes up would agree whatever the program did."""
    duty = _second(small, "duties at the end of the year").values()
    assert {state for state, *_ in duty} >= {"not_obliged", "unknown", "to_join", "overdue", "joined", "joined_late", "to_file"}
    granted = _second(small, "vouchers").values()
    assert {eligible for eligible, *_ in granted} == {True, False, None}
    told = {found.code for one in voucher_actions.year(small.workspace, 2025).grants for found in one.findings}
    assert told >= {"voucher.cap_reached", "voucher.cap_used_up", "voucher.city_cap_reached", "voucher.earlier_open"}
    assert {None, 0} < {added for _, _, added in granted}, "a city added something"
    verdicts = {one[0] for one in _second(small, "candidates for transfer").values()}
    assert verdicts == {"candidate", "kept", "unknown"}
    pointed = _second(small, "integrity")
    assert all(pointed.values()), "every check points at something"
    moved = small.plain.value("SELECT count(*) FROM posting p JOIN customer c ON c.id = p.customer_id WHERE (p.customer_class = 'internal') <> c.internal")
    assert 0 < moved < 100, "the others were charged as what they are"
    charges = [detail.split(":") for _, detail in pointed["off_schedule"]]
    assert {why for why, *_ in charges} == {"amount", "customer_class"}
    assert {int(fen) - int(due) for why, fen, due in charges if why == "amount"} >= {-1, 1, -5_000, 5_000}
    balances = {one[4] for one in _second(small, "yearly balance").values() if isinstance(one, tuple) and len(one) == 6}
    assert {"within", "above", "unknown"} <= balances
    reports = [one[0] for name in FAMILIES if name.startswith("reports due") for one in _second(small, name).values()]
    assert set(reports) >= {"overdue", "due", "unknown", "not_obliged", "refused", "late", "reported", "before_rule"}
    rows = _second(small, "sets for the national platform")
    assert min(rows[f"n {state}"] for state in ("sound", "wrong", "withheld", "retired")) > 0
    assert {code for key, one in rows.items() if not key.startswith("n ") for _, _, code in one[2]} >= {
        "value_rounded", "not_in_list", "carrier_unnamed", "carrier_of_no_kind", "date_ahead", "supervision_over", "declaration", "declaration_item",
        "customs_blank", "hours_beyond_year", "more_outside", "too_many", "too_long", "not_jpg", "secrecy_unknown",
    }  # fmt: skip
    of_quarter = _second(small, "use of a quarter")
    assert {one[6] for key, one in of_quarter.items() if key.startswith("set ")} == {"传感器", "无传感器佐证"}
    assert of_quarter["withheld"]
    purchases = _second(small, "purchases").values()
    for due in (0, 1):
        assert {one[due] for one in purchases} == {"required", "not_required", "unknown"}
    assert {one[3] for one in purchases} >= {"share", "ask"}
    assert any(one[-2] for one in purchases), "others have some of the kind"
    assert {one[-1] for one in purchases} == {"not_required", "unknown", "to_ask", "given", "refused", "returned", "conflict"}
    measured = _second(small, "performance of a calendar year")
    assert any(one[5] == 100 for key, one in measured.items() if key.startswith("set ")), "a score is capped"
    assert 0 < measured["sets at the national threshold"] < measured["sets above the threshold"]
    assert len([key for key in measured if key.startswith("platform ")]) > 2
    sets = [one for key, one in _second(small, "sensors").items() if key.startswith("set ")]
    assert {(one[6], one[8]) for one in sets} == {("over", False), ("agrees", False), ("agrees", True), ("under", False), ("unknown", False)}
    assert any(one[5] for one in sets), "some services were before the sensor came"
    assert {one[6] for key, one in _second(small, "sensors before there is a tolerance").items() if key.startswith("set ")} == {"unknown"}
    told = {code for name in FAMILIES if "payouts" in name for one in _second(small, name).values() if isinstance(one, tuple) for code, _ in _codes(one)}
    assert told == set(payout_comparison.REASONS)
    people = [one[2] for key, one in _second(small, "two payouts, by one kind of weight").items() if key.startswith("person ")]
    assert set(people) == {"both", "new", "gone"}
    assert _second(small, "two payouts, by one kind of weight")["weighed"]
    assert not _second(small, "payouts of two years")["weighed"]
    bases = _second(small, "pilot bases")
    for place in (0, 1):
        assert {one[place] for key, one in bases.items() if " " not in key} == {"met", "not_met", "unknown"}
    assert {state for key, state in bases.items() if key.endswith((" value", " open"))} == {"met", "not_met", "unknown"}
    assert any(one[3] for key, one in bases.items() if " " not in key), "some equipment is confidential"
    served = _second(small, "services of pilot bases").values()
    assert all(any(one[place] for one in served) for place in (0, 3, 7, 8, 10, 11, 12)), "evidence, reversals, an award, what is withheld"
    assert any(one[10] for one in _second(small, "services of pilot bases taken back a year later").values())
    trained = _second(small, "trainings")
    assert trained["without anybody"]
    assert trained["all"] < sum(one[2] for one in trained.values() if isinstance(one, tuple)), "who came to two subjects is one person"
    held = _second(small, "what technicians hold").values()
    assert all(any(one[place] for one in held) for place in range(7))
    run = settled(small)
    assert run.law_fen is not None
    assert run.sorted.back, "something paid was reversed since"
    assert any(step.limited == "law" for step in run.waterfall.steps), "the legal limit cuts"
    assert run.rest_fen, "what a line had brought out of other parts is more than rounding"


def test_the_year_meets_the_edges_of_vouchers(small: Both) -> None:
    told = _second(small, "what is shown of vouchers")
    uses = [one for key, one in told.items() if key.startswith("use ")]
    assert {None, 0} < {one[0] for one in uses}, "what is left out may be all there is, or more"
    assert {(one[1], one[3]) for one in uses} >= {(Decimal("0.4"), True), (Decimal("0.4"), False), (Decimal("0.6"), False), (None, False)}
    assert {one[2] for one in uses} == {"large", "medium", "small", "micro", None}
    assert {one[5] for one in uses} == {"met", "nothing", "not_met", "open", "draft", "submitted", "sent_back", "accepted", "paid"}
    assert any(one[1] is not None for one in uses if one[5] == "paid")
    caps = [one for key, one in told.items() if key.startswith("cap ")]
    assert any(one[1] == one[0] for one in caps), "used up"
    assert any(one[2] is None for one in caps)
    assert any(one[2] not in (None, one[0]) for one in caps)
    cities = [one for key, one in told.items() if key.startswith("city ")]
    assert any(one[2] is not None and 0 < one[2] < one[0] for one in cities), "all that counts under a city's cap is known"
    assert {one[2] is None for one in cities} == {one[7] for one in cities} == {True, False}
    assert any(len(one[5]) > 1 for one in cities), "enterprises of one controller"
    claims = {one[0]: one[1:] for key, one in told.items() if key.startswith("claim ")}
    assert set(claims) == {"draft", "submitted", "sent_back", "accepted", "paid", "refused", "withdrawn", "recovered"}
    assert any(one[1] > (one[3] or 0) > 0 for key, one in told.items() if key.startswith("claim ")), "less was paid than claimed"
    beside = {(one[0], one[4]) for key, one in told.items() if key.startswith("claim ")}
    assert {verb for _, verbs in beside for verb in verbs} >= {"submit", "accept", "pay", "withdraw"}, "two seats' steps that cannot both count"
    listed = _second(small, "papers of vouchers").values()
    assert {state for papers, *_ in listed for _, state in papers} == {"attached", "named", "waived", "missing"}
    assert {complete for _, complete, _ in listed} == {True, False}


def test_the_year_meets_the_edges_of_answers(small: Both) -> None:
    told = _second(small, "rectification")
    notices = [one for key, one in told.items() if key.startswith("notice ")]
    assert {state for state, *_ in notices} == {"answered", "answered_late", "due", "overdue", "no_day"}
    assert {left for _, left, _ in notices} >= {None, 0, -1}, "the last day, which the days off after it leave so, and the one before"
    assert any(left is not None and left < 0 for _, left, _ in notices)
    assert {provisional for *_, provisional in notices} == {None, False, True}
    assert all(told["check late"])
    assert sum(told["check late"][1:]) > told["check late"][0], "what nothing points at any more was answered too"
    kept = {one[4] for one in _second(small, "candidates for transfer").values()}
    assert kept >= {"in_service", "general", "long_enough", "little_used", ""}
    assert {one[5][:4] for one in _second(small, "candidates for transfer").values()} >= {"", "unkn", "2025"}
    purchases = _second(small, "purchases").values()
    assert any(own[1][3] for one in purchases for own in one[5]), "others used one of the kind"


def test_the_year_meets_the_edges_of_performance(small: Both) -> None:
    told = _second(small, "performance as printed")
    assert 0 < told["其中全年未用"] < told["仪器"]
    assert told["unposted of the year after"]
    assert any(before is not None for _, before in (told[f"figure {place}"] for place in range(9)))
    assert all(told[f"bars {place}"][0] > 1 for place in range(3))
    assert told["bars 2"][0] > len(told["bars 2"]) - 1, "more sets than bars"
    assert all(_second(small, "performance of the first year as printed")[f"figure {place}"][1] is None for place in range(9))
    parts = [one for key, one in _second(small, "yearly benefit scores").items() if key.startswith("parts of ")]
    for name in ("hours", "training", "research", "income", "functions"):
        assert any(one[name][0] == one[name][1] for one in parts), f"{name} is known of some set"
        assert name == "income" or any(one[name][0] < one[name][1] for one in parts), f"{name} is open of some set"


def test_the_year_meets_the_edges_of_the_national_platform(small: Both) -> None:
    has = [_second(small, name) for name in ("what the national platform has", "what the national platform has after the year")]
    assert {state for one in has for state, *_ in one.values()} == set(national_there.THERE) - {"stands"}
    assert any(one[-1] for told in has for one in told.values()), "some of it at an earlier address"
    assert "7 2025" not in has[1], "the effect stands as it was told"
    for name in ("audits of the national platform", "audits of the national platform after the year"):
        told = _second(small, name)
        assert set(told["all"]) == {"refused", "not_submitted", "pending", "unseen", "passed"}
        assert told["withheld"]
        rows = [one for one in told.values() if isinstance(one, tuple)]
        assert {one[-1] for one in rows if one[0] == "refused"} == {True, False}, "of those that no longer stand nothing is to be done"
    spans = [one for name in FAMILIES if name.endswith("told to the national platform") for one in _second(small, name).values()]
    assert {one[-1] for one in spans} == {"to_tell", "wrong", "nothing"}
    by_then = _second(small, "services told to the national platform by the end of the year").values()
    assert {one[-1] for one in by_then} == {"to_tell", "running"}
    assert all(one[place] for one in by_then for place in range(4))


def test_the_year_meets_the_edges_of_what_is_shared_and_filed(small: Both) -> None:
    told = _second(small, "the universities' sharing system")
    assert all(told[f"n {state}"] for state in ("written", "left_out", "withheld", "unstated"))
    codes = {code for one in told.values() if isinstance(one, tuple) for code, _ in one[1]}
    assert codes >= {"blank", "too_long", "secrecy_unknown", "country_unknown", "country_form", "not_address", "state_unknown", "contact_left_out"}
    assert codes >= {"date_ahead", "same_inner_id", "longer_than_kept"}
    assert all(_second(small, "the statement of filed sets")["counted"][:3])


def test_the_year_meets_the_edges_of_meters(small: Both) -> None:
    told = _second(small, "logs of meters")
    sessions = [one for one in told.values() if isinstance(one, tuple) and len(one) == 4]
    assert told["kept"] == len(sessions) > 500
    assert {(one[2], one[3] is None) for one in sessions} == {(band, current) for band in ("idle", "working") for current in (False, True)}
    assert all(0 < one[1] < one[0] for one in told.values() if isinstance(one, tuple) and len(one) == 2), "each is silent somewhere"
    moved = small.plain.rows("SELECT sensor FROM sensor_binding GROUP BY sensor HAVING count(DISTINCT instrument_id) > 1")
    assert {row[0] for row in moved} <= told.keys(), "one meter at least sat on two sets"
    assert moved


def test_the_year_meets_the_edges_of_sums(small: Both) -> None:
    told = _second(small, "transactions")
    assert told["冲销金额"][0]
    assert told["withheld"]
    assert 0 < told["wanting"] < told["对外服务"][0]
    assert _second(small, "transactions of the year after")["对外服务"][0] == 0, "nothing but reversals"
    people = [one for key, one in _second(small, "statements and payroll").items() if len(key) == 2]
    assert {note[0] for *_, line in people if line for note in line[1]} == {"back", "late", "remainder", "deduction", "reversal"}
    assert {how[1] is None for _, how, *_ in people} == {True, False}, "with and without coefficients"
    assert {how[2] == 1 for _, how, *_ in people} == {True, False}
    assert any(how[0] == 0 and how[5] for _, how, *_ in people), "who is only taken back from"
    lines = [line for key, one in _second(small, "statements and payroll").items() if len(key) == 3 for line, _ in one]
    assert all({line[place] for line in lines} == {True, False} for place in (1, 5))


def test_the_year_meets_the_edges_of_fees_and_papers(small: Both) -> None:
    checked = list(_second(small, "prices beside their cost").values())
    assert {worst for _, worst, *_ in checked} == {"above", "unknown", "within", "not_comparable"}
    beside = {hourly - cost * 10**6 for cost, _, said, _ in checked if cost is not None for _, _, hourly, _ in said if hourly is not None}
    assert beside >= {-(10**6), 0, 10**6}, "a fen below the cost, at it, above it"
    assert any(cost is not None and any(one[3] == "unknown" for one in said) for cost, _, said, _ in checked), "terms nobody could read"
    assert {share for *_, share in checked} >= {None, 0, 99_990, 99_900, 160_010, 160_100, 10**6}
    assert not {share for *_, share in checked} & {100_000, 150_000, 150_010, 160_000}, "both ends are usual, the upper one as set here"
    sheets = [_second(small, name) for name in ("the sheet of fees", "the sheet of fees the day before")]
    assert sheets[0] != sheets[1]
    assert sheets[0]["without prices"]
    assert sheets[0]["counted"][2]
    prices = [price for key, one in sheets[0].items() if key.isdigit() for _, *both in one[2] for price in both]
    assert {price for price in prices if isinstance(price, str)} == {"words", "unsettled", ""}
    assert {one[1] for key, one in sheets[0].items() if key.isdigit()} == {None, "2025-12-31"}
    assert all(_second(small, "lines of fees").values())
    listed = _second(small, "management documents")
    papers = [one for key, one in listed.items() if len(one) == 3]
    assert {state for state, _, wanted in papers if wanted} == {state for state, _, wanted in papers if not wanted} | {"missing"}
    assert {state for state, *_ in papers} == {"in_force", "ends_soon", "over", "not_yet", "missing"}
    assert _second(small, "management documents before any is asked for")["of those asked for"] == (None, None)
    told = _second(small, "what the network published")
    assert {one for key, one in told.items() if key.isdigit()} == set(publications.STANDINGS)
    assert set(told["published"]) == {"listed", "pending", "taken_down", "审核退回", ""}
    assert told["of none here"]
    assert told["secret"]


def test_the_year_meets_the_edges_of_other_prices(small: Both) -> None:
    told = [_second(small, name) for name in FAMILIES if name.startswith("a year by more versions")]
    assert {why for one in told for key, reasons in one.items() if key[1] == "reasons" for why in reasons} == {"record.no_fee_item", "record.fee_to_confirm"}
    differences = [one[key] for one in told for key in one if key[1] == "difference"]
    assert None in differences
    assert min(known := [one for one in differences if one is not None]) < 0 < max(known)
    assert _second(small, "a year by the prices of a day without any")["difference"] is None
    assert {len(one) for one in _second(small, "costs that are suggested").values()} == {0, 2}


def _codes(one: tuple[Any, ...]) -> Iterable[tuple[str, int]]:
    return one[3] if len(one) == 4 else ()


def settled(both: Both) -> settlement.Settlement:
    return payouts.preview(both.workspace, DAY, paid.SCHEME)


def test_the_ledger_written_in_bulk_is_whole(small: Both) -> None:
    assert upkeep.verify(small.workspace).ok


def test_the_second_reckoning_knows_nothing_of_the_program() -> None:
    files = sorted(Path(__file__).parent.glob("plain*.py"))
    assert len(files) == 25
    named = {
        (file.name, name.partition(".")[0])
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not {pair for pair in named if pair[1] in ("desktop", "network")}


@pytest.mark.parametrize("name", broken.BROKEN)
def test_a_broken_program_is_caught(small: Both, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family, module, attribute, change = broken.BROKEN[name]
    _second(small, family)
    monkeypatch.setattr(module, attribute, change(getattr(module, attribute, min)), raising=False)
    assert _differences(small, family)


def test_a_broken_fee_is_caught(small: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    second = plain_money.prices(small.plain, now=True)
    assert not asked.differences(asked.priced_anew(small.workspace), second)
    monkeypatch.setattr(charging, "rounded", broken.down)
    assert asked.differences(asked.priced_anew(small.workspace), second)


def test_differences_name_both_answers() -> None:
    assert asked.differences({"a": 1, "b": (1, None)}, {"a": 1, "b": (1, 0)}) == ["b: the program says (1, None), reckoned again (1, 0)"]
    assert asked.differences({"a": 1}, {}) == ["a: the program says 1, reckoned again nothing"]
    assert not asked.differences({}, {})
