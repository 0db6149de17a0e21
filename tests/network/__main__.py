"""``python -m tests.network N``: draw at least N cases from the contract, as many of the network as of the hub and on each database, and say
what came back."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from network.kinds import Role
from tests.network import drawn
from tests.network.postgres import Postgres
from tests.network.rig import Service, uscc

# What one round of each sends, about: it only decides how often is looked whether there are enough.
N_EACH, N_WALKS = 10, 5
ROLES: tuple[Role, ...] = ("network", "hub")


def cases(url: str, role: Role, n_cases: int, number: int) -> drawn.Tally:
    """Rounds of drawn cases and of walks until there are enough. What goes wrong is in the tally."""
    service = Service(url, role)
    try:
        code = uscc(number)
        world = drawn.World(service, service.institution(code, "齐鲁样本大学"), code, random.Random(number))
        turn = 0
        while world.tally.n_cases < n_cases and len(world.tally.failures) < 20:
            turn += 1
            for work in (lambda: drawn.fuzz(world, 1, N_EACH, number * 1000 + turn), lambda: drawn.walk(world, N_WALKS, 8, turn)):  # noqa: B023
                try:
                    work()
                except Exception as failure:  # noqa: BLE001 - counted; the run goes on to find the others
                    if not world.tally.failures:
                        world.tally.failures.append(repr(failure)[:2000])
        return world.tally
    finally:
        service.stop()


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    began, postgres = time.monotonic(), Postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            urls = [(f"{role} on SQLite", role, f"sqlite:///{Path(folder) / role}.db") for role in ROLES]
            urls += [(f"{role} on PostgreSQL", role, postgres.database()) for role in ROLES]
            tallies = {name: cases(url, role, -(-wanted // len(urls)), number) for number, (name, role, url) in enumerate(urls, 1)}
    finally:
        postgres.stop()
    answers: Counter[tuple[str, int]] = sum((tally.answers for tally in tallies.values()), Counter())
    for operation in sorted({name for name, _ in answers}):
        told = "  ".join(
            f"{status}: {answers[operation, status]}" for status in sorted({s for o, s in answers if o == operation})
        )
        print(f"{operation:14} {told}")
    failures = [f"{name}: {failure}" for name, tally in tallies.items() for failure in tally.failures]
    for failure in failures:
        print(failure)
    n_errors = sum(n for (_, status), n in answers.items() if status >= 500)
    told = ", ".join(f"{tally.n_cases} of the {name}" for name, tally in tallies.items())
    print(f"{answers.total()} cases ({told}) in {time.monotonic() - began:.0f} s")
    print(f"server errors: {n_errors}, undeclared answers: {len(failures)}")
    return int(bool(failures or n_errors))


if __name__ == "__main__":
    raise SystemExit(main())
