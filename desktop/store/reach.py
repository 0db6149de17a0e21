"""What reaches which remote: kinds, columns and conditions. A column goes where its declared reach says, a row where its kind does.

``network`` (the province) gets what is reportable; ``hub`` (the institution's own server) all that the seats of one institution share.
A confidential row reaches neither, nor does a row that hangs on one: a payout run with a confidential line or cost stays whole on its seat,
and so does one that takes back what such a run has paid.
What it settled of ordinary postings goes to the hub as marks, one a posting, without an amount.
"""

from __future__ import annotations

from functools import cache

from desktop.ledger.attachment import SUBJECTS_AT_HOME
from desktop.store.schema_money import NAMING
from desktop.store.tables import tables

NETWORK, HUB = "network", "hub"
REMOTES = (NETWORK, HUB)
_REACHES = {NETWORK: ("network",), HUB: ("network", "institution")}

# A set of which nobody said that it is not confidential stays here as one that is, until somebody does.
_MAY_BE, _STATED = "confidential IS NOT 0", "confidential = 1"
HIDDEN_INSTRUMENT = f"(SELECT id FROM instrument WHERE {_MAY_BE})"
HIDDEN_SCHEDULE = f"(SELECT id FROM fee_schedule WHERE instrument_id IN {HIDDEN_INSTRUMENT})"
HIDDEN_RECORD = f"(SELECT id FROM service_record WHERE confidential = 1 OR instrument_id IN {HIDDEN_INSTRUMENT})"
# By their records: postings have no index of instruments, and a million of them are not read for each question.
HIDDEN_POSTING = f"(SELECT id FROM posting WHERE confidential = 1 OR record_id IN {HIDDEN_RECORD})"
HIDDEN_PILOT_EQUIPMENT = f"(SELECT id FROM pilot_equipment WHERE confidential = 1 OR instrument_id IN {HIDDEN_INSTRUMENT})"
# A set that the register does not have and of which nobody said whether it is confidential stays here until somebody does.
_UNSAID_PILOT_EQUIPMENT = "(SELECT id FROM pilot_equipment WHERE instrument_id IS NULL AND confidential IS NULL)"
# What is granted for one use tells of the others under the same cap: a claim with a confidential line stays here whole.
HIDDEN_CLAIM = f"(SELECT claim_id FROM voucher_claim_line WHERE use_id IN {HIDDEN_RECORD})"
HIDDEN_COST = f"(SELECT id FROM cost_row WHERE instrument_id IN {HIDDEN_INSTRUMENT})"
# A run with a confidential line or that deducts a confidential cost; one that takes back a line of such a run, for what that line brought tells
# of the whole pool; one whose findings name a confidential posting.
HIDDEN_RUN = (
    f"(WITH RECURSIVE hidden_run (id) AS (SELECT run_id FROM payout_line WHERE posting_id IN {HIDDEN_POSTING} "
    f"UNION SELECT run_id FROM payout_cost WHERE cost_row_id IN {HIDDEN_COST} "
    f"UNION SELECT n.id FROM payout_run n JOIN json_each(n.findings) f WHERE {NAMING} "
    f"AND json_extract(f.value, '$[4]') IN {HIDDEN_POSTING} "
    "UNION SELECT l.run_id FROM hidden_run h JOIN payout_line o ON o.run_id = h.id JOIN payout_line l ON l.reverses = o.id "
    "UNION SELECT m.id FROM hidden_run h JOIN payout_run m ON m.reverses = h.id) SELECT id FROM hidden_run)"
)

# An attachment is as confidential as the row it belongs to. A kind that is not listed is confidential: nothing of it leaves.
_HIDDEN_SUBJECT = {
    "instrument": HIDDEN_INSTRUMENT,
    "fee_schedule": HIDDEN_SCHEDULE,
    "service_record": HIDDEN_RECORD,
    "cost_row": HIDDEN_COST,
    "receipt": f"(SELECT id FROM receipt WHERE posting_id IN {HIDDEN_POSTING})",
    "payout_run": HIDDEN_RUN,
    "pilot_base": "(SELECT '')",
    "pilot_equipment": HIDDEN_PILOT_EQUIPMENT,
    "purchase_proposal": "(SELECT '')",
    "transfer": f"(SELECT id FROM transfer WHERE instrument_id IN {HIDDEN_INSTRUMENT})",
    "integrity_answer": f"(SELECT id FROM integrity_answer WHERE record_id IN {HIDDEN_RECORD})",
    "voucher_claim": HIDDEN_CLAIM,
    "outside_use": "(SELECT '')",
}
HIDDEN_ATTACHMENT = (
    "(NOT (" + " OR ".join(f"(of_kind = '{kind}' AND of_id NOT IN {hidden})" for kind, hidden in _HIDDEN_SUBJECT.items()) + "))"
)

