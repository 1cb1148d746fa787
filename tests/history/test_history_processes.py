"""Many threads, many kernels, and kernels that die: the history stays whole."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from history_kit import attempt, begin, end, picture, run, spawn

from nb_banana._history.book import History


def integrity(folder: Path) -> str:
    connection = sqlite3.connect(folder / "history.sqlite")
    try:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()


def test_two_kernels_with_500_attempts_each_lose_nothing(tmp_path: Path) -> None:
    """Two processes that write at once both succeed, without one word about locks."""
    folder = tmp_path / "history"
    writers = [spawn("write", folder, name, 500, stderr=-1) for name in ("first", "second")]
    for writer in writers:
        out, err = writer.communicate(timeout=300)
        assert (writer.returncode, out, err) == (0, "", "")
    prompts = [record.prompt for record in History.open(folder).every()]
    assert len(prompts) == 1000
    assert set(prompts) == {f"{name} {number}" for name in ("first", "second") for number in range(500)}
    assert integrity(folder) == "ok"


def test_sixteen_threads_share_one_history(tmp_path: Path) -> None:
    """Each thread gets back its own record; ids are all different and sort by the order of writing."""
    history, seen = History.open(tmp_path / "history"), {}

    def work(name: int) -> None:
        for number in range(7):
            record = attempt(history, f"{name}-{number}", key=f"{name}-{number}", outputs=[picture(name)])
            assert history.find(f"{name}-{number}", 1) == record
            seen[record.id] = record.prompt

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))
    assert len(seen) == 112
    assert {record.id: record.prompt for record in history.every()} == seen


def test_kill_at_200_random_points_leaves_whole_pictures_and_committed_rows(tmp_path: Path) -> None:
    """After SIGKILL at any moment every picture at its final name is whole and every row told as done is there."""
    assert int(run("kill_many", tmp_path, 200)) > 100


def test_kill_in_the_midst_of_a_picture_leaves_no_half_of_it(tmp_path: Path) -> None:
    """Killed while only a part of its bytes is on the disk, a picture is not there at all, and its part is swept."""
    assert run("kill_in_pictures", tmp_path, 12) == "12\n"


def test_row_of_a_killed_kernel_is_shown_as_interrupted(tmp_path: Path) -> None:
    """An attempt whose process died is not running for ever, and counts as maybe paid."""
    folder = tmp_path / "history"
    child = spawn("hold", folder)
    id = child.stdout.readline().strip()
    child.kill()
    child.wait()
    record = History.open(folder).record(id)
    assert (record.status, record.billing, record.prompt) == ("interrupted", "maybe_paid", "held")
    assert "stopped before an answer came" in record.error_message
    child.stdout.close()
    child.stdin.close()


def test_row_of_a_living_kernel_is_left_alone(tmp_path: Path) -> None:
    """A second kernel that opens the history does not declare the first one's attempt dead, until it is."""
    folder = tmp_path / "history"
    child = spawn("hold", folder)
    id = child.stdout.readline().strip()
    other = History.open(folder)
    assert [record.status for record in other.records()] == ["running"]
    assert other.record(id).status == "running"
    child.kill()
    child.communicate()
    assert [record.status for record in other.records()] == ["interrupted"]


def test_attempt_of_this_very_process_is_left_alone(tmp_path: Path) -> None:
    """Two History objects in one kernel respect each other's running attempts."""
    first, second = History.open(tmp_path / "history"), History.open(tmp_path / "history")
    id = begin(first)
    assert [record.status for record in second.records()] == ["running"]
    assert end(first, id).status == "done"
    assert second.record(id).status == "done"


def test_history_survives_a_fork(tmp_path: Path) -> None:
    """A fork writes through a connection of its own, and its end does not make the parent look dead."""
    folder = tmp_path / "history"
    run("fork", folder)
    assert len(History.open(folder).records()) == 41
    assert integrity(folder) == "ok"


@pytest.mark.parametrize("what", ["histories", "measures"])
def test_a_child_that_is_forked_while_others_write_can_use_the_history(tmp_path: Path, what: str) -> None:
    """Whatever threads of the parent do with histories or measures in that moment, no forked child waits for their locks for ever."""
    assert run("fork_busy", tmp_path, 60, what) == "0\n"


def test_a_fork_does_not_wait_for_a_history_that_waits_itself(tmp_path: Path) -> None:
    """A fork goes on after two seconds though a thread waits for a file that another program holds; parent and child read on."""
    parent = spawn("fork_kept_waiting", tmp_path / "history")
    assert parent.stdout.readline() == "ready\n"
    with closing(sqlite3.connect(tmp_path / "history" / "history.sqlite", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        parent.stdin.write("go on\n")
        parent.stdin.flush()
        assert float(parent.stdout.readline()) < 10
    assert parent.communicate("go on\n", 60)[0] == "0 2\n"


def test_an_attempt_of_a_killed_fork_ends_with_it(tmp_path: Path) -> None:
    """What a killed child had begun is not under way for as long as its parent lives; the parent's own still is."""
    before, after = run("fork_killed", tmp_path / "history").splitlines()
    assert before == str({"the child's": "running", "the parent's": "running"})
    assert after == str({"the child's": "interrupted", "the parent's": "running"})


def test_a_child_that_lives_on_keeps_no_dead_parent_alive(tmp_path: Path) -> None:
    """An attempt of a process that died is interrupted though a worker that it forked lives on."""
    parent = spawn("fork_outlives", tmp_path / "history")
    child = int(parent.stdout.readline())
    try:
        parent.wait()
        assert [r.status for r in History.open(tmp_path / "history").records()] == ["interrupted"]
    finally:
        os.kill(child, signal.SIGKILL)
        parent.communicate()


def test_deleted_folder_is_made_again(tmp_path: Path) -> None:
    """A person may delete the folder under a running kernel; the next attempt lands in a new one."""
    history = History.open(tmp_path / "history")
    attempt(history, "before")
    shutil.rmtree(tmp_path / "history")
    record = attempt(history, "after")
    assert record.problems == ()
    other = History.open(tmp_path / "history")
    assert [each.prompt for each in other.records()] == ["after"]
    assert other.record(record.id).images[0].data == picture(2).data
    running = begin(history, "still here")
    assert other.record(running).status == "running"
    assert {each.status for each in other.records()} == {"done", "running"}


def test_closing_leaves_no_lock_behind_and_the_next_use_opens_again(tmp_path: Path) -> None:
    """`close` ends the journal and the lock file; the object can be used again."""
    history = History.open(tmp_path / "history")
    attempt(history)
    history.close()
    assert sorted(path.name for path in (tmp_path / "history").iterdir()) == [
        "history.sqlite",
        "images",
        "live",
    ]
    assert list((tmp_path / "history" / "live").iterdir()) == []
    assert len(history.records()) == 1


def test_opening_costs_nothing_until_it_is_used(tmp_path: Path) -> None:
    """`History.open` makes no folder and no file."""
    history = History.open(tmp_path / "history")
    assert not (tmp_path / "history").exists()
    assert repr(history) == f"<History {tmp_path / 'history'}>"
