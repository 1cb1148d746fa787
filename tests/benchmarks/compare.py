"""A comparison beside a plain thread pool with google-genai: one command, the wall time and memory of both.

    python tests/benchmarks/compare.py [--cells 320] [--lanes 16] [--delay 2] [--rounds 1]

Rules of the measurement:

* A server process of its own answers after the delay with bytes encoded beforehand (server.py).
* Each contestant has a fresh process, one after the other in turns. Packages, client and input are there before the
  clock starts; memory is what the run adds at its highest, and beside it the whole process at its highest.
* Both keep what comes: the comparison in its history, the pool as one file for each edit. The server always sends the
  same picture, which a history stores once: its writing is favoured by that, as the pool is by filing nothing else.
* Both must have every picture with the SHA-256 that was sent. What misses its target is marked and is the exit code.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import contestants  # noqa: E402 - a script finds its neighbours beside itself
from measure import cpu, reset_high_water, resident  # noqa: E402
from pictures import OUTPUTS, grainy  # noqa: E402
from run import MIB, Bench, Report, environment  # noqa: E402

US, POOL = "nb.compare", "google-genai in a thread pool"
SLOWEST = 1.05


def ours(job: dict[str, Any]) -> Callable[[], list[str]]:
    import nb_banana as nb

    session = nb.Session(nb.Endpoint(job["url"], contestants.KEY), folder=job["folder"], tell=lambda _: None)
    prompts = [f"{contestants.PROMPT}, {number}" for number in range(job["cells"])]
    plan = nb.compare(job["picture"], prompts, models=contestants.MODEL, image_sizes="1K", aspect_ratios="1:1", session=session)
    plan.estimate()  # as a person looks at a plan first; it opens the history, as the pool's client opens its own

    def run() -> list[str]:
        plan.run(concurrency=job["lanes"])
        return [one.image.sha256 for one in plan if one]

    return run


def pool(job: dict[str, Any]) -> Callable[[], list[str]]:
    from google import genai
    from google.genai import types

    options = types.HttpOptions(base_url=job["url"], timeout=contestants.SECONDS * 1000)
    client, image = genai.Client(api_key=contestants.KEY, http_options=options), Path(job["picture"]).read_bytes()
    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="1:1", image_size="1K")
    )

    def one(number: int) -> str:
        contents = [f"{contestants.PROMPT}, {number}", types.Part.from_bytes(data=image, mime_type="image/png")]
        answer = client.models.generate_content(model=contestants.MODEL, contents=contents, config=config)
        data = next(part.inline_data.data for part in answer.candidates[0].content.parts if part.inline_data)
        (Path(job["folder"]) / f"{number}.png").write_bytes(data)
        return contestants.digest(data)

    def run() -> list[str]:
        with ThreadPoolExecutor(job["lanes"]) as threads:
            return list(threads.map(one, range(job["cells"])))

    return run


WHO: dict[str, Callable[[dict[str, Any]], Callable[[], list[str]]]] = {US: ours, POOL: pool}


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """In the contestant's own process."""
    run = WHO[job["who"]](job)
    before, began, spent = reset_high_water(), time.monotonic(), cpu()
    got = run()
    wall, used, peak = time.monotonic() - began, cpu() - spent, resident("VmHWM")
    return {"wall": wall, "cpu": used, "growth": peak - before, "peak": peak, "came": len(got), "got": sorted(set(got))}


def once(**job: Any) -> dict[str, Any]:
    """One run in a fresh process, with a fresh folder for what comes."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, __file__, "--job", json.dumps({**job, "folder": folder})]
        done = subprocess.run(words, stdout=subprocess.PIPE, check=True, env=environment())
        return json.loads(done.stdout)


def compared(options: argparse.Namespace) -> Report:
    """Both, in turns; a table and its targets."""
    report, runs = Report(), {who: [] for who in WHO}
    with tempfile.TemporaryDirectory() as folder:
        pictures = {name: Path(folder) / f"{name}.png" for name in ("1K", "in")}
        pictures["1K"].write_bytes(grainy(*OUTPUTS["1K"]))
        pictures["in"].write_bytes(grainy(512, 1.42, 4))
        wanted = [contestants.digest(pictures["1K"].read_bytes())]
        with Bench(pictures, quick=False).server("1K", "--delay", str(options.delay)) as url:
            for _ in range(options.rounds):
                for who in WHO:
                    done = once(who=who, url=url, picture=str(pictures["in"]), cells=options.cells, lanes=options.lanes)
                    if (done["came"], done["got"]) != (options.cells, wanted):
                        raise SystemExit(f"{who}: {done['came']} pictures of {options.cells}, {done['got']}")
                    runs[who].append(done)
    ideal = -(-options.cells // options.lanes) * options.delay
    middle = {who: {key: statistics.median(run[key] for run in runs[who]) for key in ("wall", "cpu", "growth", "peak")} for who in WHO}
    rows = [
        [who, f"{one['wall']:.1f}", f"{one['wall'] / ideal:.3f}", f"{one['cpu'] / options.cells * 1e3:.1f}",
         f"{one['growth'] / MIB:.0f}", f"{one['peak'] / MIB:.0f}"]
        for who, one in middle.items()
    ]  # fmt: skip
    note = f"{options.cells} edits, {options.lanes} at once, the server thinks for {options.delay:g} s; median of {options.rounds}."
    head = ["", "wall, s", "wall × ideal", "CPU per edit, ms", "memory added, MiB", "whole process, MiB"]
    report.table("A comparison beside a thread pool", head, rows, note)
    us, other = middle[US], middle[POOL]
    report.target("wall × the pool's", SLOWEST, us["wall"] / other["wall"], "{:.3f}")
    report.target("memory added × the pool's", 1.0, us["growth"] / other["growth"], "{:.2f}")
    report.target("whole process × the pool's", 1.0, us["peak"] / other["peak"], "{:.2f}")
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=320)
    parser.add_argument("--lanes", type=int, default=16)
    parser.add_argument("--delay", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        print(json.dumps(measure(json.loads(options.job))))
        return 0
    if not Path("/proc/self/clear_refs").exists():
        print("This benchmark reads memory from /proc, so it needs Linux.")
        return 2
    report = compared(options)
    rows = [[what, limit, got, "met" if met else "**missed**"] for what, limit, got, met in report.targets]
    report.table("Targets", ["what", "target", "measured", ""], rows)
    return 0 if all(met for *_, met in report.targets) else 1


if __name__ == "__main__":
    sys.exit(main())
