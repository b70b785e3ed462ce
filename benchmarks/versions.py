"""Another checkout of symdiff beside this one, on the same problems: ``python -m benchmarks.versions PATH [NAME...]``.

Two processes are kept, one with each version; they prepare the sides of a benchmark that are symdiff's, and take
samples in turns, each while the other waits. A ratio above 1 says that this version is slower.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import click

from .problems import benchmarks
from .record import Benchmark, Side, Unavailable
from .timing import SHORTEST, seconds

ROOT = Path(__file__).parents[1]
ROUNDS = 9
MOST = 1.05  # of the other version's time
SERVE = "import sys; sys.path.insert(0, {version!r}); import symdiff; sys.path.insert(0, {root!r}); " + (
    "from benchmarks.versions import serve; serve(sys.argv[1:])"
)


def own(benchmark: Benchmark, size: dict[str, Any]) -> list[Side]:
    """The sides of a benchmark that are timed and are this library's alone."""
    return [side for side in benchmark.sides if side.peer == "symdiff" and side.timed and side.only(size)]


def serve(arguments: Sequence[str]) -> None:
    """In a process with one version: for each line NAME, SIZE, SIDE a call is prepared, for each empty line it is
    timed; what is said is a number of seconds, or 0 where this version has no such side."""
    call, number = None, 1
    for line in sys.stdin:
        if line.strip():
            name, size, wanted = json.loads(line)
            try:
                benchmark = benchmarks()[name]
                side = next(side for side in own(benchmark, size) if side.name == wanted)
                call = side.prepare(benchmark.problem(**size))
                call()
                number = max(1, int(SHORTEST / max(seconds(call), 1e-8)))
            except (Exception, Unavailable):  # an older version lacks what is new
                call = None
        print(seconds(call, number) if call else 0.0, flush=True)


def serving(version: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", SERVE.format(version=str(version), root=str(ROOT))]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def asked(process: "subprocess.Popen[str]", line: str = "") -> float:
    assert process.stdin
    assert process.stdout
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return float(process.stdout.readline() or 0)


def compared(
    other: Path, names: Sequence[str], rounds: int, smallest: bool
) -> list[tuple[str, str, float, float, float]]:
    """(benchmark, side, seconds of the other version, of this one, their ratio)"""
    rows = []
    for name in names:
        benchmark = benchmarks()[name]
        size = dict(benchmark.smallest if smallest else benchmark.full[-1])
        for side in own(benchmark, size):
            with ExitStack() as stack:
                versions = [stack.enter_context(serving(version)) for version in (other, ROOT)]
                ready = [asked(version, json.dumps([name, size, side.name])) for version in versions]
                if not all(ready):
                    continue
                turns = [[asked(version) for version in versions] for _ in range(rounds)]
            before, after = (median(column) for column in zip(*turns, strict=True))
            ratio = median(new / old for old, new in turns)
            rows.append((name, side.name, before, after, ratio))
            marked = " *" if ratio > MOST else ""
            click.echo(f"{name:24} {side.name:44} {before:10.3g} {after:10.3g} {ratio:6.2f}{marked}")
    return rows


@click.command()
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("names", nargs=-1)
@click.option("--rounds", default=ROUNDS, show_default=True, help="Samples of each version.")
@click.option("--smallest", is_flag=True, help="The smallest size of each benchmark, not the last of a full run.")
def main(other: Path, names: Sequence[str], rounds: int, smallest: bool) -> None:
    """Time the checkout OTHER and this one on the benchmarks NAMES, or on all."""
    unknown = set(names) - set(benchmarks())
    if unknown:
        raise click.BadParameter(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows = compared(other.resolve(), names or list(benchmarks()), rounds, smallest)
    slower = [row for row in rows if row[-1] > MOST]
    mean = geometric_mean([row[-1] for row in rows]) if rows else 1.0
    click.echo(f"{len(rows)} sides, geometric mean {mean:.3f}, {len(slower)} slower than {MOST} of the other version")


if __name__ == "__main__":
    main()
