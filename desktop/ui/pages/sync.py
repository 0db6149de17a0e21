"""同步: see what will leave, agree to exactly that, send, and see what became of each item; refused rows, conflicts, past runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from desktop import words
from desktop.actions import sync_outcome, sync_pending, sync_words
from desktop.ledger.changes import Changes
from desktop.ledger.problem import Cancelled, Problem
from desktop.ui import pending_words, texts
from desktop.ui.choice_fields import Choice, SelectField
from desktop.ui.desk import Desk
from desktop.ui.dialogs.confirm_dialog import ConfirmDialog, confirm
from desktop.ui.dialogs.progress_dialog import watch
from desktop.ui.page import Page
from desktop.ui.pages import sync_said, sync_tables
from desktop.ui.pages.sync_conflicts import ConflictsView
from desktop.ui.pages.sync_enrol import EnrolView
from desktop.ui.pages.sync_library import CatalogueView, NoticesView
from desktop.ui.pages.sync_packages import PackagesView
from desktop.ui.pages.sync_parked import ParkedTab
from desktop.ui.pages.sync_preview import PreviewView
from desktop.words import tr

if TYPE_CHECKING:
    from desktop.actions.packages import State
    from desktop.actions.progress import Progress
    from desktop.actions.sync_alike import Settled
    from desktop.actions.sync_status import Status
    from desktop.actions.sync_views import ConflictView, ParkedView, Preview, RunLine
    from desktop.actions.syncing import Result
    from desktop.ledger.notice import Notice
    from desktop.rules.figure import Rows

PENDING, PARKED, CONFLICTS, RUNS, PACKAGES, NOTICES, CATALOGUE = range(7)
# This machine is not known there any more: it enrols anew.
_ANEW = frozenset({"sync.reauth", "sync.revoked"})
_TABS = {"pending": PENDING, "parked": PARKED, "conflicts": CONFLICTS, "runs": RUNS, "packages": PACKAGES, "notices": NOTICES, "catalogue": CATALOGUE}
# Sync keeps books that are no facts of the ledger: pages and the bar hear of them under this kind.
BOOKS = "sync"


class SyncPage(Page):
    """See the module's head."""

    kinds: ClassVar[frozenset[str]] = frozenset({*sync_pending.kinds(sync_pending.HUB), "institution", BOOKS})
    follows_period: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, tr("同步"))
        self._previewed: Preview | None = None
        self._registered = self._on_line = self._by_hand = self._anew = self._turned = self._interrupted = False
        self._url = ""
        self.remote = SelectField([Choice(name, pending_words.named(name)) for name in (sync_pending.NETWORK, sync_pending.HUB)])
        self.remote.box.setAccessibleName(tr("同步对象"))
        self.remote.box.setToolTip(tr("省网只收应报送的内容；机构中心是本单位自己的服务，各台机器共用一本台账。"))
        self.remote.changed.connect(self._turn)
        self.head.add(self.remote)
        self.look_button = self.head.button(tr("查看将离开本机的内容"), "visible", self.look, shortcut="Ctrl+L")
        self.send_button = self.head.button(tr("同意并发送…"), "send", self.ask_send, primary=True)
        self.receive_button = self.head.button(tr("只接收"), "down", self.receive, tip=tr("只取对方的新内容，不发送"))
        self.enrol_view = EnrolView(self.enrol, self.by_hand, desk.preferences)
        self.preview_view = PreviewView(desk, self.look, lambda: self._remote)
        self.conflicts_view = ConflictsView(desk, self.resolve, self.resolve_alike)
        self.packages_view = PackagesView(desk, self.preview_view.show_preview, self._carried, self.over_a_line)
        self.notices_view = NoticesView(desk, self._books_changed)
        self.catalogue_view = CatalogueView(desk)
        self.parked_tab = ParkedTab(desk)
        self.runs_table = sync_tables.runs_table(desk)
        self.tabs = QTabWidget()
        for widget, title in (
            (self.preview_view, tr("待上报")),
            (self.parked_tab, tr("未被接受")),
            (self.conflicts_view, tr("冲突")),
            (sync_tables.padded(self.runs_table), tr("历次同步")),
            (sync_tables.padded(self.packages_view), tr("离线报送包")),
            (self.notices_view, tr("通知")),
            (self.catalogue_view, tr("找仪器")),
        ):
            self.tabs.addTab(widget, title)
        self.stack = QStackedWidget()
        self.stack.addWidget(QWidget())
        self.stack.addWidget(self.enrol_view)
        self.stack.addWidget(self.tabs)
        self.body.addWidget(self.stack)
        self._show_buttons(False)

    @property
    def _remote(self) -> str:
        return str(self.remote.value())

    def _turn(self) -> None:
        """The other remote: what was shown for approval belongs to the first one."""
        self._turned = True
        self._forget_preview()
        self._by_hand = self._anew = False
        self.enrol_view.about(self._remote)
        self.refresh()

    def _turn_to(self, remote: str) -> None:
        self.remote.set_value(remote)
        self._turn()

    def by_hand(self) -> None:
        """This machine has no line: report by packages."""
        self._by_hand, self._anew = True, False
        self.stack.setCurrentWidget(self.tabs)
        self.tabs.setCurrentIndex(PACKAGES)

    def over_a_line(self) -> None:
        """There is a line after all: enrol."""
        self._by_hand = False
        self.enrol_view.about(self._remote, by_package=self._registered)
        self.stack.setCurrentWidget(self.enrol_view)

    def _carried(self, came_in: bool) -> None:
        """A package went out, or the answer to one came in."""
        self._forget_preview()
        if came_in:
            self._rows_came()
        else:
            self._books_changed()

    # Reading

    def refresh(self) -> None:
        """Read the books of sync; the network is not asked."""
        from desktop.actions import library, packages, sync_pending, sync_status, sync_views

        workspace, remote = self.desk.workspace, self._remote

        def read(_: object) -> tuple[Status, int | None, list[ParkedView], list[ConflictView], list[RunLine], State, list[Notice], Status]:
            return (
                sync_status.status(workspace, remote),
                sync_pending.n_pending(workspace, remote),
                sync_views.parked(workspace, remote),
                sync_views.conflicts(workspace, remote),
                sync_views.runs(workspace, remote),
                packages.state(workspace, remote),
                library.notices(workspace),
                sync_status.status(workspace, _other(remote)),
            )

        self.desk.jobs.read(read, lambda found: self.show_books(*found), owner=self, key="books")
        self.catalogue_view.refresh(remote)

    def changed(self, changes: Changes) -> None:
        """What was shown for approval may no longer be what would be sent."""
        if changes.kinds - {BOOKS} and not self._interrupted:
            self._forget_preview()
        self.refresh()

    def show_books(
        self,
        status: Status,
        n_pending: int | None,
        parked: list[ParkedView],
        conflicts: list[ConflictView],
        runs: list[RunLine],
        carried: State,
        notices: list[Notice],
        other: Status | None = None,
    ) -> None:
        """Draw where the ledger stands; ``other``: with the other remote, which is turned to where it alone is the ledger's."""
        also = other is not None and other.enrolled
        if also and not (status.enrolled or carried.begun or self._turned):
            self._turn_to(_other(self._remote))
            return
        self._registered, self._on_line, self._url = status.enrolled, bool(status.url), status.url
        self._show_buttons(status.enrolled)
        self.packages_view.show_state(carried, self._remote)
        self.notices_view.show_notices(notices)
        self.tabs.setTabText(NOTICES, tr("通知 {n}", n=sum(each.read_at is None for each in notices)))
        known = status.enrolled and not self._anew
        self.stack.setCurrentWidget(self.tabs if known or self._by_hand else self.enrol_view)
        if not status.enrolled:
            self.head.line.setText(_not_here(self._remote) if also else tr("未登记。数据都在本机。"))
            return
        self.head.line.setText(_standing_words(status))
        self.parked_tab.hold(parked)
        self.conflicts_view.show_conflicts(conflicts)
        self.runs_table.hold(sync_tables.run_rows(runs))
        self.tabs.setTabText(PENDING, tr("待上报 {n}", n=f"{n_pending or 0:,}"))
        self.tabs.setTabText(PARKED, tr("未被接受 {n}", n=len(parked)))
        self.tabs.setTabText(CONFLICTS, tr("冲突 {n}", n=len(conflicts)))

    def _show_buttons(self, enrolled: bool) -> None:
        self.look_button.setVisible(enrolled)
        for button in (self.send_button, self.receive_button):
            button.setVisible(enrolled and self._on_line)
        self.send_button.setEnabled(self._previewed is not None and bool(self._previewed.n_changes))

    def arrive(self, where: Mapping[str, str]) -> None:
        """``tab``: pending, parked, conflicts or runs; ``remote``: with which."""
        if where.get("remote") in sync_pending.REMOTES and where["remote"] != self._remote:
            self._turn_to(where["remote"])
        self.tabs.setCurrentIndex(_TABS.get(where.get("tab", ""), PENDING))

    def arrive_rows(self, rows: Rows) -> None:
        """Rows of sync's own books."""
        self.tabs.setCurrentIndex({"sync_parked": PARKED, "sync_conflict": CONFLICTS}.get(rows.kind, PENDING))

    # Enrolling

    def enrol(self, url: str, code: str, authorities: Path | None = None) -> None:
        """Register this ledger with the network."""
        from desktop.actions import enrolment

        workspace, remote = self.desk.workspace, self._remote
        job = self.desk.jobs.write(
            tr("登记到网络"),
            lambda progress: enrolment.enrol(workspace, url, code, remote, authorities, progress),
            self._enrolled,
            failed=self._not_enrolled,
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _enrolled(self, _: object) -> None:
        self._anew = False
        self.enrol_view.again()
        self.desk.tell("done", tr("已登记。现在可以查看将离开本机的内容。"))
        self._books_changed()

    def _not_enrolled(self, problem: Problem) -> None:
        self.enrol_view.again()
        if isinstance(problem, Cancelled):
            self._troubled(problem)
        else:
            self.enrol_view.form.show_problem(problem)

    def _books_changed(self) -> None:
        self.desk.announce(Changes(0, frozenset({BOOKS})))
        self.refresh()

    # Looking and sending

    def look(self) -> None:
        """Seal what is pending and show what the sealed bytes hold; nothing leaves."""
        from desktop.actions import syncing

        workspace, remote = self.desk.workspace, self._remote
        self.tabs.setCurrentIndex(PENDING)
        if not self._on_line:
            self.packages_view.look()
            return
        self.look_button.setEnabled(False)
        job = self.desk.jobs.write(
            tr("准备将离开本机的内容"),
            lambda progress: syncing.preview(workspace, remote, progress),
            self._looked,
            failed=self._not_looked,
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _looked(self, found: Preview) -> None:
        self.look_button.setEnabled(True)
        self._previewed = found
        self.preview_view.show_preview(found)
        self._show_buttons(True)

    def _not_looked(self, problem: Problem) -> None:
        self.look_button.setEnabled(True)
        self._troubled(problem)

    def _forget_preview(self) -> None:
        if self._previewed is not None or not self._on_line:
            self._previewed = None
            self.preview_view.clear()
            self._show_buttons(self._registered)

    def ask_send(self) -> ConfirmDialog | None:
        """Say what sending does, and send only what was shown."""
        found = self._previewed
        if found is None or not found.n_changes:
            return None
        side = words.say(sync_words.side(self._remote))
        effects = [
            tr("{kind}：{n} 项", kind=words.say(f"kind.{group.kind}"), n=f"{group.n_changes:,}")
            + "".join(f" · {sync_words.field(name)} {texts.money(fen)}" for name, fen in group.sums_fen)
            for group in found.groups
        ]
        effects.append(tr("涉密或没有注明是否涉密的 {n} 项不离开本机", n=f"{found.n_withheld:,}"))
        if found.n_left:
            effects.append(tr("另有 {n} 项在这一批之后，发送后再查看", n=f"{found.n_left:,}"))
        effects.append(tr("同时接收{remote}上的新内容，有冲突时并排列出，不覆盖", remote=side))
        return confirm(
            self,
            title=tr("发送 {n} 项到{remote}", n=f"{found.n_changes:,}", remote=side),
            effects=effects,
            do=tr("同意并发送"),
            then=lambda: self.send(found.digests),
            irreversible=tr("发出的内容收不回来；以后改正的内容会作为新的改动再报送。"),
        )

    def receive(self) -> None:
        """Take what is new; nothing is sent."""
        self.send(())

    def send(self, digests: tuple[str, ...]) -> None:
        """Send the approved sealed batches and receive."""
        from desktop.actions import sync_views, syncing

        workspace, remote = self.desk.workspace, self._remote
        for button in (self.send_button, self.look_button, self.receive_button):
            button.setEnabled(False)

        def work(progress: Progress) -> tuple[Result, list[ParkedView], list[ConflictView]]:
            result = syncing.sync(workspace, approved=digests, progress=progress, remote=remote)
            return result, sync_views.parked(workspace, remote), sync_views.conflicts(workspace, remote)

        job = self.desk.jobs.write(
            tr("同步"),
            work,
            lambda done: self._sent(done[0], done[1], done[2], bool(digests)),
            failed=self._not_sent,
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _sent(self, result: Result, parked: list[ParkedView], conflicts: list[ConflictView], shown: bool) -> None:
        self._enable()
        told = [tr("送达 {s} 项，接收 {r} 项。", s=f"{result.sent:,}", r=f"{result.received:,}")]
        if result.parked or result.conflicts:
            told.append(tr("未被接受 {p} 项，冲突 {c} 项。", p=result.parked, c=result.conflicts))
        said = "\n".join((sync_outcome.joined((*told, *sync_outcome.said(result))), *sync_said.lines(result.findings)))
        waiting = result.parked or result.conflicts or not result.digest_equal or sync_said.is_grave(result.findings)
        self.desk.tell("warning" if waiting else "done", said, key="sync")
        if shown:
            refused = {(one.kind, one.key): one.code for one in parked}
            self.preview_view.show_results(refused, frozenset((one.kind, one.key) for one in conflicts))
        self._previewed = None
        self._show_buttons(True)
        self._rows_came()

    def _not_sent(self, problem: Problem) -> None:
        self._enable()
        if isinstance(problem, Cancelled):
            self.desk.tell("note", tr("同步已停止。停止之前送达和收到的都已生效，其余的下次同步时继续。"))
        else:
            self._troubled(problem)
        # What was shown was agreed to and may be sent again as it is sealed; only the other pages read anew.
        self._interrupted = True
        self._rows_came()
        self._interrupted = False

    def _rows_came(self) -> None:
        """Every page re-reads what it shows of any kind that reaches the remote.

        Rows that had waited are taken in without counting as received, and what came before a run broke stays.
        """
        self.desk.announce(Changes(0, self.kinds))
        self.refresh()

    def _troubled(self, problem: Problem) -> None:
        """Say it; where this machine is not known any more, beside the form in which the new code is entered."""
        if isinstance(problem, Cancelled):
            self.desk.tell("note", texts.problem(problem))
            return
        if problem.code not in _ANEW:
            self.desk.trouble(problem)
            return
        self._anew, self._by_hand = True, False
        self.enrol_view.about(self._remote, anew=True)
        self.enrol_view.form.set_draft({"url": self._url, "code": ""})
        self.enrol_view.form.show_problem(problem)
        self.stack.setCurrentWidget(self.enrol_view)

    def _enable(self) -> None:
        for button in (self.look_button, self.receive_button):
            button.setEnabled(True)
        self._show_buttons(True)

    # Conflicts

    def resolve(self, conflict: ConflictView, chosen: dict[str, str], entered: dict[str, str], reason: str) -> None:
        """Settle a conflict as chosen, or with what was entered."""
        from desktop.actions import sync_resolving

        workspace, remote = self.desk.workspace, self._remote
        self.desk.jobs.write(
            tr("解决冲突"),
            lambda progress: sync_resolving.resolve(workspace, conflict.kind, conflict.key, chosen, reason, entered, remote),
            lambda _: self._resolved(conflict),
            owner=self,
        )

    def resolve_alike(self, kind: str, reason: str) -> None:
        """Take theirs in every conflict of a kind in which nothing else can be taken."""
        from desktop.actions import sync_alike

        workspace, remote = self.desk.workspace, self._remote
        job = self.desk.jobs.write(
            tr("解决冲突"),
            lambda progress: sync_alike.give_way(workspace, kind, reason, remote, progress),
            self._resolved_alike,
            owner=self,
        )
        watch(self, self.desk.jobs, job)

    def _resolved_alike(self, done: Settled) -> None:
        said = tr("已解决 {n} 个冲突，下次同步时报送。", n=f"{done.n:,}")
        told = dict.fromkeys(words.say(one.code, **dict(one.params)) for one in done.refused)
        self.desk.tell("warning" if told else "done", " ".join((said, *list(told)[:3])))
        self._books_changed()

    def _resolved(self, conflict: ConflictView) -> None:
        self.desk.tell("done", tr("“{name}”的冲突已解决，下次同步时报送。", name=conflict.label or conflict.key))
        self._books_changed()


def _other(remote: str) -> str:
    return sync_pending.HUB if remote == sync_pending.NETWORK else sync_pending.NETWORK


def _not_here(remote: str) -> str:
    """Not enrolled with this remote, but with the other one."""
    here, there = words.say(f"sync.remote.{remote}"), words.say(f"sync.remote.{_other(remote)}")
    return tr("没有登记到{remote}；已登记到{other}，在右边选它。", remote=here, other=there)


def _standing_words(status: Status) -> str:
    own = tr("本机叫 {device}", device=texts.visible(status.device)) if status.device else ""
    return " · ".join(part for part in (_standing(status), own) if part)


def _standing(status: Status) -> str:
    if not status.last_at:
        return tr("已登记到 {url} · 还没有同步过", url=status.url) if status.url else tr("用离线报送包报送 · 还没有同步过")
    last = texts.moment(datetime.fromisoformat(status.last_at))
    return tr("已登记到 {url} · 上次同步 {at}", url=status.url, at=last) if status.url else tr("用离线报送包报送 · 上次同步 {at}", at=last)
