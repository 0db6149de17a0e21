"""The yearly benefit scores by department and by innovation platform, and of the institution."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.actions import performance, rules_in_force
from desktop.actions.benefit import Scored, Year
from desktop.actions.workspace import Workspace
from desktop.rules import benefit_group as rules
from desktop.rules.benefit_group import GroupScore

KINDS = ("department", "platform")


@dataclass(frozen=True, slots=True)
class GroupScored:
    """A department or an innovation platform (``kind``) with its sets; ``name`` "" is for those without one, last of its kind."""

    kind: str
    name: str
    sets: tuple[Scored, ...]
    score: GroupScore


def groups(workspace: Workspace, found: Year) -> tuple[GroupScored, ...]:
    """The departments of a year, then its innovation platforms, each in order of their names; no platforms when no set is of one."""
    known = rules_in_force.of(workspace)
    told: list[GroupScored] = []
    for kind in KINDS:
        by_name: dict[str, list[Scored]] = {}
        for one in found.sets:
            by_name.setdefault(_name(kind, one), []).append(one)
        if kind == "platform" and not any(by_name):
            continue
        for name in sorted(by_name, key=lambda name: (not name, name)):
            sets = by_name[name]
            each = [rules.of_set(one.one.asset_number, one.one.name, one.score) for one in sets]
            told.append(GroupScored(kind, name, tuple(sets), rules.together([one.score for one in sets], known, found.as_of, each)))
    return tuple(told)


def whole(workspace: Workspace, found: Year) -> GroupScore:
    """The institution's sets together; which sets these are is not told, for there may be thousands."""
    return rules.together([one.score for one in found.sets], rules_in_force.of(workspace), found.as_of)


def _name(kind: str, one: Scored) -> str:
    return one.one.department if kind == "department" else performance.platform_words(one.one.platform)
