"""What an edit costs beside other clients and beside the least that is possible: one command, Markdown tables.

    python tests/benchmarks/run.py [--quick] [--write docs/benchmarks.md] [--only warm memory …]

Rules of the measurement:

* A server process of its own answers at once with bytes encoded beforehand; the sandbox has no part in it.
* Every client has a process of its own. The calls of one row are interleaved, client after client, and a ratio is the
  median of the ratios of the single rounds, so that a machine busy with other things disturbs all alike.
* CPU is user and system time of the client's process. Memory is what the first call of a fresh process adds at its
  highest; inputs and client are there before. Every client gives the SHA-256 of every picture, and all must agree.
* Nothing is left out because it looks bad: what misses its target is marked.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import contestants  # noqa: E402 - a script finds its neighbours beside itself
from pictures import LOADS, draw_all  # noqa: E402

MIB = 1024 * 1024
US, GOOGLE, SEED, FLOOR = "nb_banana", "google-genai", "requests", "floor"
IMAGES = "nb_banana (images)"
PACKAGES = ("httpx", "pybase64", "pillow", "numpy", "google-genai", "openai", "requests")
ROWS = (("1K", "1×2 MB"), ("2K", "1×2 MB"), ("4K", "1×2 MB"), ("4K", "4×5 MB"))
# size, load: most CPU against google-genai, most against plain requests
CPU_TARGETS = {("1K", "1×2 MB"): (0.35, 0.30), ("4K", "1×2 MB"): (0.40, 0.25), ("4K", "4×5 MB"): (0.28, 0.22)}
EDITS, DELAY = 200, 0.5
LINK = 25e6
MARK = "<!-- the tables below are written by tests/benchmarks/run.py -->"


@dataclass
class Report:
    """The tables as Markdown, and each target beside what was measured."""

    lines: list[str] = field(default_factory=list)
    targets: list[tuple[str, str, str, bool]] = field(default_factory=list)

    def say(self, text: str = "") -> None:
        print(text, flush=True)
        self.lines.append(text)

    def table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
        self.say(f"\n## {title}\n")
        if note:
            self.say(f"{note}\n")
        self.say(f"| {' | '.join(head)} |")
        self.say(f"|---|{'---:|' * (len(head) - 1)}")
        for row in rows:
            self.say(f"| {' | '.join(row)} |")

    def target(self, what: str, limit: float, got: float, form: str) -> None:
        self.targets.append((what, f"≤ {form.format(limit)}", form.format(got), got <= limit))


@dataclass(frozen=True)
class Bench:
    """Where the pictures lie, and how often things are done."""

    pictures: dict[str, Path]
    quick: bool

    def times(self, quick: int, full: int) -> int:
        return quick if self.quick else full

    def load(self, name: str) -> list[str]:
        return [str(self.pictures[each]) for each in LOADS[name]]

    def bytes_of(self, size: str) -> int:
        return self.pictures[size].stat().st_size

    @contextmanager
    def server(self, size: str, *options: str) -> Iterator[str]:
        """A server of its own for one picture; gives its URL."""
        words = [sys.executable, str(HERE / "server.py"), str(self.pictures[size]), *options]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment()) as process:
            try:
                yield f"http://127.0.0.1:{int(process.stdout.readline())}"
            finally:
                process.terminate()


def environment() -> dict[str, str]:
    """This checkout, compiled as an installed package is, and none of the developer's keys, proxies and settings."""
    unwanted = re.compile(r"NB_BANANA|_API_KEY$|_proxy$|PYTHONDONTWRITEBYTECODE|PYTHONPATH", re.IGNORECASE)
    kept = {name: value for name, value in os.environ.items() if not unwanted.search(name)}
    return {**kept, "PYTHONPATH": str(ROOT)}


