"""``nb-banana bench``: a look at a benchmark's folders before its own script spends hours on them."""

from __future__ import annotations

from pathlib import Path

import click

from .._bench.door import bench as benchmarks
from .frame import NAMES, cli, tell

NAMES["_bench_check"] = lambda: ", ".join(benchmarks.names)


@cli.group(cls=type(cli))
def bench() -> None:
    """Public benchmarks."""


@bench.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("results", type=click.Path(path_type=Path), required=False)
@click.pass_context
def check(ctx: click.Context, name: str, folder: Path, results: Path | None) -> None:
    """Check a copy and, where given, a method's results."""
    loaded = benchmarks.load(name, folder)
    tell(repr(loaded))
    found = [loaded.check(), *([loaded.check(results)] if results else [])]
    for one in found:
        tell(repr(one))
    ctx.exit(1 if any(found) else 0)


@bench.command()
@click.argument("name", required=False)
def published(name: str | None) -> None:
    """What others published."""
    tell(repr(benchmarks.published(name)))
