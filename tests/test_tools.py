"""What `jupyter_server_mcp` offers to programs: edit, estimate and history, which spend nothing that nobody allowed."""

from __future__ import annotations

import asyncio
import inspect
import json
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import nb_banana as nb
from nb_banana import _tools
from nb_banana._sandbox.server import serve

ROOT = Path(nb.__file__).resolve().parent.parent
KEY = "sk-0123456789abcdef0123456789"


@pytest.fixture
def here(tmp_path, photo, monkeypatch):
    """The folder a server runs in, with a picture in it; its sessions are forgotten afterwards."""
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "cat.png").write_bytes(photo.read_bytes())
    monkeypatch.chdir(folder)
    yield folder
    _tools._made.cache_clear()


def edit(*args, **settings):
    return asyncio.run(_tools.nb_banana_edit(*args, **settings))


def test_the_entry_point_names_three_typed_functions():
    """The group gets a list of `module:function`, as it wants; each has its words and its types, and results are plain JSON."""
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["jupyter_server_mcp.tools"]["nb_banana"]
    module, _, name = entry.partition(":")
    specs = getattr(import_module(module), name)
    assert [spec.rpartition("_")[2] for spec in specs] == ["edit", "estimate", "history"]
    for spec in specs:
        home, _, called = spec.partition(":")
        function = getattr(import_module(home), called)
        signature = inspect.signature(function)
        kinds = [one.annotation for one in signature.parameters.values()]
        assert function.__doc__ and not any(isinstance(kind, str) or kind is inspect.Parameter.empty for kind in kinds)
        assert not [name for name in signature.parameters if "budget" in name or "key" in name or "endpoint" in name]


def test_the_sandbox_edits_for_nothing_and_tells_paths_and_facts(here):
    """Without a key and a budget an edit works, goes on from an earlier one, and gives a path and no pixels."""
    made = edit("make it night", ["cat.png"])
    assert Path(made["path"]).is_file() and made["sandbox"] and made["cost_usd"] == 0 and made["budget_usd"] is None
    assert edit("make it night", ["cat.png"])["replayed"]
    more = edit("add a hat", [made["record_id"]])
    again = edit("add a hat", [made["path"]])
    assert again["replayed"] and again["record_id"] == more["record_id"]
    told = _tools.nb_banana_history(limit=2)
    assert [one["prompt"] for one in told] == ["add a hat", "make it night"] and told[1]["paths"] == [made["path"]]
    assert len(json.dumps([made, told])) < 4000
    assert [one["prompt"] for one in _tools.nb_banana_history("night")] == ["make it night"]


def test_nothing_paid_is_sent_without_a_budget_and_nothing_over_it(here, tmp_path, monkeypatch):
    """With a key and no budget an edit is refused and says who can set one; within one it is sent, over it no more."""
    prices = tmp_path / "prices.toml"
    prices.write_text('[[price]]\nprovider = "custom"\nmodel = "*"\nusd = "0.05"\nas_of = "2026-01-01"\nsource = "me"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(prices))
    with serve() as server:
        monkeypatch.setenv("NB_BANANA_BASE_URL", server.url)
        monkeypatch.setenv("NB_BANANA_API_KEY", KEY)
        with pytest.raises(nb.errors.BudgetError, match="NB_BANANA_BUDGET"):
            edit("make it night", ["cat.png"])
        monkeypatch.setenv("NB_BANANA_BUDGET", "0.04")
        with pytest.raises(nb.errors.BudgetError, match=r"\$0\.04"):
            edit("make it night", ["cat.png"])
        assert server.requests == []
        monkeypatch.setenv("NB_BANANA_BUDGET", "0.06")
        assert edit("make it night", ["cat.png"])["budget_usd"] == "0.06"
        assert len(server.requests) == 1
        monkeypatch.setenv("NB_BANANA_BUDGET", "five")
        with pytest.raises(nb.errors.InvalidRequestError, match="five"):
            edit("make it red", ["cat.png"])


def test_no_file_beyond_the_folder_is_read_and_no_address_fetched(here, photo, monkeypatch):
    """A program that was talked into it can send nobody's files away: links, steps up and addresses are refused."""
    (here / "link.png").symlink_to(photo)
    with serve() as server:
        for given in (str(photo), "../cat.png", "link.png", f"{server.url}/x.png", "data:image/png;base64,AAAA", "/etc/passwd", "~/cat.png", "x\0.png"):
            with pytest.raises(nb.errors.InvalidRequestError) as caught:
                edit("make it night", [given])
            assert "cat.png" not in given or "served" in caught.value.message
        assert server.requests == []
    for given in ([], "", [""], [3], None):
        with pytest.raises(nb.errors.InvalidRequestError, match="images"):
            edit("make it night", given)
    with pytest.raises(nb.errors.InvalidRequestError):
        edit("make it night", ["0000000000000"])


def test_an_estimate_says_what_is_not_known(here, monkeypatch):
    """The figures are those of the place edits go to; where nobody knows a price it is null and not zero."""
    free = _tools.nb_banana_estimate(count=3)
    assert (free["provider"], free["cost_usd"], free["count"]) == ("sandbox", 0.0, 3)
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    assert _tools.nb_banana_estimate("nano-banana-pro", "2K", 2)["cost_usd"] == pytest.approx(0.18)
    assert _tools.nb_banana_estimate("gpt-image-flare")["cost_usd"] is None
    for limit in (0, 51, True, "many"):
        with pytest.raises(nb.errors.InvalidRequestError, match="limit"):
            _tools.nb_banana_history(limit=limit)
