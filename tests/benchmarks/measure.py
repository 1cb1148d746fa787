"""One measurement in a fresh process; a table in, JSON lines out. Started by run.py, never by hand.

CPU is this process's user and system time. Memory is the highest resident size during the call less the size before
it (the kernel's own high-water mark, reset for the call), with inputs and client already there.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import contestants

HEARTBEAT = 0.001


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident(field: str = "VmRSS") -> int:
    """Bytes of memory: ``VmRSS`` now, ``VmHWM`` at most since the mark was reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def reset_high_water() -> int:
    """Reset the mark; gives the resident size now."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return resident()


def read(paths: list[str]) -> list[bytes]:
    return [Path(path).read_bytes() for path in paths]


def warm(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One edit for each line that comes in; the first is the first of this process."""
    edit, images = contestants.ALL[job["who"]](job["url"]), read(job["inputs"])
    yield {"ready": True}
    for _ in sys.stdin:
        started, spent = time.monotonic(), cpu()
        got = edit(images, job["size"])
        yield {"cpu": cpu() - spent, "wall": time.monotonic() - started, "got": got}


def memory(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Growth in the first call of this process."""
    edit, images = contestants.ALL[job["who"]](job["url"]), read(job["inputs"])
    before = reset_high_water()
    got = edit(images, job["size"])
    yield {"growth": resident("VmHWM") - before, "got": got}


def after(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Seconds from the server's last send to the picture, over several calls on a link of a known rate."""
    edit, images = contestants.ALL[job["who"]](job["url"]), read(job["inputs"])
    edit(images, job["size"])
    late = []
    for _ in range(job["times"]):
        edit(images, job["size"])
        ready = time.monotonic()
        with urllib.request.urlopen(f"{job['url']}/last") as told:
            late.append(ready - float(told.read()))
    yield {"late": late}


def crowd(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Many edits, some at once; the resident size after each."""
    images, done = read(job["inputs"]), []

    def note(got: list[str]) -> None:
        done.append((resident(), got))

    run = CROWDS[job["who"]](job, images, note)
    before, started, spent = reset_high_water(), time.monotonic(), cpu()
    run()
    wall, used = time.monotonic() - started, cpu() - spent
    got = [list(each) for each in {tuple(each) for _, each in done}]
    grown = [size - before for size, _ in done]
    yield {"wall": wall, "cpu": used, "rss": grown, "peak": resident("VmHWM"), "got": got}


Note = Callable[[list[str]], None]


def crowd_nb_banana(job: dict[str, Any], images: list[bytes], note: Note) -> Callable[[], None]:
    import nb_banana as nb

    client_of = nb.AsyncClient  # loaded here: what loading costs is another table's

    async def one(client: nb.AsyncClient, turn: asyncio.Semaphore) -> None:
        async with turn:
            result = await client.edit(
                images, contestants.PROMPT, model=contestants.MODEL, aspect_ratio="1:1", image_size=job["size"]
            )
            note([image.sha256 for image in result.images])

    async def everyone() -> None:
        turn = asyncio.Semaphore(job["at_once"])
        async with client_of(nb.Endpoint(job["url"], contestants.KEY), retries=0) as client:
            await asyncio.gather(*[one(client, turn) for _ in range(job["times"])])

    return lambda: asyncio.run(everyone())


def crowd_google_genai(job: dict[str, Any], images: list[bytes], note: Note) -> Callable[[], None]:
    from google import genai
    from google.genai import types

    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(aspect_ratio="1:1", image_size=job["size"])
    )

    async def one(client: Any, turn: asyncio.Semaphore) -> None:
        async with turn:
            contents = [contestants.PROMPT, *[types.Part.from_bytes(data=i, mime_type="image/png") for i in images]]
            answer = await client.models.generate_content(model=contestants.MODEL, contents=contents, config=config)
            parts = answer.candidates[0].content.parts
            note([contestants.digest(part.inline_data.data) for part in parts if part.inline_data])

    async def everyone() -> None:
        turn = asyncio.Semaphore(job["at_once"])
        options = types.HttpOptions(base_url=job["url"], timeout=contestants.SECONDS * 1000)
        async with genai.Client(api_key=contestants.KEY, http_options=options).aio as client:
            await asyncio.gather(*[one(client, turn) for _ in range(job["times"])])

    return lambda: asyncio.run(everyone())


def crowd_of_threads(job: dict[str, Any], images: list[bytes], note: Note) -> Callable[[], None]:
    """A client that blocks: one for each thread."""
    import threading

    mine, make = threading.local(), contestants.ALL[job["who"]]
    make(job["url"])

    def one(_: int) -> None:
        if not hasattr(mine, "edit"):
            mine.edit = make(job["url"])
        note(mine.edit(images, job["size"]))

    def everyone() -> None:
        with ThreadPoolExecutor(job["at_once"]) as threads:
            list(threads.map(one, range(job["times"])))

    return everyone


CROWDS = {
    "nb_banana": crowd_nb_banana,
    "google-genai": crowd_google_genai,
    "requests": crowd_of_threads,
    "floor": crowd_of_threads,
}


def freeze(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The longest time a running loop stood still during one edit and the drawing of its preview."""
    import nb_banana as nb

    images, gaps = read(job["inputs"]), []

    async def beat() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(HEARTBEAT)
            now = time.monotonic()
            gaps.append(now - last - HEARTBEAT)
            last = now

    async def edit(client: nb.AsyncClient) -> nb.EditResult:
        return await client.edit(
            images, contestants.PROMPT, model=contestants.MODEL, aspect_ratio="1:1", image_size=job["size"]
        )

    async def longest(work: Awaitable[Any]) -> tuple[float, Any]:
        gaps.clear()
        done = await work
        return max(gaps), done

    async def all_rounds() -> dict[str, list[float]]:
        found: dict[str, list[float]] = {"idle": [], "edit": [], "preview": []}
        async with nb.AsyncClient(nb.Endpoint(job["url"], contestants.KEY), retries=0) as client:
            heart = asyncio.create_task(beat())
            await edit(client)
            for _ in range(job["times"]):
                gap, result = await longest(edit(client))
                found["edit"].append(gap)
                gap, _ = await longest(asyncio.to_thread(result.image.preview))
                found["preview"].append(gap)
                gap, _ = await longest(asyncio.sleep(0.3))
                found["idle"].append(gap)
            heart.cancel()
        return found

    yield asyncio.run(all_rounds())


def main() -> None:
    job = json.loads(sys.argv[1])
    task = {"warm": warm, "memory": memory, "after": after, "crowd": crowd, "freeze": freeze}[job["task"]]
    for line in task(job):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
