"""Rule values: what is in force when, an institution's own values on top, the hash on reports, and strict files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop import resource, words
from desktop.ledger.parameter import Parameter, ParameterValue
from desktop.ledger.problem import Problem
from desktop.rules import parameter_files, parameters
from desktop.rules.parameters import Parameters, packaged

DAY = date(2026, 6, 1)

# Key, first day, and value as the rules' own page gives them: each is in force on its first day and not the day before.
STATED = [
    ("duty.threshold_fen", date(2017, 9, 20), 300_000_00),
    ("duty.join_days", date(2017, 9, 20), 30),
    ("award.provider_cap_fen", date(2024, 8, 1), 2_000_000_00),
    ("award.pilot_base_cap_fen", date(2024, 8, 1), 2_000_000_00),
    ("pilot.base_equipment_fen", date(2022, 1, 1), 10_000_000_00),
    ("sensor.coverage", date(2024, 8, 1), Decimal("0.90")),
    ("voucher.rate_low", date(2024, 8, 1), Decimal("0.40")),
    ("voucher.rate_high", date(2024, 8, 1), Decimal("0.60")),
    ("voucher.rate_supported", date(2019, 1, 1), Decimal("0.60")),
    ("voucher.cap_fen", date(2024, 8, 1), 500_000_00),
    ("voucher.city_3715_cap_fen", date(2023, 1, 1), 650_000_00),
    ("payout.technician_share_cap", date(2024, 8, 1), Decimal("0.80")),
    ("review.threshold_fen", date(2024, 8, 1), 500_000_00),
    ("evaluation.years_back", date(2025, 9, 23), 1),
    ("national.threshold_fen", date(2014, 12, 31), 500_000_00),
    ("national.review_threshold_fen", date(2019, 1, 1), 2_000_000_00),
    ("moe.threshold_fen", date(2017, 1, 1), 400_000_00),
    ("hours.rated_general", date(2017, 1, 1), 1400),
    ("hours.rated_special", date(2017, 1, 1), 800),
    ("sme.industry_staff", date(2011, 6, 18), (1000, 300, 20)),
    ("sme.real_estate_assets", date(2011, 6, 18), (10000, 5000, 2000)),
]


@pytest.mark.parametrize(("key", "first", "value"), STATED)
def test_values_begin_on_their_day(key: str, first: date, value: ParameterValue) -> None:
    parameter = packaged().in_force(key, first)
    assert parameter is not None
    assert parameter.value == value
    assert type(parameter.value) is type(value)
    assert packaged().in_force(key, first - timedelta(days=1)) is None


def test_a_later_value_follows_an_earlier_one() -> None:
    mean = [packaged().in_force("hours.benchmark_effective", date(year, 12, 31)) for year in (2018, 2019, 2024, 2025)]
    assert [one and one.integer for one in mean] == [None, 1440, 1440, 1599]


def test_the_weights_of_the_ministry_add_up_to_one() -> None:
    weights = [packaged().in_force(key, DAY) for key in packaged().every_key() if key.startswith("moe.weight_")]
    assert sum(one.decimal for one in weights if one) == 1
    assert len(weights) == 5


def test_what_is_not_in_force_is_said_and_never_zero() -> None:
    assert packaged().in_force("award.provider_rate", DAY) is None
    shown = packaged().figure("award.provider_rate", DAY)
    assert (shown.value, shown.unit) == (None, "ratio")
    told = parameters.missing("award.provider_rate", DAY)
    assert told.code == "parameter.not_in_force"
    assert "award.provider_rate" in words.say(told.code, **dict(told.params))


@pytest.mark.parametrize("key", ["duty.treshold_fen", "nothing.at_all", ""])
def test_a_misspelt_key_is_a_slip_in_the_program(key: str) -> None:
    with pytest.raises(KeyError):
        packaged().in_force(key, DAY)


def test_every_packaged_value_is_sound_cited_and_named() -> None:
    assert parameter_files.faults(resource.path("rules")) == ()
    for key in packaged().every_key():
        assert words.known(f"parameter.{key}"), key
        assert packaged().unit(key) in parameter_files.UNITS
        for parameter in packaged().history(key):
            shown = parameters.figure(parameter)
            assert shown.clause
            assert shown.certainty
            assert shown.how == "parameter"
            assert shown.value == parameter.value or isinstance(parameter.value, tuple)


def test_a_list_is_shown_as_text() -> None:
    assert packaged().figure("sme.industry_staff", DAY).value == "1000 / 300 / 20"


def test_typed_access_refuses_the_wrong_type() -> None:
    def value(key: str) -> Parameter:
        parameter = packaged().in_force(key, DAY)
        assert parameter is not None
        return parameter

    assert value("duty.fiscal_only").flag is True
    assert value("duty.join_days").decimal == 30
    assert value("voucher.supported_cities").codes == ("3704", "3713", "3714", "3715", "3716", "3717")
    assert value("sme.agriculture_revenue").limits == (20000, 500, 50)
    for key, wrong in [
        ("duty.fiscal_only", "integer"),
        ("voucher.rate_low", "integer"),
        ("definition.sharing_rate", "decimal"),
        ("duty.join_days", "flag"),
        ("sme.industry_staff", "codes"),
        ("voucher.supported_cities", "limits"),
    ]:
        with pytest.raises(TypeError, match=key):
            getattr(value(key), wrong)


def own(
    key: str = "award.provider_rate", value: ParameterValue = Decimal("0.05"), unit: str = "ratio", **change: object
) -> Parameter:
    made = Parameter(key, date(2026, 1, 1), value, unit, "鲁科字〔2026〕9号", "第1条", "A", own=True)
    return replace(made, **change)  # type: ignore[arg-type]


def test_an_own_value_holds_from_its_day_and_leaves_history_alone() -> None:
    layered, wrong = packaged().layered([own(), own("duty.threshold_fen", 400_000_00, "fen")])
    assert wrong == ()
    newer = layered.in_force("duty.threshold_fen", date(2026, 1, 1))
    assert newer is not None
    assert (newer.integer, newer.own) == (400_000_00, True)
    before = date(2025, 12, 31)
    assert layered.in_force("duty.threshold_fen", before) == packaged().in_force("duty.threshold_fen", before)
    assert layered.in_force("award.provider_rate", DAY) is not None
    assert packaged().in_force("award.provider_rate", DAY) is None
    assert dict(layered.figure("duty.threshold_fen", DAY).params)["own"] == "true"


def test_own_values_of_one_key_follow_each_other_in_any_order_given() -> None:
    later = own(value=Decimal("0.06"), from_on=date(2027, 1, 1))
    layered, wrong = packaged().layered([later, own()])
    assert wrong == ()
    assert [one.value for one in layered.history("award.provider_rate")] == [Decimal("0.05"), Decimal("0.06")]


def test_an_own_value_with_an_end_holds_until_the_day_before_it() -> None:
    layered, _ = packaged().layered([own(until_on=date(2026, 7, 1))])
    assert layered.in_force("award.provider_rate", date(2026, 6, 30)) is not None
    assert layered.in_force("award.provider_rate", date(2026, 7, 1)) is None


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        (own("award.no_such"), "parameter.unknown_key"),
        (own("nothing.at_all"), "parameter.unknown_key"),
        (own(source=" "), "parameter.no_document"),
        (own(value=5), "parameter.own_wrong_type"),
        (own(value=Decimal("1.5")), "parameter.own_wrong_type"),
        (own(unit="fen"), "parameter.own_wrong_type"),
        (own(certainty="sure"), "parameter.own_certainty"),
        (own(until_on=date(2026, 1, 1)), "parameter.own_until"),
        (own("duty.threshold_fen", 1, "fen", from_on=date(2024, 8, 1)), "parameter.not_newer"),
        (own("duty.threshold_fen", 1, "fen", from_on=date(2020, 1, 1)), "parameter.not_newer"),
    ],
)
def test_an_own_value_that_cannot_be_used_is_left_out_and_said(parameter: Parameter, code: str) -> None:
    layered, wrong = packaged().layered([parameter])
    assert [one.code for one in wrong] == [code]
    assert layered.hash(DAY) == packaged().hash(DAY)
    assert parameter.key in words.say(code, **dict(wrong[0].params))


def test_the_same_day_twice_keeps_the_first() -> None:
    layered, wrong = packaged().layered([own(), own(value=Decimal("0.5"))])
    assert [one.code for one in wrong] == ["parameter.not_newer"]
    assert layered.figure("award.provider_rate", DAY).value == Decimal("0.05")


def test_the_hash_changes_with_what_is_in_force_and_with_nothing_else() -> None:
    now = packaged().hash(DAY)
    assert now == Parameters().hash(DAY) == packaged().hash(DAY + timedelta(days=1))
    assert now != packaged().hash(date(2024, 7, 31))
    coming, _ = packaged().layered([own(from_on=date(2027, 1, 1))])
    assert coming.hash(DAY) == now
    assert coming.hash(date(2027, 1, 1)) != now
    assert len(now) == 64


GOOD = """
[[value]]
key = "test.rate"
from = 2020-01-01
value = 0.10
unit = "ratio"
source = "a notice"
clause = "1"
certainty = "B"
"""


def codes(text: str) -> list[str]:
    return [one.code for one in parameter_files.read(text, "test")[1]]


def test_a_number_with_a_point_is_exact() -> None:
    subject, faults = parameter_files.read(GOOD, "test")
    assert faults == ()
    assert subject.values["test.rate"][0].value == Decimal("0.10")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('source = "a notice"', "", "parameter.missing_field"),
        ('source = "a notice"', 'source = ""', "parameter.missing_field"),
        ("from = 2020-01-01", "", "parameter.missing_field"),
        ('clause = "1"', "clause = 1", "parameter.wrong_type"),
        ("value = 0.10", "value = 10", "parameter.wrong_type"),
        ("value = 0.10", "value = true", "parameter.wrong_type"),
        ("value = 0.10", "value = [0.10]", "parameter.wrong_type"),
        ("value = 0.10", "value = 1.01", "parameter.wrong_type"),
        ("value = 0.10", "value = nan", "parameter.wrong_type"),
        ("value = 0.10", 'value = "0.10"', "parameter.wrong_type"),
        ("from = 2020-01-01", "from = 2020-01-01T00:00:00", "parameter.wrong_type"),
        ("from = 2020-01-01", 'from = "2020-01-01"', "parameter.wrong_type"),
        ('unit = "ratio"', 'unit = "yuan"', "parameter.unknown_unit"),
        ('certainty = "B"', 'certainty = "E"', "parameter.unknown_certainty"),
        ('key = "test.rate"', 'key = "other.rate"', "parameter.foreign_key"),
        ('key = "test.rate"', 'key = "test.Rate"', "parameter.foreign_key"),
        ('certainty = "B"', 'certainty = "B"\nsuorce = "typo"', "parameter.unknown_field"),
        ('certainty = "B"', 'certainty = "B"\nuntil = 2020-01-01', "parameter.until_before_from"),
        ("[[value]]", "[[values]]", "parameter.unknown_field"),
        ("[[value]]", "[value]", "parameter.unknown_field"),
        ("[[value]]", "value = 3\n[defaults]", "parameter.unknown_field"),
        ("[[value]]", "[[defaults]]", "parameter.unknown_field"),
        ('unit = "ratio"', 'unit = ["ratio"]', "parameter.unknown_unit"),
        ("[[value]]", "[[value", "parameter.unreadable"),
    ],
)
def test_each_fault_of_a_file_is_seen(old: str, new: str, code: str) -> None:
    assert old in GOOD
    assert codes(GOOD.replace(old, new)) == [code]


def test_all_faults_are_told_at_once() -> None:
    bad = GOOD.replace('certainty = "B"', 'certainty = "E"').replace("0.10", "7.5") + GOOD.replace('"ratio"', '"yuan"')
    assert codes(bad) == ["parameter.unknown_certainty", "parameter.wrong_type", "parameter.unknown_unit"]


def test_values_of_one_key_are_checked_against_each_other() -> None:
    assert codes(GOOD + GOOD) == ["parameter.twice"]
    later = GOOD.replace("2020-01-01", "2021-01-01")
    assert codes(later + GOOD) == []
    assert codes(GOOD + "until = 2021-01-02\n" + later) == ["parameter.overlap"]
    assert codes(GOOD + "until = 2021-01-01\n" + later) == []
    assert codes(GOOD + later.replace("0.10", "3").replace('"ratio"', '"years"')) == ["parameter.unit_changes"]


def test_unset_keys_are_declared_with_unit_and_note() -> None:
    unset = '[[unset]]\nkey = "test.formula"\nunit = "ratio"\nnote = "not published"\n'
    assert codes(GOOD + unset) == []
    assert codes(unset.replace("note", "why")) == ["parameter.unset_faulty"]
    assert codes(unset.replace('"ratio"', '"yuan"')) == ["parameter.unset_faulty"]
    assert codes(unset.replace("test.formula", "other.formula")) == ["parameter.unset_faulty"]
    assert codes(GOOD + unset.replace("formula", "rate")) == ["parameter.twice"]
    assert codes(unset + unset) == ["parameter.twice"]


def test_defaults_are_shared_and_can_be_overridden() -> None:
    text = '[defaults]\nsource = "shared"\nunit = "ratio"\n' + GOOD.replace('unit = "ratio"', "")
    subject, faults = parameter_files.read(text, "test")
    assert faults == ()
    assert subject.values["test.rate"][0].source == "a notice"
    assert subject.unit("test.rate") == "ratio"


def test_a_faulty_file_stops_what_hangs_on_it_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "test.toml").write_text(GOOD.replace("0.10", "7.5"), encoding="utf-8")
    (tmp_path / "fine.toml").write_text(GOOD.replace("test.", "fine."), encoding="utf-8")
    some = Parameters(tmp_path)
    assert some.figure("fine.rate", DAY).value == Decimal("0.10")
    with pytest.raises(Problem) as raised:
        some.in_force("test.rate", DAY)
    assert raised.value.code == "parameter.file_faulty"
    assert [one.code for one in raised.value.findings] == ["parameter.wrong_type"]
    said = [words.say(one.code, **dict(one.params)) for one in parameter_files.faults(tmp_path)]
    assert len(said) == 1
    assert "test.rate" in said[0]
    assert "{" not in said[0]


VALUES = [
    ("fen", 30_000_000),
    ("hours", Decimal("0.01")),
    ("hours", 1400),
    ("ratio", Decimal("0.60")),
    ("flag", True),
    ("flag", False),
    ("text", "共享率"),
    ("codes", ("3704", "3713")),
    ("people", (1000, 300, 20)),
]


@pytest.mark.parametrize(("unit", "value"), VALUES)
def test_a_value_survives_being_text(unit: str, value: ParameterValue) -> None:
    assert parameter_files.value_from_text(unit, parameter_files.value_text(value)) == value


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("fen", "1.5"), ("fen", ""), ("fen", "-1"), ("ratio", "1.5"), ("ratio", "x"), ("ratio", "NaN"), ("hours", "-1"),
        ("flag", "yes"), ("text", ""), ("codes", ","), ("people", "1,x"), ("yuan", "1"), ("hours", "Infinity"),
    ],
)  # fmt: skip
def test_text_that_does_not_fit_its_unit_is_refused(unit: str, text: str) -> None:
    with pytest.raises(ValueError, match="no value in"):
        parameter_files.value_from_text(unit, text)


@settings(max_examples=60)
@given(
    st.lists(st.dates(date(2025, 1, 1), date(2030, 1, 1)), unique=True, max_size=5), st.dates(date(2024, 1, 1), date(2031, 1, 1))
)
def test_in_force_is_the_newest_that_has_begun(starts: list[date], day: date) -> None:
    layered, wrong = packaged().layered(own(from_on=start, source=start.isoformat()) for start in starts)
    assert wrong == ()
    begun = [start for start in starts if start <= day]
    found = layered.in_force("award.provider_rate", day)
    assert (found and found.from_on) == (max(begun) if begun else None)