RUN_PARTS = ("payout_line", "payout_share", "payout_cost")
"""The kinds of which a run is made: each of their rows stays here exactly when its run does."""
# Kind -> what makes a row confidential. In the order in which rows refer to each other.
_SECRET: dict[str, str] = {
    "parameter": "0",
    "person": "0",
    "technician": "0",
    "instrument": _MAY_BE,
    "pilot_base": "0",
    "pilot_partner": "0",
    "pilot_equipment": f"id IN {HIDDEN_PILOT_EQUIPMENT}",
    "pilot_openness": f"coalesce(equipment_id, '') IN {HIDDEN_PILOT_EQUIPMENT}",
    "sensor_binding": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "power_band": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "customer": "0",
    "fee_schedule": f"instrument_id IN {HIDDEN_INSTRUMENT}",
    "fee_line": f"schedule_id IN {HIDDEN_SCHEDULE}",
    "cost_component": f"schedule_id IN {HIDDEN_SCHEDULE}",
    "service_record": f"(confidential = 1 OR instrument_id IN {HIDDEN_INSTRUMENT})",
    "posting": f"(confidential = 1 OR instrument_id IN {HIDDEN_INSTRUMENT})",
    "receipt": f"posting_id IN {HIDDEN_POSTING}",
    "scheme": "0",
    "cost_row": f"(instrument_id IS NOT NULL AND instrument_id IN {HIDDEN_INSTRUMENT})",
    "payout_mark": f"(coalesce(posting_id, '') IN {HIDDEN_POSTING} OR coalesce(cost_row_id, '') IN {HIDDEN_COST})",
    "payout_run": f"id IN {HIDDEN_RUN}",
    "payout_line": f"run_id IN {HIDDEN_RUN}",
    "payout_share": f"run_id IN {HIDDEN_RUN}",
    "payout_cost": f"run_id IN {HIDDEN_RUN}",
    "month_event": "0",
    "pilot_service": f"(record_id IN {HIDDEN_RECORD} OR coalesce(equipment_id, '') IN {HIDDEN_PILOT_EQUIPMENT})",
    "voucher_enterprise": "0",
    "voucher_group": "0",
    "voucher_mark": f"record_id IN {HIDDEN_RECORD}",
    "province_search": "0",
    "outside_use": "0",
    "voucher_claim": f"id IN {HIDDEN_CLAIM}",
    "voucher_claim_line": f"claim_id IN {HIDDEN_CLAIM}",
    "voucher_claim_step": f"claim_id IN {HIDDEN_CLAIM}",
    "attachment": HIDDEN_ATTACHMENT,
    "voucher_paper": f"use_id IN {HIDDEN_RECORD}",
    "notice_answer": "0",
}
# The same of one row, found by its own posting: the sets above are made whole for each question, and are long where much is confidential.
# A joined set i that is none hides nothing; one of which nobody said anything does.
_POSTING_OF_ONE = (
    "EXISTS (SELECT 1 FROM posting q LEFT JOIN service_record s ON s.id = q.record_id LEFT JOIN instrument i ON i.id = s.instrument_id "
    "WHERE q.id = {kind}.posting_id AND (q.confidential = 1 OR s.confidential = 1 OR coalesce(i.confidential, i.id IS NOT NULL)))"
)
_COST_OF_ONE = "EXISTS (SELECT 1 FROM cost_row k JOIN instrument i ON i.id = k.instrument_id WHERE k.id = {kind}.cost_row_id AND i.confidential IS NOT 0)"
_RECORD_OF_ONE = (
    "EXISTS (SELECT 1 FROM service_record s LEFT JOIN instrument i ON i.id = s.instrument_id "
    "WHERE s.id = {kind}.{name} AND (s.confidential = 1 OR coalesce(i.confidential, i.id IS NOT NULL)))"
)
_CLAIM_OF_ONE = (
    "EXISTS (SELECT 1 FROM voucher_claim_line x JOIN service_record s ON s.id = x.use_id LEFT JOIN instrument i ON i.id = s.instrument_id "
    "WHERE x.claim_id = {kind}.{name} AND (s.confidential = 1 OR coalesce(i.confidential, i.id IS NOT NULL)))"
)
_EQUIPMENT_OF_ONE = (
    "EXISTS (SELECT 1 FROM pilot_equipment e LEFT JOIN instrument i ON i.id = e.instrument_id "
    "WHERE e.id = {kind}.{name} AND (e.confidential = 1 OR coalesce(i.confidential, i.id IS NOT NULL)))"
)
_SECRET_ONE: dict[str, str] = {
    "receipt": _POSTING_OF_ONE.format(kind="receipt"),
    "payout_mark": f"({_POSTING_OF_ONE} OR {_COST_OF_ONE})".format(kind="payout_mark"),
    "pilot_equipment": _EQUIPMENT_OF_ONE.format(kind="pilot_equipment", name="id"),
    "pilot_openness": _EQUIPMENT_OF_ONE.format(kind="pilot_openness", name="equipment_id"),
    "pilot_service": (
        f"({_RECORD_OF_ONE.format(kind='pilot_service', name='record_id')} OR {_EQUIPMENT_OF_ONE.format(kind='pilot_service', name='equipment_id')})"
    ),
    "voucher_mark": _RECORD_OF_ONE.format(kind="voucher_mark", name="record_id"),
    "voucher_paper": _RECORD_OF_ONE.format(kind="voucher_paper", name="use_id"),
    "voucher_claim": _CLAIM_OF_ONE.format(kind="voucher_claim", name="id"),
    "voucher_claim_line": _CLAIM_OF_ONE.format(kind="voucher_claim_line", name="claim_id"),
    "voucher_claim_step": _CLAIM_OF_ONE.format(kind="voucher_claim_step", name="claim_id"),
}
# Nothing goes for the sake of a claim, or of a posting, that itself stays here.
_LEAVES = "NOT " + _CLAIM_OF_ONE.replace(" x ", " z ").replace("x.", "z.").format(kind="b", name="claim_id")
_SUBMITTED = f"SELECT 1 FROM voucher_claim_step b WHERE b.verb = 'submit' AND {_LEAVES} AND b.claim_id = "
_CLAIMED_OUTSIDE = (
    f"SELECT 1 FROM voucher_claim_line x JOIN voucher_claim_step b ON b.claim_id = x.claim_id AND b.verb = 'submit' AND {_LEAVES} WHERE x.use_id = "
)
_POSTED = (
    "SELECT 1 FROM posting p LEFT JOIN service_record s ON s.id = p.record_id LEFT JOIN instrument i ON i.id = p.instrument_id "
    "WHERE p.confidential = 0 AND coalesce(s.confidential, 0) = 0 AND NOT coalesce(i.confidential, i.id IS NOT NULL) AND p.customer_id = "
)
# A claim, and a paper, goes once a remote has what it is of: another seat may have entered the same record, and ours then takes its key.
# One that another seat deleted is waited for no longer: its claim goes, and says of whom it is.
_HERE = "(EXISTS (SELECT 1 FROM service_record r WHERE r.id = {of}.use_id) OR EXISTS (SELECT 1 FROM outside_use u WHERE u.id = {of}.use_id))"
_UNHEARD = _HERE + (
    " AND NOT EXISTS (SELECT 1 FROM sync_base h "
    "WHERE h.remote = '{{remote}}' AND h.kind = {of}.use_kind AND h.key = {of}.use_id AND h.body IS NOT NULL)"
)
_UNHEARD_CLAIM = f"EXISTS (SELECT 1 FROM voucher_claim_line y WHERE y.claim_id = {{key}} AND {_UNHEARD.format(of='y')})"
_UNSAID: dict[str, str] = {
    "pilot_equipment": "instrument_id IS NULL AND confidential IS NULL",
    "pilot_openness": f"coalesce(equipment_id, '') IN {_UNSAID_PILOT_EQUIPMENT}",
}
# What is not for the province yet: it gets what is settled, with the customers that are named in it.
_NOT_YET: dict[str, str] = {
    **_UNSAID,
    "customer": (
        f"NOT EXISTS ({_POSTED}customer.id) "
        f"AND NOT EXISTS (SELECT 1 FROM voucher_claim w WHERE w.customer_id = customer.id AND EXISTS ({_SUBMITTED}w.id))"
    ),
    "voucher_mark": "EXISTS (SELECT 1 FROM service_record r WHERE r.id = voucher_mark.record_id AND r.state = 'draft')",
    "voucher_claim": f"NOT EXISTS ({_SUBMITTED}voucher_claim.id)",
    "voucher_claim_line": f"NOT EXISTS ({_SUBMITTED}voucher_claim_line.claim_id)",
    "voucher_claim_step": f"NOT EXISTS ({_SUBMITTED}voucher_claim_step.claim_id)",
    "outside_use": f"NOT EXISTS ({_CLAIMED_OUTSIDE}outside_use.id)",
    "province_search": f"NOT EXISTS (SELECT 1 FROM outside_use u WHERE u.search_id = province_search.id AND EXISTS ({_CLAIMED_OUTSIDE}u.id))",
    "fee_schedule": "state = 'draft'",
    "fee_line": "schedule_id IN (SELECT id FROM fee_schedule WHERE state = 'draft')",
    "service_record": "state = 'draft'",
    # Contracts, invoices and cost evidence name contacts and people: they are for the hub. Files of a set go with it.
    "attachment": "of_kind <> 'instrument'",
}
# A posting that gave way to the one another seat had sent before, with all that hangs on it: nobody but this seat ever saw it. The plus
# keeps SQLite from the index of reversals, in which nearly every posting is NULL.
_GAVE_WAY = (
    "(SELECT g.id FROM posting g JOIN posting b ON b.reverses = g.id JOIN posting s ON s.record_id = g.record_id AND s.id <> g.id "
    "AND +s.reverses IS NULL WHERE g.id = {key} AND NOT EXISTS "
    "(SELECT 1 FROM sync_base h WHERE h.remote = '{remote}' AND h.kind = 'posting' AND h.key = g.id AND h.body IS NOT NULL))"
)