class Child:
    """A measuring process."""

    def __init__(self, **job: Any) -> None:
        words = [sys.executable, str(HERE / "measure.py"), json.dumps(job)]
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )

    def read(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a measuring process ended without a result; its own words are above")
        return json.loads(line)

    def call(self) -> dict[str, Any]:
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return self.read()

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def once(**job: Any) -> dict[str, Any]:
    """One measurement in a process that does nothing else."""
    child = Child(**job)
    try:
        return child.read()
    finally:
        child.close()


def check(bench: Bench, size: str, got: list[str]) -> None:
    """Whoever returns another picture than the one sent is not measured."""
    wanted = [contestants.digest(bench.pictures[size].read_bytes())]
    if got != wanted:
        raise SystemExit(f"{size}: a client returned {got}, sent was {wanted}")


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))


# --- what is measured ----------------------------------------------------------------------------


def warm(bench: Bench, report: Report) -> None:
    """CPU of one edit, and what the first one costs more."""
    rows, firsts = [], []
    for size, load in ROWS:
        spent, first = _warm(bench, size, load)
        ratio = {who: median_ratio(spent[US], times) for who, times in spent.items()}
        cells = [f"{statistics.median(times) * 1e3:.1f}" for times in spent.values()]
        shares = [f"{ratio[who]:.2f}" for who in (GOOGLE, SEED, "openai", FLOOR)]
        rows.append([f"{load} → {size}", *cells, *shares])
        extra = {who: first[who] - statistics.median(times) for who, times in spent.items()}
        firsts.append([f"{load} → {size}", *[f"{seconds * 1e3:.0f}" for seconds in extra.values()]])
        if (size, load) in CPU_TARGETS:
            google, seed = CPU_TARGETS[size, load]
            report.target(f"CPU, {load} → {size}, against google-genai", google, ratio[GOOGLE], "{:.2f}")
            report.target(f"CPU, {load} → {size}, against plain requests", seed, ratio[SEED], "{:.2f}")
        if size == "4K":
            report.target(f"CPU, {load} → {size}, against the floor", 2.2, ratio[FLOOR], "{:.2f}")
        chat = median_ratio(spent["nb_banana (openai)"], spent[US])
        report.target(f"CPU, {load} → {size}, OpenAI wire against native", 1.3, chat, "{:.2f}")
        form, theirs = (median_ratio(spent[IMAGES], spent[who]) for who in (US, "openai (images)"))
        report.target(f"CPU, {load} → {size}, images wire against native", 1.1, form, "{:.2f}")
        report.target(f"CPU, {load} → {size}, images wire against openai's own", 0.6, theirs, "{:.2f}")
        if (size, load) == ROWS[-1]:
            report.target("first call's CPU over a warm one's, ms", 40, extra[US] * 1e3, "{:.0f}")
    head = ["edit", *[f"{who}, ms" for who in contestants.ALL], "× google-genai", "× requests", "× openai", "× floor"]
    report.table("CPU of one edit", head, rows, "Medians; the ratios are those of nb_banana's native wire.")
    report.table("CPU of a process's first edit over a warm one, ms", ["edit", *contestants.ALL], firsts)


def _warm(bench: Bench, size: str, load: str) -> tuple[dict[str, list[float]], dict[str, float]]:
    with ExitStack() as stack:
        url = stack.enter_context(bench.server(size))
        children: dict[str, Child] = {}
        for who in contestants.ALL:
            children[who] = Child(task="warm", who=who, url=url, inputs=bench.load(load), size=size)
            stack.callback(children[who].close)
        for child in children.values():
            child.read()
        first, spent = {}, {who: [] for who in children}
        for turn in range(bench.times(6, 15) + 1):
            for who, child in children.items():
                done = child.call()
                check(bench, size, done["got"])
                if turn:
                    spent[who].append(done["cpu"])
                else:
                    first[who] = done["cpu"]
        return spent, first


