"""Vouchers at the province: a claim goes when it was submitted, with its customer and its uses; what is not for the province, or confidential, never."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as sqlite3  # the service's own: a second SQLite in one process breaks the locks of the first

from desktop.actions import evidence, records, taking_back, voucher_claims, voucher_outside, vouchers
from desktop.actions.workspace import Workspace
from desktop.ledger.keys import new_key
from desktop.ledger.voucher import EVIDENCE
from desktop.ledger.voucher_rows import OutsideUse, SearchMade
from desktop.store import reach, reclassifications, secret_rows, sent_rows, sync_rows
from desktop.store import vouchers as rows
from desktop.sync.egress import Gate
from tests.actions import making
from tests.actions.making import OUTSIDE, sound
from tests.actions.test_evidence_sync import Remote, started
from tests.actions.test_taking_back import ask, at_service, close, open_again, raw
from tests.actions.test_vouchers import eligible

DAY = date(2025, 7, 1)
OURS = ("voucher_mark", "province_search", "outside_use", "voucher_claim", "voucher_claim_line", "voucher_claim_step")
SECRET = "只给本单位看的话"
HOSTS = ("network", "hub")


@pytest.fixture(params=HOSTS)
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "service", request.param) as made:
        yield made


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Remote]:
    with started(tmp_path / "province", "network") as made:
        yield made


def held(remote: Remote, kind: str) -> list[dict[str, Any]]:
    """What the service's own database says it holds of a kind."""
    with sqlite3.connect(remote.database.removeprefix("sqlite:///")) as db:
        return [json.loads(body) for body, gone in db.execute("SELECT body, deleted FROM entity WHERE kind = ? ORDER BY id", (kind,)) if not gone]


def claimed(ledger: Workspace, number: str, claim: str, asset: str = "A1") -> None:
    """A draft of one posted and marked record with its papers."""
    making.posted(ledger, number, asset)
    vouchers.mark(ledger, number, True, f"WL-{number}", excluded_fen=1_00, excluded_why=SECRET)
    for item in EVIDENCE:
        voucher_claims.paper(ledger, number, item, given=f"{item}-{number}")
    voucher_claims.draft(ledger, claim, [number], SECRET)


def test_a_draft_is_not_for_the_province_and_a_submitted_claim_goes_whole(small: Workspace, province: Remote) -> None:
    eligible(small)
    claimed(small, "R1", "C1")
    voucher_outside.enter(small, OutsideUse("", "W1", "", "电镜", "外省大学", "江苏省", date(2025, 5, 1), datetime(2025, 5, 2, 9), 1_00), OUTSIDE)
    province.enrol(small)
    assert province.sync(small).digest_equal
    assert {kind: len(held(province, kind)) for kind in OURS} == dict.fromkeys(OURS, 0) | {"voucher_mark": 1}
    voucher_claims.step(small, "C1", "submit", DAY)
    done = province.sync(small)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    (claim,), (line,), (step,) = (held(province, kind) for kind in ("voucher_claim", "voucher_claim_line", "voucher_claim_step"))
    assert (claim["number"], claim["year"], line["granted_fen"], step["verb"]) == ("C1", 2025, 107_40, "submit")
    (mark,) = held(province, "voucher_mark")
    for kind, body in (("voucher_claim", claim), ("voucher_claim_line", line), ("voucher_claim_step", step), ("voucher_mark", mark)):
        assert set(body) == set(reach.columns(kind, "network")), kind
        assert SECRET not in json.dumps(body, ensure_ascii=False)
    assert claim["customer_id"] in {body["id"] for body in held(province, "customer")}
    assert line["use_id"] in {body["id"] for body in held(province, "service_record")}
    assert held(province, "outside_use") == [], "nobody claims it"
    voucher_claims.step(small, "C1", "withdraw", DAY, reason=SECRET)
    assert province.sync(small).digest_equal
    assert sorted(body["verb"] for body in held(province, "voucher_claim_step")) == ["submit", "withdraw"], "what became of it is told"
    assert SECRET not in raw(province, 0)


def test_a_use_elsewhere_goes_with_its_search_and_its_customer_when_it_is_claimed(small: Workspace, province: Remote) -> None:
    customer = eligible(small)
    with small.write("search for tests") as operation:
        found = SearchMade(new_key(), date(2025, 4, 1), "电镜", date(2025, 3, 1), (), "省内没有", SECRET)
        rows.SEARCHES.insert(operation.connection, [found])
    use = OutsideUse("", "W1", "", "电镜", "外省大学", "江苏省", date(2025, 5, 1), datetime(2025, 5, 2, 9), 100_00, through_network=True)
    voucher_outside.enter(small, use, OUTSIDE, 1)
    for item in EVIDENCE:
        voucher_claims.paper(small, "W1", item, given=item)
    voucher_claims.draft(small, "C1", ["W1"])
    province.enrol(small)
    province.sync(small)
    assert [kind for kind in (*OURS, "customer") if held(province, kind)] == []
    voucher_claims.step(small, "C1", "submit", DAY)
    done = province.sync(small)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    assert {kind: len(held(province, kind)) for kind in OURS} == dict.fromkeys(OURS, 1) | {"voucher_mark": 0}
    assert [body["id"] for body in held(province, "customer")] == [customer]
    assert "person" not in held(province, "province_search")[0]