def gave_way(key: str, remote: str = HUB) -> str:
    """SQL: whether the posting with a key (SQL too; not its reversal's) gave way to another seat's and never reached a remote."""
    return f"EXISTS {_GAVE_WAY.format(key=key, remote=remote)}"


def _half(key: str) -> str:
    """SQL: whether a key is that of either half of a posting that gave way at the hub."""
    return gave_way(f"(SELECT coalesce(k.reverses, k.id) FROM posting k WHERE k.id = {key})")


# A run goes to the hub whole and after its marks: while another seat's run holds one of them there, nothing of it is sent. Those of a run
# out of force say nothing any more; it goes after its postings, and stays home for good when one of them gave way.
_UNMARKED = (
    "(SELECT u.id FROM payout_run u WHERE NOT EXISTS (SELECT 1 FROM sync_base h WHERE h.remote = 'hub' AND h.kind = 'payout_run' AND h.key = u.id "
    "AND h.body IS NOT NULL) AND (EXISTS (SELECT 1 FROM payout_mark m WHERE m.run_id = u.id AND m.released = 0 AND NOT EXISTS (SELECT 1 FROM sync_base h "
    f"WHERE h.remote = 'hub' AND h.kind = 'payout_mark' AND h.key = m.id AND h.body IS NOT NULL) AND coalesce(m.cost_row_id, '') NOT IN {HIDDEN_COST}) "
    "OR ((u.state IN ('withdrawn', 'reversed') OR u.reverses IS NOT NULL) AND EXISTS (SELECT 1 FROM payout_line x WHERE x.run_id = u.id "
    "AND NOT EXISTS (SELECT 1 FROM sync_base h WHERE h.remote = 'hub' AND h.kind = 'posting' AND h.key = x.posting_id AND h.body IS NOT NULL)))))"
)
_CONTESTED_RUN = "(SELECT f.key FROM sync_conflict f WHERE f.remote = 'hub' AND f.kind = 'payout_run')"
_WAITS_AT_HUB: dict[str, str] = {
    **_UNSAID,
    "pilot_service": f"coalesce(equipment_id, '') IN {_UNSAID_PILOT_EQUIPMENT}",
    "payout_mark": f"(released = 0 AND run_id IN {_CONTESTED_RUN}) OR {_half('payout_mark.posting_id')}",
    "payout_run": f"id IN {_UNMARKED}",
    **dict.fromkeys(RUN_PARTS, f"run_id IN {_UNMARKED}"),
    "attachment": (
        f"(of_kind = 'payout_run' AND EXISTS (SELECT 1 FROM payout_line x WHERE x.run_id = of_id AND {_half('x.posting_id')})) "
        f"OR (of_kind = 'receipt' AND {gave_way('(SELECT t.posting_id FROM receipt t WHERE t.id = attachment.of_id)')}) "
        f"OR (of_kind = 'pilot_equipment' AND of_id IN {_UNSAID_PILOT_EQUIPMENT}) "
        # The rows they belong to reach no remote.
        f"OR of_kind IN ({', '.join(repr(kind) for kind in SUBJECTS_AT_HOME)})"
    ),
}
# A version that cannot stand beside one another seat sent before waits, with its lines, until a person has decided.
_CONTESTED_FEE = (
    "(SELECT f.key FROM sync_conflict f WHERE f.remote = '{remote}' AND f.kind = 'fee_schedule' AND NOT EXISTS (SELECT 1 FROM sync_base h "
    "WHERE h.remote = f.remote AND h.kind = f.kind AND h.key = f.key AND h.body IS NOT NULL))"
)
_WAITS: dict[str, str] = {
    "fee_schedule": f"fee_schedule.id IN {_CONTESTED_FEE}",
    "fee_line": f"fee_line.schedule_id IN {_CONTESTED_FEE}",
    "cost_component": f"cost_component.schedule_id IN {_CONTESTED_FEE}",
    "voucher_claim": _UNHEARD_CLAIM.replace("{key}", "voucher_claim.id"),
    "voucher_claim_line": _UNHEARD_CLAIM.replace("{key}", "voucher_claim_line.claim_id"),
    "voucher_claim_step": _UNHEARD_CLAIM.replace("{key}", "voucher_claim_step.claim_id"),
    "voucher_paper": _UNHEARD.format(of="voucher_paper"),
}
# An answer goes to the remote that sent the notice, to no other.
_ELSEWHERE = "NOT EXISTS (SELECT 1 FROM notice n WHERE n.id = notice_answer.notice_id AND n.remote = '{remote}')"
_HOME: dict[str, str] = {
    "posting": "coalesce(posting.reverses, posting.id)",
    "receipt": "receipt.posting_id",
}
_KINDS: dict[str, tuple[str, ...]] = {
    NETWORK: (
        "instrument", "pilot_base", "pilot_partner", "pilot_equipment", "pilot_openness", "sensor_binding", "customer", "fee_schedule", "fee_line",
        "service_record", "posting", "voucher_mark", "province_search", "outside_use", "voucher_claim", "voucher_claim_line", "voucher_claim_step",
        "attachment", "notice_answer",
    ),
    HUB: tuple(_SECRET),
}  # fmt: skip