def memory(bench: Bench, report: Report) -> None:
    """Growth in the first call, over the size of the picture."""
    rows, grown = [], {}
    for size, load in ROWS:
        with bench.server(size) as url:
            for who in contestants.ALL:
                runs = [
                    once(task="memory", who=who, url=url, inputs=bench.load(load), size=size)
                    for _ in range(bench.times(1, 3))
                ]
                check(bench, size, runs[0]["got"])
                grown[size, load, who] = statistics.median(run["growth"] for run in runs)
        picture = bench.bytes_of(size)
        cells = [f"{grown[size, load, who] / MIB:.1f} ({grown[size, load, who] / picture:.2f} ×)" for who in contestants.ALL]
        rows.append([f"{load} → {size}, {picture / 1e6:.2f} MB", *cells])
        for who in (US, "nb_banana (openai)", IMAGES):
            _growth_target(report, f"growth, {load} → {size}, {who}", size, grown[size, load, who], picture)
    note = "The curve over the size of the picture: MiB, and how many pictures that is."
    report.table("Memory a first edit adds", ["edit", *contestants.ALL], rows, note)


def _growth_target(report: Report, what: str, size: str, growth: float, picture: int) -> None:
    if size == "1K":
        report.target(f"{what}, MiB", 6, growth / MIB, "{:.1f}")
    else:
        report.target(f"{what}, × the picture", 1.3, growth / picture, "{:.2f}")


def codings(bench: Bench, report: Report) -> None:
    """The same bound for chunked and gzip answers."""
    rows, picture = [], bench.bytes_of("4K")
    for coding in ("chunked", "gzip"):
        with bench.server("4K", "--coding", coding) as url:
            for who in (US, "nb_banana (openai)", IMAGES, GOOGLE, SEED):
                done = once(task="memory", who=who, url=url, inputs=bench.load("4×5 MB"), size="4K")
                check(bench, "4K", done["got"])
                rows.append([f"{coding}, {who}", f"{done['growth'] / MIB:.1f}", f"{done['growth'] / picture:.2f}"])
                if who.startswith(US):
                    _growth_target(report, f"growth, {coding} 4K, {who}", "4K", done["growth"], picture)
    report.table("Memory with chunked and gzip answers, 4×5 MB → 4K", ["answer", "MiB", "× picture"], rows)


def after(bench: Bench, report: Report) -> None:
    """From the last byte to the picture, on a link that is slower than any client."""
    rows = []
    with bench.server("4K", "--rate", str(LINK)) as url:
        for who in contestants.ALL:
            done = once(
                task="after", who=who, url=url, inputs=bench.load("4×5 MB"), size="4K", times=bench.times(3, 7)
            )
            late = [seconds * 1e3 for seconds in done["late"]]
            rows.append([who, f"{statistics.median(late):.1f}", f"{min(late):.1f}", f"{max(late):.1f}"])
            if who.startswith(US):
                report.target(f"picture ready after the last byte, {who}, ms", 5, statistics.median(late), "{:.1f}")
    note = f"A 25 MB answer at {LINK / 1e6:.0f} MB/s; milliseconds from the server's last send to the SHA-256 of the picture."
    report.table("The picture after the last byte", ["client", "median", "least", "most"], rows, note)


IMPORTS = {
    "nothing": "pass",
    "nb_banana": "import nb_banana",
    "nb_banana, Client made": "import nb_banana as nb; nb.Client(nb.Endpoint('http://127.0.0.1:1', 'sk-0123456789abcdef'))",
    "httpx": "import httpx",
    "httpx, Client made": "import httpx; httpx.Client()",
    "requests": "import requests",
    "openai": "import openai",
    "google-genai": "import google.genai",
}
KERNEL = "import ipykernel.ipkernel, ipykernel.kernelapp, IPython.core.interactiveshell, asyncio, logging; "


