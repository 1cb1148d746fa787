"""A comparison judged in a process of its own, to be killed and begun again: the judge's URL, the history's folder, the protocol."""

from __future__ import annotations

import sys
import warnings

from judge_kit import KEY

import nb_banana as nb

WAYS = ("ok 1 and 1", "ok 2 and 2", "blocked", "ok 4 and 4", "ok 5 and 5", "ok 6 and 6")


def go(url: str, folder: str, protocol: str) -> tuple[str, int]:
    """Judge what is left, one question after the other; gives what was left to ask, and how many have a score in the end."""
    with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=lambda _: None) as session, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plan = nb.compare("cat.png", [f"make it {one}" for one in WAYS], session=session).run()
        judged = plan.judge(nb.Judge("judge-1", nb.Endpoint(url, KEY, wire="openai"), protocol), concurrency=1)
        return str(judged.estimate), judged.counts["scored"]


if __name__ == "__main__":
    go(*sys.argv[1:])
