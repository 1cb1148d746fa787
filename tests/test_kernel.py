"""A real kernel, spoken to as JupyterLab speaks to it: messages in, messages out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient, KernelManager
from kernels import manager as kernel_manager

from nb_banana._history.book import History

PREPARE = "import nb_banana as nb"


@dataclass
class Outcome:
    """What one cell did: printed text, displayed bundles, the error's name, and the seconds it took."""

    stdout: str = ""
    shown: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    seconds: float = 0.0


@dataclass
class Kernel:
    """A running kernel and a client of it."""

    manager: KernelManager
    client: BlockingKernelClient

    def start(self, code: str) -> str:
        """Send a cell and do not wait for it."""
        return self.client.execute(code)

    def finish(self, cell: str, seconds: float = 60) -> Outcome:
        """Wait for a cell that was sent, and gather what it gave."""
        outcome, started = Outcome(), time.monotonic()
        while True:
            message = self.client.get_iopub_msg(timeout=seconds)
            kind, content = message["header"]["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != cell:
                continue
            if kind == "stream" and content["name"] == "stdout":
                outcome.stdout += content["text"]
            elif kind in ("execute_result", "display_data"):
                outcome.shown.append(content["data"])
            elif kind == "error":
                outcome.error = content["ename"]
            elif kind == "status" and content["execution_state"] == "idle":
                outcome.seconds = time.monotonic() - started
                return outcome

    def run(self, code: str, seconds: float = 60) -> Outcome:
        """Run a cell to its end."""
        return self.finish(self.start(code), seconds)


@pytest.fixture
def kernel(photo, clean_place):
    """A kernel in the test's own folder, beside `cat.png`, with nb_banana imported."""
    manager = kernel_manager()
    manager.start_kernel(cwd=str(clean_place))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        kernel = Kernel(manager, client)
        assert kernel.run(PREPARE).error == ""
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def statuses(folder):
    """How each recorded attempt ended, oldest first."""
    history = History.open(folder / "nb_banana_history")
    try:
        return [record.status for record in reversed(history.records())]
    finally:
        history.close()


def test_the_main_job(kernel, clean_place):
    """A photo and an instruction in a cell: an edited picture of the right size comes back inline, without a key."""
    done = kernel.run(
        'result = nb.edit("cat.png", "Transform this into a night scene", aspect_ratio="16:9", image_size="2K")\n'
        "print(result.image.width, result.image.height, result.sandbox)\nresult"
    )
    assert done.error == ""
    assert done.stdout.splitlines()[-1] == "2752 1536 True"
    bundle, words = done.shown
    assert "text/html" not in bundle
    assert {"image/jpeg", "image/png"} & set(bundle)
    assert words == {"text/plain": "2752×1536 · gemini-3-pro-image-preview · sandbox, free"}
    assert statuses(clean_place) == ["done"]


def test_ctrl_c_returns_at_once_and_is_recorded_once(kernel, clean_place):
    """Interrupting an edit gives the kernel back long before the answer, leaves one honest record, breaks nothing."""
    kernel.run("nb.session(nb.Endpoint.sandbox(delay=30))")
    cell = kernel.start('nb.edit("cat.png", "Make it night", image_size="1K")')
    time.sleep(3)
    interrupted = time.monotonic()
    kernel.manager.interrupt_kernel()
    done = kernel.finish(cell)
    assert done.error == "KeyboardInterrupt"
    assert time.monotonic() - interrupted < 10  # the answer takes 30
    assert statuses(clean_place) == ["interrupted"]
    again = kernel.run(
        "nb.session(nb.Endpoint.sandbox())\n"
        'print(nb.edit("cat.png", "Make it night", aspect_ratio="1:1", image_size="1K").image.width)'
    )
    assert (again.error, again.stdout.split()[-1]) == ("", "1024")
    assert statuses(clean_place) == ["interrupted", "done"]


def test_a_panel_run_never_blocks_the_kernel(kernel):
    """While an edit from the panel waits for its answer, another cell prints at once; then the result arrives."""
    kernel.run("nb.session(nb.Endpoint.sandbox(delay=8))")
    started = kernel.run(
        'panel = nb.panel("cat.png")\npanel.prompt.value = "Make it night"\n'
        'panel.aspect_ratio.value = "16:9"\npanel.image_size.value = "2K"\npanel.run_button.click()'
    )
    assert (started.error, started.seconds < 3) == ("", True)
    meanwhile = kernel.run("print('here', panel.result)")
    assert meanwhile.stdout.strip() == "here None"
    assert meanwhile.seconds < 1
    done = kernel.run("panel.wait(40)\nprint(panel.result.image.width, panel.result.image.height)")
    assert (done.error, done.stdout.strip().splitlines()[-1]) == ("", "2752 1536")


def test_awaiting_works_beside_the_kernels_own_loop(kernel):
    """`await` on the panel and on the session's own method both work in a cell, whose loop is already running."""
    done = kernel.run(
        'panel = nb.panel("cat.png")\npanel.prompt.value = "Make it night"\npanel.run_button.click()\n'
        "await panel\n"
        'other = await nb.session().aedit("cat.png", "Anime style", aspect_ratio="1:1", image_size="1K")\n'
        "print(panel.result.sandbox, other.image.width)"
    )
    assert (done.error, done.stdout.split()[-2:]) == ("", ["True", "1024"])


def test_restart_and_run_all_costs_nothing(kernel, clean_place):
    """After a kernel restart the same cell is answered from the folder beside the notebook, with the same bytes."""
    cell = 'r = nb.edit("cat.png", "Make it night", image_size="1K")\nprint(r.image.sha256, r.replayed)'
    first = kernel.run(cell).stdout.split()[-2:]
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    kernel.run(PREPARE)
    second = kernel.run(cell).stdout.split()[-2:]
    assert first == [second[0], "False"]
    assert second[1] == "True"
    assert statuses(clean_place) == ["done"]
