"""The real program killed at each system call with which a sync writes, makes durable, renames, sends or receives; what it says afterwards.

    python -m tests.e2e.kills [--pull] [--points N] [--first K] [--jobs J]   # N points spread evenly, without N every one; from the Kth on

A sync of 200 changes is killed there (``kill -9``, injected by strace), then the ledger is verified, synced once more and held against
what a person had typed and against what the service holds. With ``--pull`` the 200 changes come from another home, one of them against an
edit of this one, and a file goes out. One home serves ``N_AT_A_HOME`` points: what a kill leaves behind meets the next one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.e2e.killing import N_CHANGES, Point, Walk, points, walk
from tests.e2e.pulling import pull_walk

N_AT_A_HOME = 60


class Walked(NamedTuple):
    """What one job saw."""

    counted: Counter[str]
    n_points: int
    n_reached: int
    faults: list[tuple[Point, str]]


def share(pull: bool, n: int | None, first: int, job: int, n_jobs: int) -> Walked:
    """Walk every ``n_jobs``-th of the points, with homes and services of its own."""
    faults: list[tuple[Point, str]] = []
    begin = pull_walk if pull else walk
    reached = 0
    with at_home(begin) as walked:
        counted = walked.count()
    chosen = points(counted, n)[first + job :: n_jobs]
    for start in range(0, len(chosen), N_AT_A_HOME):
        some = chosen[start : start + N_AT_A_HOME]
        with at_home(begin) as walked:
            for point in some:
                reached += walked.killed(point)
                faults += [(point, told) for told in walked.violations()]
        print(f"job {job + 1}: {start + len(some)} of {len(chosen)} points, {reached} reached, {len(faults)} violations", flush=True)
    return Walked(counted, len(chosen), reached, faults)


@contextmanager
def at_home(begin: Callable[[Path], AbstractContextManager[Walk]]) -> Iterator[Walk]:
    """A new home, with a service of its own: each point adds to what is verified and read back at the next."""
    with tempfile.TemporaryDirectory(prefix="yixiang-kills-") as folder, begin(Path(folder)) as walked:
        yield walked


def main() -> int:
    """Walk; the last line says how many points and violations there were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=None)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--pull", action="store_true", help="kill the one that receives")
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.jobs, multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(share, asked.pull, asked.points, asked.first, job, asked.jobs) for job in range(asked.jobs)]
        walks = [job.result() for job in jobs]
    counted = walks[0].counted
    print(f"{sum(counted.values())} calls in a sync that {'receives' if asked.pull else 'sends'} {N_CHANGES} changes: {dict(counted)}")
    faults = [fault for walked in walks for fault in walked.faults]
    for point, told in faults:
        print(f"{point.call} {point.nth}: {told}")
    print(f"points: {sum(each.n_points for each in walks)}, killed there: {sum(each.n_reached for each in walks)}")
    print(f"violations: {len(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
