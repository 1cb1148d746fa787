"""What `%%banana` grew: names filled, conversations, comparisons, the background, the terminal, Tab and help."""

from __future__ import annotations

import asyncio
import json
import threading
import warnings

import pytest
from pages import blocks
from PIL import Image
from test_magics import run

import nb_banana as nb
from nb_banana._images.sources import as_image
from nb_banana._magics.flags import PARSER
from nb_banana._magics.terminal import drawn, protocol
from nb_banana.errors import InvalidRequestError

NIGHT = "%%banana cat.png -s 1K {}\nMake it night"


def offers(shell, text):
    """What Tab offers by the two ways IPython has of asking, which must agree."""
    lines = text.split("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shell.Completer.use_jedi = False
        new = [found.text for found in shell.Completer.completions(text, len(text))]
        _, old = shell.Completer.complete(line_buffer=lines[-1], cursor_pos=len(lines[-1]))
    if len(lines) == 1:
        assert list(old) == new
    return new


def test_an_unknown_name_in_braces_sends_nothing(shell):
    """A misspelt variable is an error that names it and the near ones, and history stays empty."""
    shell.user_ns["colour"] = "red"
    with pytest.raises(InvalidRequestError, match=r"no variable 'color'[^{]*\{colour\}.*\{\{color\}\}"):
        run(shell, "%%banana cat.png -s 1K\nAdd a {color} hat")
    with pytest.raises(InvalidRequestError, match="'pic' is a PngImageFile"):
        shell.user_ns["pic"] = as_image("cat.png").to_pil()
        run(shell, "%%banana cat.png -s 1K\nAdd {pic}")
    assert nb.session().history.records() == []


def test_a_value_with_spaces_and_backslashes_is_one_word(shell, clean_place):
    """The line is split before it is filled, so a path in a variable needs no quotes."""
    odd = clean_place / "my C:\\new pictures.png"
    odd.write_bytes((clean_place / "cat.png").read_bytes())
    shell.user_ns |= {"path": odd.name, "pic": as_image("cat.png")}
    assert run(shell, "%%banana {path} -s 1K\nMake it night").request.images[0].width == 320
    assert run(shell, "%%banana {pic} -s 1K\nMake it night").replayed


def test_the_old_name_of_fresh_works_and_says_so(shell, capsys):
    """`--no-cache` sends again as before, tells its new name, and Tab no longer offers it."""
    run(shell, NIGHT.format(""))
    assert run(shell, NIGHT.format("--no-cache")).replayed is False
    assert "called --fresh now" in capsys.readouterr().out
    assert offers(shell, "%%banana cat.png --no") == []


def test_a_conversation_goes_on(shell):
    """`--from hat --context conversation` continues the model's own turns, `refeed` sends its picture."""
    shell.user_ns["hat"] = run(shell, NIGHT.format(""))
    spoken = run(shell, "%%banana --from hat --context conversation -s 1K\nAnime style")
    assert spoken.request.turns and nb.session().history.record(spoken.record_id).context == "conversation"
    fed = run(shell, "%%banana --from hat --context refeed -s 1K\nAnime style")
    assert not fed.request.turns and fed.request.images[0].sha256 == shell.user_ns["hat"].image.sha256


@pytest.mark.parametrize(
    "flags, sentence",
    [
        ("--context conversation", "--from"),
        ("--from cat.png --context conversation", "no result"),
        ("--from cat.png --context chat", "conversation"),
        ("--from cat.png --context conversation --bg", "--bg"),
        ("--compare", "there is one"),
        ("--compare --fresh", "--fresh"),
        ("--compare --save a.png", "--save"),
    ],
)
def test_what_can_not_be_asked_sends_nothing(shell, flags, sentence):
    """Flags that can't go together are refused by name, and history stays empty."""
    with pytest.raises(InvalidRequestError, match=sentence):
        run(shell, NIGHT.format(flags))
    assert nb.session().history.records() == []


def test_prompts_with_a_line_between_are_compared(shell):
    """`--compare` makes every prompt, `--dry-run` only counts them, and without it `---` is text."""
    cell = "%%banana cat.png -s 1K --compare -o both {}\nMake it night\n ---\nAnime style"
    assert run(shell, cell.format("--dry-run")).to_send == 2
    assert nb.session().history.records() == []
    both = run(shell, cell.format(""))
    assert [one.request.prompt for one in both] == ["Make it night", "Anime style"]
    assert shell.user_ns["both"] is both
    later = run(shell, cell.format("--bg"))
    assert [one.replayed for one in later.result] == [True, True]
    assert "---" in run(shell, "%%banana cat.png -s 1K\nMake it\n---\nnight").request.prompt


def test_the_background_gives_a_handle(shell, capsys, clean_place):
    """`--bg` returns at once; the handle is awaited, asked or used as a picture, and shows itself when done."""
    handle = run(shell, NIGHT.format("--bg --save night.png -o later"))
    assert shell.user_ns["later"] is handle

    async def awaited():
        return await handle

    result = asyncio.run(awaited())
    assert result is handle.result and handle.done and not handle.cancel()
    assert (clean_place / "night.png").read_bytes() == result.image.data
    assert wait_for(capsys, "Kept in").count(result.caption) >= 1
    assert run(shell, "%%banana later -s 1K\nAnime style").request.images[0].sha256 == result.image.sha256


def wait_for(capsys, words):
    """What was printed until the words came."""
    seen = ""
    for _ in range(100):
        seen += capsys.readouterr().out
        if words in seen:
            return seen
        threading.Event().wait(0.05)
    raise AssertionError(seen)


@pytest.mark.parametrize("begun", ["", "kept = "])
def test_a_fault_in_the_background_is_shown(shell, capsys, begun):
    """What fails beside the notebook is told with its sentence, shown or not, and raised by whoever asks."""
    run(shell, f"{begun}get_ipython().run_cell_magic('banana', 'cat.png -s 8K --bg -o later', 'Make it night')")
    assert "8K" in wait_for(capsys, "failed. InvalidRequestError")
    with pytest.raises(InvalidRequestError, match="8K"):
        _ = shell.user_ns["later"].result


def test_a_cancelled_edit_says_so(shell, capsys):
    """`.cancel()` ends it; whoever awaits or asks is told what happened and where to look."""
    handle = run(shell, NIGHT.format("-n 4 --bg"))
    assert handle.cancel() and "cancelled" in repr(handle)
    wait_for(capsys, "was cancelled")
    with pytest.raises(InvalidRequestError, match="may be billed"):
        _ = handle.result

    async def awaited():
        await handle

    with pytest.raises(InvalidRequestError, match="was cancelled"):
        asyncio.run(awaited())


def test_a_terminal_names_the_file_and_draws_only_where_it_can(shell, capsys, monkeypatch):
    """Without a page the file is named; no escape goes into what is no terminal, whatever it is called."""
    monkeypatch.setenv("TERM_PROGRAM", "iTerm.app")
    run(shell, NIGHT.format(""))
    printed = capsys.readouterr().out
    (line,) = [line for line in printed.splitlines() if line.startswith("Kept in ")]
    as_image(line.removeprefix("Kept in "))
    assert "\x1b]1337" not in printed


@pytest.mark.parametrize(
    "environment, is_terminal, how",
    [
        ({"TERM_PROGRAM": "iTerm.app"}, True, "iterm2"),
        ({"LC_TERMINAL": "iTerm2"}, True, "iterm2"),
        ({"TERM": "xterm-kitty"}, True, "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, True, "kitty"),
        ({"KITTY_WINDOW_ID": "1"}, False, None),
        ({"TERM_PROGRAM": "iTerm.app", "TMUX": "/tmp/x"}, True, None),
        ({"TERM": "xterm-256color"}, True, None),
    ],
)
def test_the_terminal_is_known_by_its_environment(environment, is_terminal, how):
    """A small picture is drawn in iTerm2 and kitty, only where somebody looks, never through a multiplexer."""
    assert protocol(environment, is_terminal=is_terminal) == how


def test_kitty_gets_pieces_it_can_take(clean_place, photo):
    """Each piece is at most 4096 characters, and only the last says that it is the last."""
    text = drawn(as_image(photo), "kitty")
    pieces = text.strip().removesuffix("\x1b\\").split("\x1b\\")
    assert all(len(piece.partition(";")[2]) <= 4096 for piece in pieces)
    assert ["m=1" in piece[:20] for piece in pieces] == [True] * (len(pieces) - 1) + [False]
    assert drawn(as_image(photo), "iterm2").startswith("\x1b]1337;File=inline=1;")


@pytest.mark.parametrize(
    "text, offered",
    [
        ("%%banana cat.png --co", ["--compare", "--context"]),
        ("%%banana --context c", ["conversation"]),
        ("%%banana cat.png --ratio=16", ["16:9"]),
        ("%%banana 'my c", ["'my cat.png'"]),
        ("%%banana my", ["'my cat.png'"]),
        ("%%banana {fi", ["{file}"]),
        ("%%banana cat.png\nAdd a {co", ["{colour}"]),
    ],
)
def test_tab_offers_flags_files_and_names(shell, clean_place, text, offered):
    """Both ways IPython completes offer the same, without jedi too; quotes and braces go on where they began."""
    (clean_place / "my cat.png").write_bytes((clean_place / "cat.png").read_bytes())
    shell.user_ns |= {"colour": "red", "file": "cat.png"}
    assert offers(shell, text) == offered


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_is_readable_and_whole(shell, capsys, monkeypatch, language):
    """`%%banana?` shows every flag in plain words, in both languages, without markup."""
    monkeypatch.setenv("NB_BANANA_LANG", language)
    shell.run_line_magic("reload_ext", "nb_banana")
    capsys.readouterr()
    shell.run_cell("%%banana?")
    shown = capsys.readouterr().out
    assert "`" not in shown and "::" not in shown
    assert [flag for flag in PARSER.flags() if flag not in shown] == []
    assert ("编辑" in shown) == (language == "zh")


def test_extra_survives_the_braces(shell):
    """JSON on the line is left alone."""
    extra = json.dumps({"a": {"b": 1}})
    assert run(shell, f"%%banana cat.png -s 1K --dry-run --extra '{extra}'\nMake it night").count == 1


def test_the_page_runs_as_printed(shell):
    """Every cell of the page about the magic runs, and both languages show the same cells."""
    cells = blocks("magics.md")
    assert cells and cells == blocks("magics.zh-CN.md")
    Image.open("cat.png").convert("RGB").save("cat.jpg")
    for cell in cells:
        run(shell, cell)
    assert shell.user_ns["later"].result.replayed and len(shell.user_ns["both"]) == 2
