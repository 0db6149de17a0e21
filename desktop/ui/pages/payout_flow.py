"""How the income of a run becomes what each receiver gets, as steps that can be drawn and explained. No Qt here.

The steps come from the tree the run was fixed with, so that the picture and the answer to "why?" are one thing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop import words
from desktop.rules.figure import Figure
from desktop.words import tr

Part = Literal["in", "out", "stands", "pool", "kept"]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One bar: ``fen`` as people read it (what comes in, goes out, or stands), drawn from ``start`` to ``end`` in fen.

    ``figure`` answers "why?".
    """

    part: Part
    label: str
    fen: int
    start: int
    end: int
    figure: Figure


def _find(figure: Figure, code: str) -> Figure | None:
    return next((one for one in figure.inputs if one.code == code), None)


def _fen(figure: Figure | None) -> int:
    return figure.value if figure is not None and isinstance(figure.value, int) else 0


def _receiver(figure: Figure) -> str:
    return dict(figure.params).get("receiver", "")


def steps(figure: Figure, others: Collection[str], sign: int = 1) -> list[FlowStep]:
    """The steps of a run from its tree. ``others``: the names of the receivers who are not the technicians;
    ``sign`` -1: a reversing run, which keeps the tree of the run it takes back."""
    net = _find(figure, "payout.net")
    if net is None:
        return []
    income, cost = _find(net, "payout.income"), _find(net, "payout.cost")
    made: list[FlowStep] = []
    at = 0

    def move(part: Part, label: str, shown: int, by: int, why: Figure) -> None:
        nonlocal at
        made.append(FlowStep(part, label, sign * shown, sign * at, sign * (at + by), why))
        at += by

    if income is not None:
        move("in", words.say("payout.income"), _fen(income), _fen(income), income)
    if cost is not None:
        move("out", words.say("payout.cost"), _fen(cost), -_fen(cost), cost)
    made.append(FlowStep("stands", words.say("payout.net"), sign * _fen(net), 0, sign * at, net))
    pool = _find(figure, "payout.pool")
    for step in (one for one in figure.inputs if one.code == "payout.step"):
        name = _receiver(step)
        paid = _fen(step)
        move("out" if name in others else "pool", name, paid, -paid, step)
        if name not in others and pool is not None and _fen(pool) != paid:
            back = _fen(pool) - paid
            move("out", tr("从技术人员扣回"), back, -back, pool)
    for back_figure in (one for one in figure.inputs if one.code == "payout.receiver_back"):
        move(
            "out",
            words.say("payout.receiver_back", receiver=_receiver(back_figure)),
            _fen(back_figure),
            -_fen(back_figure),
            back_figure,
        )
    kept = _find(figure, "payout.kept")
    if kept is not None:
        made.append(FlowStep("kept", words.say("payout.kept"), sign * _fen(kept), 0, sign * at, kept))
    return made


def apart(figure: Figure) -> list[Figure]:
    """What the run left for later or outside: records without operator, internal records the scheme leaves out."""
    return [one for one in figure.inputs if one.code in ("payout.waiting", "payout.left_out")]


def technician_figures(figure: Figure) -> dict[str, Figure]:
    """Staff number -> the tree behind that technician's sum."""
    pool = _find(figure, "payout.pool")
    return {dict(one.params).get("staff_number", ""): one for one in pool.inputs} if pool is not None else {}


def receiver_figures(figure: Figure) -> dict[str, Figure]:
    """Name of a receiver -> the tree behind its share."""
    return {_receiver(one): one for one in figure.inputs if one.code == "payout.step"}


def given_back_figures(figure: Figure) -> dict[str, Figure]:
    """Name of a receiver -> what it gives back for services settled earlier and reversed."""
    return {_receiver(one): one for one in figure.inputs if one.code == "payout.receiver_back"}


def span(made: Sequence[FlowStep]) -> tuple[int, int]:
    """The least and the largest fen the bars reach; never an empty span."""
    ends = [0, *(one.start for one in made), *(one.end for one in made)]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (low, low + 1)
