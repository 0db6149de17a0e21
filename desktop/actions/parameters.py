"""Rule values as the settings show them: what is in force on a day, since when, by which source, and what hangs on it. Adding is in
``parameter_sets``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.actions import parameter_uses, rules_in_force
from desktop.actions.workspace import Workspace, today
from desktop.ledger.finding import Finding
from desktop.ledger.parameter import CERTAINTIES, Parameter
from desktop.ledger.problem import Refused
from desktop.rules import parameter_files
from desktop.rules.figure import Figure
from desktop.words import say

__all__ = ["CERTAINTIES", "Finding", "Rule", "every", "figure", "history", "one", "search"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One key on a day: the value in force (None: unknown) and the newest one that begins later, if any."""

    key: str
    unit: str
    in_force: Parameter | None
    coming: Parameter | None = None

    @property
    def uses(self) -> tuple[str, ...]:
        """The kinds of figures that hang on it (codes of ``parameter_use``); empty when none does yet."""
        return parameter_uses.uses(self.key)

    @property
    def value_text(self) -> str | None:
        """The value in force as ``add`` takes it; None when there is none."""
        return None if self.in_force is None else parameter_files.value_text(self.in_force.value)


def every(workspace: Workspace, on: date | None = None) -> list[Rule]:
    """Every declared key, sorted, as it stands on a day (today when not given)."""
    day, known = on or today(), rules_in_force.of(workspace)
    found = []
    for key in known.every_key():
        later = [one for one in known.history(key) if one.from_on > day]
        found.append(Rule(key, known.unit(key), known.in_force(key, day), later[0] if later else None))
    return found


def search(several: list[Rule], text: str) -> list[Rule]:
    """Those whose key, name, value, source, clause or note has each of the words somewhere."""
    wanted = text.casefold().split()
    return [rule for rule in several if all(word in _searched(rule) for word in wanted)]


def _searched(rule: Rule) -> str:
    told = [rule.key, say(f"parameter.{rule.key}"), rule.value_text or "", *(say(f"parameter_use.{use}") for use in rule.uses)]
    for known in (rule.in_force, rule.coming):
        told += [known.source, known.clause, known.note] if known is not None else []
    return " ".join(told).casefold()


def one(workspace: Workspace, key: str, on: date | None = None) -> Rule:
    """One key on a day. Raises Refused for a key that no file declares."""
    found = next((rule for rule in every(workspace, on) if rule.key == key.strip()), None)
    if found is None:
        raise Refused("parameter.unknown_key", rule=key)
    return found


def history(workspace: Workspace, key: str) -> tuple[Parameter, ...]:
    """All values of a key by their first day. Raises KeyError for a key that no file declares."""
    return rules_in_force.of(workspace).history(key)


def figure(workspace: Workspace, key: str, on: date | None = None) -> Figure:
    """The value in force with its source, as the leaf of an explanation."""
    return rules_in_force.of(workspace).figure(key, on or today())