def imports(bench: Bench, report: Report) -> None:
    """What loading costs, in a fresh interpreter and in one that runs a kernel already."""
    fresh: dict[str, list[float]] = {name: [] for name in IMPORTS}
    live: dict[str, list[float]] = {name: [] for name in IMPORTS}
    for turn in range(bench.times(4, 10) + 1):
        for name, code in IMPORTS.items():
            seconds = [_import_cpu(before, code) for before in ("", KERNEL)]
            if turn:  # the first round compiles
                fresh[name].append(seconds[0][0])
                live[name].append(seconds[1][1])
    middle = statistics.median
    rows = [
        [name, f"{middle(fresh[name]) * 1e3:.0f}", f"{median_ratio(fresh[name], fresh['httpx']):.2f}",
         f"{middle(live[name]) * 1e3:.1f}"]
        for name in IMPORTS
    ]  # fmt: skip
    head = ["import", "fresh interpreter, ms of CPU", "× httpx", "in a live kernel, ms of CPU"]
    report.table("Import", head, rows, "The first figure holds the interpreter's own start.")
    report.target("`import nb_banana`, fresh, × httpx", 0.6, median_ratio(fresh[US], fresh["httpx"]), "{:.2f}")
    report.target("`import nb_banana` in a live kernel, ms", 10, middle(live[US]) * 1e3, "{:.1f}")
    made = "nb_banana, Client made"
    report.target("with the first client, fresh, × httpx with its own", 1.1,
                  median_ratio(fresh[made], fresh["httpx, Client made"]), "{:.2f}")  # fmt: skip
    report.target("with the first client, in a live kernel, ms", 25, middle(live[made]) * 1e3, "{:.1f}")


def _import_cpu(before: str, code: str) -> tuple[float, float]:
    """CPU seconds of a whole interpreter that runs ``code``, and of ``code`` alone after ``before``."""
    timed = f"import time; {before}s = time.process_time()\n{code}\nprint(time.process_time() - s)"
    with subprocess.Popen([sys.executable, "-c", timed], stdout=subprocess.PIPE, text=True, env=environment()) as run:
        told = run.stdout.read()
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        raise SystemExit(f"{code!r} failed")
    return used.ru_utime + used.ru_stime, float(told)


