"""Many pairs: each figure once, kept beside the history, and a reason where there is none."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nb_banana as nb
from nb_banana.errors import InvalidRequestError, NanoBananaError

M = nb.measures


@pytest.fixture
def pairs():
    values = np.random.default_rng(0).integers(0, 255, (6, 64, 64, 3), dtype=np.uint8)
    return [(Image.fromarray(one), Image.fromarray(one // 2)) for one in values]


def test_figures_are_kept_by_pictures_mask_name_and_version(pairs, tmp_path):
    """A second time nothing is computed; another mask or version is computed anew; both readings agree."""
    calls = []

    def mean(pair):
        calls.append(pair)
        return float(np.asarray(pair.after).mean())

    mean.version = 1
    first = M.score(pairs, ["l1", mean], folder=tmp_path)
    again = M.score(pairs, ["l1", mean], folder=tmp_path)
    assert len(calls) == 6 and again.rows == first.rows and (first.found_before, again.found_before) == (0, 12)
    M.score([(*pairs[0], (0, 0, 0.5, 0.5))], [mean], folder=tmp_path)
    mean.version = 2
    M.score(pairs[:1], [mean], folder=tmp_path)
    assert len(calls) == 8


def test_a_function_without_version_is_asked_each_time(pairs, tmp_path):
    """Nobody can say that it would give the same: it has its column and is not kept."""
    calls = []

    def brightness(pair):
        calls.append(pair)
        return np.float32(1.5)

    for _ in range(2):
        scores = M.score(pairs[:2], brightness, folder=tmp_path)
    assert len(calls) == 4 and scores.columns == ("brightness",) and scores[0]["brightness"] == 1.5


def test_a_failure_is_a_reason_and_never_a_number(pairs):
    """A refused cell, a function that raises, NaN and an object: None with words, and the rest is measured."""
    def bad(pair):
        raise ValueError("no such luck")

    def nan(pair):
        return float("nan")

    def odd(pair):
        return [1, 2]

    refused = NanoBananaError("the model refused")
    scores = M.score([pairs[0], refused], ["l1", bad, nan, odd])
    assert scores[0]["l1_rgb_lanczos_to_input"] > 0 and scores[0]["bad"] is scores[0]["nan"] is scores[0]["odd"] is None
    assert "no such luck" in scores.reasons[0]["bad"] and "nan" in scores.reasons[0]["nan"] and "[1, 2]" in scores.reasons[0]["odd"]
    assert set(scores[1].values()) == {None} and scores.reasons[1]["l1_rgb_lanczos_to_input"] == "the model refused"
    assert "the model refused" in repr(scores)


def test_two_kernels_may_share_the_file(pairs, tmp_path):
    """Several at once on one folder: nobody fails, and all figures are there afterwards."""
    folder, told = tmp_path, []
    def run():
        told.append(M.score(pairs, ["l1", "mse"], folder=folder).rows)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4 and all(rows == told[0] for rows in told)
    with sqlite3.connect(folder / "measures.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM figures").fetchone() == (12,)


def test_a_damaged_file_costs_time_and_a_sentence(pairs, tmp_path):
    """What is kept is a cache: where it can't be read, figures are computed and one warning says why."""
    Path(tmp_path / "measures.sqlite").write_bytes(b"not a database" * 100)
    with pytest.warns(UserWarning, match="not kept"):
        scores = M.score(pairs[:1], ["l1"], folder=tmp_path)
    assert scores[0]["l1_rgb_lanczos_to_input"] > 0


def test_a_chain_is_measured_step_by_step_and_from_its_start(tmp_path):
    """Each step against its input, and how far it has drifted; the figures stand in the history's folder."""
    with nb.Session(nb.Endpoint.sandbox(), tell=lambda _: None, folder=tmp_path / "kept") as session:
        chain = nb.chain(Image.new("RGB", (64, 64), "grey"), session=session).edit("Make it night").edit("Add a hat")
        scores = M.of(chain, "drift", "l1")
        assert [row["step"] for row in scores] == [1, 2]
        assert scores[0]["drift_structure_512"] == scores[0]["drift_structure_512_from_start"]
        assert (tmp_path / "kept" / "measures.sqlite").is_file()
        assert M.of(chain, "drift", "l1").found_before == 6
        frame = scores.to_dataframe()
        assert len(frame) == 2 and frame.attrs["unit"]["l1_rgb_lanczos_to_input"] == "0…1"


def test_a_network_is_refused_with_the_next_step():
    """A learned measure whose package or weights are not there says so before anything is measured."""
    with pytest.raises(InvalidRequestError, match="LPIPS needs"):
        M.score([], ["lpips"])
