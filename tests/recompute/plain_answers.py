"""What a rectification report counts, reckoned a second time: notices with how each stands, and the findings of every check with their answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from tests.recompute.plain import Plain, working_days
from tests.recompute.plain_sensors import beyond
from tests.recompute.plain_use import integrity

Told = dict[Any, Any]
_STATES = ("explained", "corrected", "accepted", "open")


def rectification(plain: Plain, start: str, end: str, day: date) -> Told:
    """Every check by how its findings stand, every notice that asks something, and what is counted above them."""
    told: Told = {}
    pointed = {name: {number for number, _ in seen} for name, seen in (integrity(plain, start, end, day) | beyond(plain, start, end, day)).items()}
    said: dict[tuple[str, str], str] = {}
    for one in plain.rows(
        "SELECT a.*, r.number FROM integrity_answer a JOIN service_record r ON r.id = a.record_id WHERE substr(r.ended_at, 1, 10) >= ? "
        "AND substr(r.ended_at, 1, 10) < ? ORDER BY a.answered_on, a.rowid", start, end,
    ):  # fmt: skip
        said[one["check_name"], one["number"]] = one["state"]
    for name, seen in pointed.items():
        states = Counter(said.get((name, number), "open") for number in seen | {number for check, number in said if check == name})
        told[f"check {name}"] = (len(seen), *(states[state] for state in _STATES))
    told |= _notices(plain, start, end, day)
    asked = [one for key, one in told.items() if key.startswith("notice ")]
    standing = plain.value(
        "SELECT count(*) FROM posting WHERE reverses IS NULL AND id NOT IN (SELECT reverses FROM posting WHERE reverses IS NOT NULL) "
        f"AND ended_on >= '{start}' AND ended_on < '{end}'"
    )
    findings = [one for key, one in told.items() if key.startswith("check ")]
    return told | {
        "收到的通知": len(asked), "其中未答复": sum(not state.startswith("answered") for state, *_ in asked), "核对的记录": standing,
        "自查发现": sum(sum(one[1:]) for one in findings), "其中待处理": sum(one[4] for one in findings),
    }  # fmt: skip


def _notices(plain: Plain, start: str, end: str, day: date) -> Told:
    answered: dict[str, list[str]] = defaultdict(list)
    for one in plain.rows("SELECT * FROM notice_answer"):
        answered[one["notice_id"]].append(one["answered_on"])
    told: Told = {}
    for one in plain.rows("SELECT * FROM notice WHERE kind <> 'information'"):
        came = (datetime.fromisoformat(one["received_at"]) + timedelta(hours=8)).date().isoformat()
        if not start <= (one["issued_on"] or came) < end:
            continue
        first, due = min(answered[one["id"]], default=None), one["due_on"]
        if first is not None:
            told[f"notice {one['title']}"] = ("answered_late" if due and first > due else "answered", None, None)
        elif due is None:
            told[f"notice {one['title']}"] = ("no_day", None, None)
        else:
            left, provisional = working_days(day, date.fromisoformat(due))
            told[f"notice {one['title']}"] = ("overdue" if due < day.isoformat() else "due", left, provisional)
    return told
