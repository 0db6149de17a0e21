"""How a run, a past run or the answer to a package ended, in words: one place for window and command line."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.sync.agreement import Outcome, in_sync
from desktop.words import language, say

__all__ = ["Outcome", "in_sync", "joined", "said", "said_of_package", "sides", "untaken"]


def joined(sentences: Iterable[str]) -> str:
    """Whole sentences one after the other."""
    return ("" if language() == "zh" else " ").join(each.strip() for each in sentences)


def sides(done: Outcome) -> str:
    """Whether both sides hold the same. Where something waits, was refused or is contested, what is the same is the rest."""
    if done.digest_equal is None:
        return say("sync.outcome.unknown")
    if not done.digest_equal:
        return say("sync.outcome.differs")
    return say("sync.outcome.same" if in_sync(done) else "sync.outcome.rest")


def said(done: Outcome) -> list[str]:
    """Sentences after a run: what waits to be sent, whether both sides hold the same, and what to do where that is not known or not so."""
    lines = [say("sync.outcome.pending", n=f"{done.pending:,}")] if done.pending else []
    lines.append(_sentence(done))
    if not done.digest_equal:
        lines.append(say("sync.outcome.once_more" if done.digest_equal is None else "sync.outcome.anew"))
    return lines


def said_of_package(done: Outcome) -> list[str]:
    """The same after the answer to a package; nothing of what it could not compare."""
    lines = []
    if done.digest_equal is not None:
        lines.append(_sentence(done) if done.digest_equal else say("sync.outcome.package_anew"))
    if done.pending:
        lines.append(say("sync.outcome.package_pending", n=f"{done.pending:,}"))
    return lines


def untaken(rows: Iterable[tuple[str, int]]) -> list[str]:
    """Before a run: that rows of these kinds, so many of each, stay here because the other side is a version that does not take them yet."""
    counts = dict(rows)
    kinds = "|".join(f"kind.{kind}" for kind in counts)
    return [say("sync.outcome.untaken", n=f"{sum(counts.values()):,}", kinds=kinds)] if counts else []


def _sentence(done: Outcome) -> str:
    return say("sync.outcome.sentence", said=sides(done))
