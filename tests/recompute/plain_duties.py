"""Who must join the network and by when, reckoned a second time: a decision table, one row of facts at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.recompute.plain import Plain, counted_from, works

Told = dict[Any, Any]


def duties(plain: Plain, day: date) -> Told:
    """Asset number -> state, deadline, whether that is provisional, working days left; of every set not retired by a day."""
    return {
        one["asset_number"]: _duty(plain, one, day)
        for one in plain.rows("SELECT * FROM instrument")
        if one["retired_on"] is None or one["retired_on"] > day.isoformat()
    }


def _duty(plain: Plain, one: Any, day: date) -> tuple[str, date | None, bool, int | None]:
    state, accepted = _state(plain, one, day), one["accepted_on"]
    rule_day = accepted or day.isoformat()
    if state == "not_obliged" or one["confidential"] or not accepted or plain.rule("duty.threshold_fen", rule_day) is None:
        return state, None, False, None
    last, provisional = counted_from(date.fromisoformat(accepted), plain.rule("duty.join_days", accepted))
    return state, last, provisional, _left(day, last) if state in ("to_join", "overdue") else None


def _left(day: date, last: date) -> int:
    sign, first, until = (1, day, last) if last >= day else (-1, last, day)
    return sign * sum(works(first + timedelta(days=n)) for n in range(1, (until - first).days + 1))


def _state(plain: Plain, one: Any, on: date) -> str:
    day, accepted = on.isoformat(), one["accepted_on"]
    joined = one["joined_on"] <= day if one["joined_on"] else one["network_number"] != ""
    filed = one["filed_on"] <= day if one["filed_on"] else one["filing_number"] != ""
    began = accepted or one["booked_on"]
    done_on = one["filed_on"] if one["confidential"] else one["joined_on"]
    if began and day < began and not (done_on and done_on <= day):
        return "not_obliged"
    least = plain.rule("duty.threshold_fen", accepted or day)
    fiscal_only = plain.rule("duty.fiscal_only", accepted or day)
    if least is None or (one["value_fen"] is not None and one["value_fen"] < least) or (fiscal_only and one["fiscal"] == 0):
        return "not_obliged"
    open_fact = one["value_fen"] is None or (fiscal_only and one["fiscal"] is None)
    if one["confidential"]:
        return "filed" if filed else "unknown" if open_fact else "to_file"
    last = counted_from(date.fromisoformat(accepted), plain.rule("duty.join_days", accepted))[0].isoformat() if accepted else None
    if joined:
        late = one["joined_on"] and last and not open_fact and one["joined_on"] > last
        return "joined_late" if late else "joined"
    if open_fact or one["confidential"] is None or last is None:
        return "unknown"
    return "overdue" if day > last else "to_join"
