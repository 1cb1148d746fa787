"""What a help page and a Tab cost beside `import click`: `python tests/benchmarks/startup.py [rounds]`.

Each round starts the three one after the other, so that a busy machine is as unkind to each; told are the medians of the
CPU seconds of the processes, of the wall seconds, and of the rounds' own ratios.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

HELP, TAB = 1.5, 2.0
ENTRY = "import sys; from nb_banana._cli import main; sys.exit(main())"  # what the installed script does
CASES = {
    "import click": ("import click", [], {}),
    "--help": (ENTRY, ["--help"], {}),
    "edit -m <Tab>": (ENTRY, [], {"_NB_BANANA_COMPLETE": "bash_complete", "COMP_WORDS": "nb-banana edit -m ", "COMP_CWORD": "3"}),
    "<Tab>": (ENTRY, [], {"_NB_BANANA_COMPLETE": "zsh_complete", "COMP_WORDS": "nb-banana ", "COMP_CWORD": "1"}),
}


def spent(code: str, words: list[str], variables: dict[str, str]) -> tuple[float, float]:
    """CPU and wall seconds of one start."""
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE, env={**os.environ, **variables})
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0 and (said or code == "import click"), (words, said)
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began


def main(rounds: int) -> None:
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in CASES}
    for turn in range(rounds + 1):
        for name, case in CASES.items():
            found = spent(*case)
            if turn:  # the first writes the byte code
                took[name].append(found)
    base = took["import click"]
    for name, times in took.items():
        cpu, wall = (statistics.median(time[at] for time in times) for at in (0, 1))
        ratio = statistics.median(one[0] / other[0] for one, other in zip(times, base))
        walls = statistics.median(one[1] / other[1] for one, other in zip(times, base))
        print(f"{name:14} {cpu * 1000:5.0f} ms CPU, {wall * 1000:5.0f} ms wall; × {ratio:.2f} CPU, × {walls:.2f} wall")
    print(f"at most × {HELP} for the help, × {TAB} for a Tab")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