def test_what_only_a_claim_names_that_became_confidential_stays_here(
    small: Workspace, province: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Submitted between two syncs, with a use elsewhere and a record whose set became confidential before the next one."""
    eligible(small)
    with small.write("search for tests") as operation:
        rows.SEARCHES.insert(operation.connection, [SearchMade(new_key(), date(2025, 4, 1), "电镜", date(2025, 3, 1), (), "省内没有", "")])
    use = OutsideUse("", "W1", "", "电镜", "外省大学", "江苏省", date(2025, 5, 1), datetime(2025, 5, 2, 9), 100_00, through_network=True)
    voucher_outside.enter(small, use, OUTSIDE, 1)
    for item in EVIDENCE:
        voucher_claims.paper(small, "W1", item, given=item)
    claimed(small, "R2", "C2", "A2")
    voucher_claims.draft(small, "C1", ["R2", "W1"])
    province.enrol(small)
    voucher_claims.step(small, "C1", "submit", DAY)
    close(small, "A2")
    kinds = ("customer", "outside_use", "province_search")
    done = province.sync(small)
    assert (done.parked, done.digest_equal) == (0, True)
    assert {kind: len(held(province, kind)) for kind in kinds} == dict.fromkeys(kinds, 0)
    assert OUTSIDE not in raw(province, 0)
    # The broken variant: whatever a claim names that was submitted.
    monkeypatch.setitem(reach._NOT_YET, "outside_use", reach._NOT_YET["outside_use"].replace(reach._LEAVES, "1"))
    sync_rows._differs.cache_clear()
    try:
        with small.read() as connection:
            assert len(list(sync_rows.differing(connection, "outside_use", "network"))) == 1
    finally:
        sync_rows._differs.cache_clear()
    # Of an ordinary claim beside it all three go.
    claimed(small, "R1", "C3")
    voucher_claims.step(small, "C1", "withdraw", DAY, reason="定密")
    voucher_claims.draft(small, "C4", ["W1"])
    voucher_claims.step(small, "C4", "submit", DAY)
    monkeypatch.undo()
    done = province.sync(small)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    assert {kind: len(held(province, kind)) for kind in kinds} == dict.fromkeys(kinds, 1)


def test_a_draft_that_hangs_on_a_set_that_became_confidential_is_taken_back_whole(small: Workspace, remote: Remote, tmp_path: Path) -> None:
    """Of a use that is only entered: nothing that never changes refers to it yet."""
    eligible(small)
    making.enter(small, "R1")
    vouchers.mark(small, "R1", True)
    voucher_claims.paper(small, "R1", "contract", given="HT-1")
    voucher_claims.draft(small, "C1", ["R1"])
    path = tmp_path / "批复.pdf"
    path.write_bytes(b"%PDF-1.4\n%%EOF\n")
    evidence.add(small, "voucher_claim", evidence.subject(small, "voucher_claim", "C1"), path)
    remote.enrol(small)
    remote.sync(small)
    before = at_service(remote, small, "A1")
    at_hub = {"voucher_mark": 1, "voucher_paper": 1, "voucher_claim": 1, "voucher_claim_line": 1, "attachment": 1} if remote.role == "hub" else {}
    assert {kind: n for kind, n in before.items() if kind.startswith("voucher") or kind == "attachment"} == at_hub
    close(small, "A1")
    seen = len(remote.line.seen)
    assert remote.sync(small).sent == 0
    ask(small, "A1")
    done = remote.sync(small)
    assert (done.parked, done.pending, done.digest_equal) == (0, 0, True)
    assert at_service(remote, small, "A1") == {}
    assert [text for text in ("C1", "HT-1") if f'"{text}"' in raw(remote, seen)] == []
    open_again(small, "A1")
    remote.sync(small)
    assert at_service(remote, small, "A1") == before
    assert sound(small)


def test_what_was_submitted_stays_there_whole_and_this_is_said(small: Workspace, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    eligible(small)
    claimed(small, "R1", "C1")
    voucher_claims.step(small, "C1", "submit", DAY)
    remote.enrol(small)
    remote.sync(small)
    close(small, "A1")
    (found,) = taking_back.offer(small, "A1").held
    stay = {kind for kind, _ in found.stay}
    assert {"voucher_claim", "voucher_claim_line", "voucher_claim_step"} <= stay
    gone = {"voucher_mark", "voucher_paper"} if remote.role == "hub" else {"voucher_mark"}
    assert {kind for kind, _ in found.deletable if kind.startswith("voucher")} == gone
    ask(small, "A1")
    done = remote.sync(small)
    assert (done.parked, done.pending) == (0, 0)
    assert len(held(remote, "voucher_claim_line")) == len(held(remote, "voucher_claim")) == 1
    # What happens to it from now on stays here.
    voucher_claims.step(small, "C1", "withdraw", DAY, reason="定密")
    assert remote.sync(small).sent == 0
    assert [body["verb"] for body in held(remote, "voucher_claim_step")] == ["submit"]
    # The broken variant tears the claim apart.
    monkeypatch.setattr(sent_rows, "_PARTS", {})
    with small.read() as connection:
        (torn,) = sent_rows.of_instrument(connection, evidence.subject(small, "instrument", "A1"))
    assert "voucher_claim_line" in {kind for kind, _ in torn.deletable}


def test_one_confidential_use_keeps_the_whole_claim_here(small: Workspace, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    eligible(small)
    claimed(small, "R1", "C1")
    claimed(small, "R2", "C2", "A2")
    voucher_claims.draft(small, "机密的申请", ["R1", "R2"])
    voucher_claims.step(small, "C1", "submit", DAY)
    close(small, "A2")
    remote.enrol(small)
    done = remote.sync(small)
    assert (done.parked, done.digest_equal) == (0, True)
    assert [body["number"] for body in held(remote, "voucher_claim")] == ["C1"]
    assert "机密的申请" not in raw(remote, 0)
    with small.read() as connection:
        (key,) = connection.exec_driver_sql("SELECT id FROM voucher_claim WHERE number = '机密的申请'").one()
        assert not Gate(_marks(connection)).lets(json.dumps({"changes": [{"kind": "voucher_claim", "id": key, "body": {}}]}).encode())
        own = connection.exec_driver_sql(reclassifications.OWN, (evidence.subject(small, "instrument", "A2"),)).all()
        assert ("voucher_claim", key) in {tuple(place) for place in own}
        assert list(sync_rows.differing(connection, "voucher_claim", remote.role)) == []
    # The broken variant neither hides a claim with such a line nor waits for its uses.
    monkeypatch.setitem(reach._SECRET, "voucher_claim", "0")
    monkeypatch.setitem(reach._SECRET_ONE, "voucher_claim", "0")
    monkeypatch.setitem(reach._WAITS, "voucher_claim", "0")
    for made in (sync_rows._differs, sync_rows._withheld):
        made.cache_clear()
    try:
        with small.read() as connection:
            told = {found[0] for found in sync_rows.differing(connection, "voucher_claim", remote.role)}
        assert (key in told) is (remote.role == "hub")
    finally:
        for made in (sync_rows._differs, sync_rows._withheld):
            made.cache_clear()


def test_a_record_whose_number_a_confidential_claim_has_too_still_leaves(small: Workspace, remote: Remote) -> None:
    """What names a number that the claim alone has stays here."""
    eligible(small)
    claimed(small, "R-0012", "C1")
    claimed(small, "R2", "C2", "A2")
    for number in ("R-0012", "R-0013"):
        voucher_claims.draft(small, number, ["R-0012", "R2"])
    close(small, "A2")
    remote.enrol(small)
    assert remote.sync(small).parked == 0
    records.reverse(small, "R-0012", "录错")
    with pytest.MonkeyPatch.context() as broken:
        # The broken variant takes every number of a claim for the claim's alone.
        broken.setitem(secret_rows._NUMBERS, "voucher_claim", ("number",))
        assert remote.sync(small).parked > 0
    assert remote.sync(small).parked == 0
    (record,) = [body for body in held(remote, "service_record") if body["number"] == "R-0012"]
    assert record["state"] == "reversed"
    vouchers.mark(small, "R-0012", True, "见 R-0013 号")
    assert remote.sync(small).parked == 1


def _marks(connection: Any) -> Any:
    from desktop.actions.sync_marks import Marks

    return Marks().of(connection)


@pytest.mark.parametrize("kind", ["voucher_mark", "voucher_paper", "voucher_claim", "voucher_claim_line", "voucher_claim_step", "outside_use", "customer"])
@pytest.mark.parametrize("role", HOSTS)
def test_of_one_row_it_is_asked_by_keys_alone(small: Workspace, kind: str, role: str) -> None:
    """No table is gone through: with 200 000 records each of them would cost what all of them cost."""
    if kind in reach.kinds(role):
        with small.read() as connection:
            sql = f"EXPLAIN QUERY PLAN SELECT ({reach.secret_one(kind)}) OR ({reach.not_yet(kind, role)}) FROM {kind} WHERE id = ?"
            plan = [str(row[3]) for row in connection.exec_driver_sql(sql, ("x",))]
        assert plan
        assert [step for step in plan if step.startswith("SCAN")] == []