def crowd(bench: Bench, report: Report) -> None:
    """Many edits of 1K at once: wall against ideal, CPU, and memory over the edits done."""
    rows, curves = [], []
    with bench.server("1K", "--delay", str(DELAY)) as url:
        for at_once, slowest in ((16, 1.15), (64, 1.6)):
            ideal = -(-EDITS // at_once) * DELAY
            runs: dict[str, list[dict[str, Any]]] = {who: [] for who in (US, FLOOR, SEED, GOOGLE)}
            for _ in range(bench.times(1, 3)):
                for who in runs:
                    done = once(
                        task="crowd", who=who, url=url, inputs=bench.load("1×2 MB"), size="1K", times=EDITS, at_once=at_once
                    )
                    for got in done["got"]:
                        check(bench, "1K", got)
                    runs[who].append(done)
            for who, all_runs in runs.items():
                wall, least = _of(all_runs, "wall", statistics.median) / ideal, _of(all_runs, "wall", min) / ideal
                spent, peak = _of(all_runs, "cpu", statistics.median) / EDITS, _of(all_runs, "peak", statistics.median)
                rows.append([f"{at_once} at once, {who}", f"{wall:.2f}", f"{least:.2f}", f"{spent * 1e3:.1f}", f"{peak / MIB:.0f}"])
            ours = runs[US]
            report.target(f"{EDITS} edits, {at_once} at once: wall × ideal", slowest, _of(ours, "wall", statistics.median) / ideal, "{:.2f}")
            report.target(f"{EDITS} edits, {at_once} at once: CPU per edit, ms", 10 if at_once == 16 else 12.5,
                          _of(ours, "cpu", statistics.median) / EDITS * 1e3, "{:.1f}")  # fmt: skip
            report.target(f"{EDITS} edits, {at_once} at once: peak growth, MiB", 80 if at_once == 16 else 160,
                          _of(ours, "peak", statistics.median) / MIB, "{:.0f}")  # fmt: skip
            steps = [EDITS // 4, EDITS // 2, EDITS * 3 // 4, EDITS]
            curve = [max(statistics.median(run["rss"][n] for run in ours) for n in range(step - 25, step)) for step in steps]
            curves.append([f"{at_once} at once", *[f"{size / MIB:.0f}" for size in curve]])
            report.target(f"{at_once} at once: highest memory of the last quarter × that of the first half", 1.1,
                          curve[-1] / max(curve[:2]), "{:.2f}")  # fmt: skip
    head = ["", "wall × ideal", "best run", "CPU per edit, ms", "peak growth, MiB"]
    note = f"{EDITS} edits, 1×2 MB → 1K, the server thinks for {DELAY} s. AsyncClient, google-genai's own async client; the others in threads."
    report.table("Many edits at once", head, rows, note)
    head = ["nb_banana", *[f"around edit {step}" for step in steps]]
    report.table("Memory over the edits done", head, curves, "MiB above the start, highest of the 25 edits before.")


def _of(runs: list[dict[str, Any]], name: str, choose: Callable[[list[float]], float]) -> float:
    return choose([run[name] for run in runs])


def freeze(bench: Bench, report: Report) -> None:
    """How long a running loop stands still."""
    with bench.server("4K") as url:
        runs = [
            once(task="freeze", who=US, url=url, inputs=bench.load("4×5 MB"), size="4K", times=bench.times(3, 9))
            for _ in range(bench.times(1, 3))
        ]
    names = {"idle": "nothing else running in the loop", "edit": "one edit", "preview": "drawing its preview in a thread"}
    rows, least = [], {}
    for key, name in names.items():
        gaps = [seconds * 1e3 for run in runs for seconds in run[key]]
        least[key] = min(gaps)
        rows.append([name, f"{min(gaps):.1f}", f"{statistics.median(gaps):.1f}", f"{max(gaps):.1f}"])
    note = (
        "The longest gap of a 1 ms heartbeat, 4×5 MB → 4K, over several rounds. The first row is what a busy machine alone "
        "does to the heartbeat. A step that holds the interpreter does so in every round, so the least is the client's share."
    )
    report.table("Longest freeze of a running event loop, ms", ["", "least", "median", "most"], rows, note)
    report.target("longest freeze of the loop, edit and preview, ms", 35, max(least["edit"], least["preview"]), "{:.0f}")


PARTS: dict[str, Callable[[Bench, Report], None]] = {
    "warm": warm, "memory": memory, "codings": codings, "after": after, "imports": imports, "crowd": crowd,
    "freeze": freeze,
}  # fmt: skip


def facts(report: Report, quick: bool) -> None:
    """The machine, without its name."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", cpuinfo)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    report.say(f"Measured {time.strftime('%Y-%m-%d')}{' (--quick)' if quick else ''} on {model[1] if model else platform.machine()}, "
               f"{os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}; {packages}. "
               f"Load of the machine at the start: {os.getloadavg()[0]:.1f}.")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: four minutes instead of ten")
    parser.add_argument("--write", type=Path, help=f"replace what follows the mark in this file: {MARK}")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    if not Path("/proc/self/clear_refs").exists():
        print("This benchmark reads memory from /proc, so it needs Linux.")
        return 2
    report = Report()
    facts(report, options.quick)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(draw_all(Path(folder)), options.quick)
        for part in options.only:
            PARTS[part](bench, report)
    missed = [row for row in report.targets if not row[-1]]
    rows = [[what, limit, got, "met" if met else "**missed**"] for what, limit, got, met in report.targets]
    report.table(f"Targets: {len(rows) - len(missed)} of {len(rows)} met", ["what", "target", "measured", ""], rows)
    if options.write:
        kept = options.write.read_text(encoding="utf-8").partition(MARK)[0] if options.write.exists() else ""
        options.write.write_text(kept + MARK + "\n\n" + "\n".join(report.lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
