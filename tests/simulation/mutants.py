"""Seeded bugs: each breaks the engine, the ledger or the service in one place, as a person might. The simulator must catch
every one of them, which is the test of the test.

``python -m tests.simulation.mutants`` counts from the first history how long each lives, and writes ``caught.toml``.
"""

from __future__ import annotations

from tests.simulation import (
    mutants_clocks,
    mutants_files,
    mutants_further,
    mutants_older,
    mutants_same,
    mutants_second,
    mutants_sending,
    mutants_sizes,
    mutants_taking,
)
from tests.simulation.breaking import MUTANTS, TABLE, first_caught

SEEDED = (mutants_sending, mutants_taking, mutants_same, mutants_files, mutants_further, mutants_clocks, mutants_second, mutants_sizes, mutants_older)


def _count() -> None:
    lines = []
    for name in MUTANTS:
        seed, told = first_caught(name)
        print(f"{name:52} {seed if seed is not None else 'NOT CAUGHT':>10}  {told.partition(': ')[2].partition(':')[0]}", flush=True)
        if seed is not None:
            lines.append(f'"{name}" = {seed}\n')
    TABLE.write_text("# Seeded bug = the first history that catches it; written by python -m tests.simulation.mutants.\n" + "".join(lines), "utf-8")


if __name__ == "__main__":
    _count()
