"""The tests themselves, started where Ctrl-C is ignored, as a background shell and many a CI start them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
# What is ignored when a program is started stays ignored in it and in all it starts.
IGNORING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"


@pytest.mark.skipif(os.name == "nt", reason="only POSIX shells start programs so")
def test_a_test_of_ctrl_c_passes_where_ctrl_c_is_ignored() -> None:
    """A test that interrupts brings Ctrl-C about itself, and does not wait for ever for one that never comes."""
    some = (
        "test_fetch.py::test_an_interrupt_ends_a_download_at_once",  # in the process of the tests
        "compare/test_compare_run.py::test_ctrl_c_keeps_what_is_done",  # in a process they start
        "client/test_kernel_interrupt.py::test_an_interrupt_comes_back_at_once",  # in a kernel, twice
    )
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--assert=plain", *(str(TESTS / one) for one in some)]
    done = subprocess.run(
        [sys.executable, "-c", IGNORING, *words], cwd=TESTS.parent, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout[-3000:]