def kinds(remote: str) -> tuple[str, ...]:
    """The kinds that reach a remote, those that are referred to first."""
    return _KINDS[remote]


def secret(kind: str) -> str:
    """SQL: whether a row of a kind is confidential."""
    return _SECRET[kind]


def stated(sql: str) -> str:
    """The same SQL about sets that are stated to be confidential, without those of which nobody said anything."""
    return sql.replace(_MAY_BE, _STATED)


def secret_one(kind: str) -> str:
    """SQL: the same, to be asked of one row at a time: its cost does not grow with what else is confidential."""
    return _SECRET_ONE.get(kind) or _SECRET[kind]


def not_yet(kind: str, remote: str) -> str:
    """SQL: whether a row of a kind stays here for now."""
    waits = (_NOT_YET if remote == NETWORK else _WAITS_AT_HUB).get(kind, "0")
    if kind in _WAITS:
        waits = f"({waits}) OR {_WAITS[kind].format(remote=remote)}"
    if kind == "notice_answer":
        waits = _ELSEWHERE.format(remote=remote)
    if kind not in _HOME or kind not in _KINDS[remote]:
        return waits
    return f"({waits}) OR {gave_way(_HOME[kind], remote)}"


@cache
def columns(kind: str, remote: str) -> tuple[str, ...]:
    """The columns of a kind that reach a remote, in order; its key always does."""
    reaches = _REACHES[remote]
    return tuple(c.name for c in tables()[kind].columns if c.primary_key or c.info["reach"] in reaches)


@cache
def links(kind: str, remote: str) -> tuple[tuple[str, str], ...]:
    """Field and kind of each reference of a kind that reaches a remote."""
    table, told = tables()[kind], set(columns(kind, remote))
    return tuple((c.name, next(iter(c.foreign_keys)).column.table.name) for c in table.columns if c.foreign_keys and c.name in told)
