"""`%%banana` and `%banana` in a real IPython shell, on the sandbox."""

from __future__ import annotations

import re
import warnings

import pytest

import nb_banana as nb
from nb_banana._magics.flags import PARSER
from nb_banana._strings import say, speaking
from nb_banana.errors import InvalidImageError, InvalidRequestError


def run(shell, cell):
    """Run one cell; gives its value, and raises what it raised."""
    done = shell.run_cell(cell)
    done.raise_error()
    return done.result


def completions(shell, line):
    """What Tab offers at the end of a line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [found.text for found in shell.Completer.completions(line, len(line))]


def test_a_file_is_edited_at_the_asked_size(shell):
    """The main job of the magic: a file, a ratio, a size, a name for the result."""
    result = run(shell, '%%banana cat.png -r "16:9" -s 2K -o hat\nMake it night')
    assert (result.image.width, result.image.height) == (2752, 1536)
    assert shell.user_ns["hat"] is result
    assert result.request.prompt == "Make it night"


def test_flags_and_photos_in_any_order(shell):
    """`-r 16:9 cat.png -s 1K` is the same as `cat.png -r 16:9 -s 1K`."""
    result = run(shell, "%%banana -r 3:4 cat.png -s 1K\nMake it night")
    assert (result.image.width, result.image.height) == (896, 1200)


def test_variables_and_the_last_value_are_photos(shell, draw_photo):
    """A PIL image, a result and `_` work where a file name works."""
    shell.user_ns["pic"] = draw_photo()
    first = run(shell, "%%banana pic -s 1K\nMake it night")
    assert first.request.images[0].width == 320
    second = run(shell, "%%banana _ -s 1K\nAnime style")
    assert second.request.images[0].sha256 == first.image.sha256
    shell.user_ns["first"] = first
    third = run(shell, "%%banana --from first -s 1K\nAdd a warm cinematic grade")
    assert third.request.images[0].sha256 == first.image.sha256


def test_several_photos_and_quotes(shell, clean_place, draw_photo):
    """A file name with a space is quoted as in a shell."""
    draw_photo(background="salmon").save(clean_place / "red sky.png")
    result = run(shell, "%%banana cat.png 'red sky.png' -s 1K\nCombine the two pictures")
    assert len(result.request.images) == 2


def test_a_list_stands_for_its_pictures(shell, clean_place, draw_photo):
    """A variable that holds a list of photos is the same as naming each of them."""
    draw_photo(background="salmon").save(clean_place / "me.png")
    shell.user_ns["photos"] = ["cat.png", "me.png"]
    result = run(shell, "%%banana photos -s 1K\nCombine the two pictures")
    assert len(result.request.images) == 2


@pytest.mark.parametrize("line", ["photos", "--from photos", "photos --bg", "photos --compare", "photos --dry-run"])
def test_an_empty_list_pays_for_nothing(shell, line):
    """A list with nothing in it, as an empty glob gives, is refused: it doesn't turn an edit into a picture from words."""
    shell.user_ns["photos"] = []
    with pytest.raises(InvalidImageError, match="no picture to edit"):
        run(shell, f"%%banana {line} -s 1K\nMake it night\n---\nMake it snow")
    assert nb.history().history.records() == []


def test_no_photo_generates(shell):
    """Without a photo the words alone make the picture."""
    result = run(shell, "%%banana -r 1:1 -s 1K\nA banana on a desk")
    assert result.request.images == ()
    assert (result.image.width, result.image.height) == (1024, 1024)


def test_names_in_braces_are_filled_only_when_they_exist(shell):
    """Prompts are full of braces: a variable's name is filled, doubled braces are braces, JSON stays."""
    shell.user_ns |= {"colour": "red", "file": "cat.png"}
    result = run(
        shell, '%%banana {file} -s 1K\nAdd a {colour} hat, not a {{colour}} one, $colour, {"a": {"b": 1}} 戴在头上'
    )
    assert result.request.prompt == 'Add a red hat, not a {colour} one, $colour, {"a": {"b": 1}} 戴在头上'


def test_takes_are_different_results(shell):
    """`-n 2` gives two takes."""
    result = run(shell, "%%banana cat.png -s 1K -n 2\nMake it night")
    assert [take.take for take in result.takes] == [1, 2]


def test_running_a_cell_again_sends_nothing(shell):
    """A cell run twice is answered from history; `--fresh` sends again."""
    cell = "%%banana cat.png -s 1K\nMake it night"
    assert run(shell, cell).replayed is False
    assert run(shell, cell).replayed is True
    assert run(shell, cell.replace("1K", "1K --fresh")).replayed is False


def test_save_writes_the_received_bytes(shell, clean_place, capsys):
    """`--save` names the file it wrote."""
    result = run(shell, "%%banana cat.png -s 1K --save night.png\nMake it night")
    assert (clean_place / "night.png").read_bytes() == result.image.data
    assert "night.png" in capsys.readouterr().out


def test_save_writes_every_take(shell, clean_place, capsys):
    """Of several takes each becomes a file with its number, as in a terminal; in a folder each gets a name of its own."""
    result = run(shell, "%%banana cat.png -s 1K -n 2 --save night.png\nMake it night")
    saved = [(clean_place / f"night-{number}.png").read_bytes() for number in (1, 2)]
    assert saved == [take.image.data for take in result.takes]
    assert capsys.readouterr().out.count("night-") == 2
    (clean_place / "all").mkdir()
    for folder in ("all", "new/"):
        run(shell, f"%%banana cat.png -s 1K -n 2 --save {folder}\nMake it night")
        assert len(list((clean_place / folder).glob("*.png"))) == 2


def test_every_flag_that_the_help_names_is_one(shell):
    """What %%banana's help offers, its parser knows, and the other way round."""
    for lang in ("en", "zh"):
        with speaking(lang):
            told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", say("magics.cell_help")))
        assert told - {"-", "---"} == set(PARSER.flags())


def test_a_dry_run_sends_nothing(shell):
    """`--dry-run` gives the estimate of what would be sent, and history stays empty."""
    estimate = run(shell, "%%banana cat.png -s 2K -n 3 --dry-run\nMake it night")
    assert (estimate.count, estimate.image_size) == (3, "2K")
    assert nb.session().history.records() == []


@pytest.mark.parametrize("name, kind", [("os", "module"), ("print", "function"), ("dict", "class")])
def test_an_output_name_never_hides_what_python_needs(shell, name, kind):
    """`-o print` is refused before anything is sent."""
    shell.run_cell("import os")
    with pytest.raises(InvalidRequestError, match=f"'{name}' is a {kind}"):
        run(shell, f"%%banana cat.png -s 1K -o {name}\nMake it night")
    assert nb.session().history.records() == []


@pytest.mark.parametrize("name", ["2nd", "class", "my-photo"])
def test_an_output_name_must_be_a_name(shell, name):
    """What Python can't assign is refused with an example of what it can."""
    with pytest.raises(InvalidRequestError, match="my_photo"):
        run(shell, f"%%banana cat.png -o {name}\nMake it night")


def test_an_output_name_may_be_used_again(shell):
    """Re-running a cell replaces its own earlier result."""
    run(shell, "%%banana cat.png -s 1K -o hat\nMake it night")
    again = run(shell, "%%banana cat.png -s 1K -o hat\nAnime style")
    assert shell.user_ns["hat"] is again


@pytest.mark.parametrize(
    "line, sentence",
    [
        ("cat.png --rato 16:9", "Did you mean --ratio?"),
        ("cat.png --zzzz", "--aspect-ratio|--ratio"),
        ("cat.png -n 0", "'0' is not a whole number from 1"),
        ("cat.png -r", "-r"),
        ("'cat.png", "No closing quotation"),
        ("cat.png -s 8K", "8K"),
        ("cat.png -r 7:5", "7:5"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(shell, line, sentence):
    """Every complaint names the word at fault or the flag that was meant."""
    with pytest.raises(InvalidRequestError, match=sentence):
        run(shell, f"%%banana {line}\nMake it night")


def test_a_missing_photo_suggests_the_one_that_is_there(shell):
    """A misspelt file or variable is answered with the nearest."""
    with pytest.raises(InvalidImageError, match=r"'cta.png' is neither a variable .*\nDid you mean cat.png"):
        run(shell, "%%banana cta.png\nMake it night")


def test_an_empty_cell_is_refused(shell):
    """No prompt, no request."""
    with pytest.raises(InvalidRequestError, match="prompt is missing"):
        run(shell, "%%banana cat.png\n   ")


def test_a_failure_is_shown_as_its_sentence(shell, capsys):
    """The cell fails with the real error, and shows no line of this package's code."""
    assert not shell.run_cell("%%banana cat.png --rato 16:9\nMake it night").success
    shown = capsys.readouterr()
    assert "InvalidRequestError: %%banana has no flag --rato" in shown.out + shown.err
    assert "_magics" not in shown.out + shown.err


@pytest.mark.parametrize(
    "line, offered",
    [
        ("%%banana cat.png --ra", ["--ratio"]),
        ("%%banana cat.png -r 16", ["16:9"]),
        ("%%banana cat.png -m nano-banana-p", ["nano-banana-pro"]),
        ("%%banana pi", ["pic"]),
        ("%%banana ca", ["cat.png"]),
        ("%%banana cat.png --from pi", ["pic"]),
        ("%banana pa", ["panel"]),
        ("%banana estimate --provider goo", ["google"]),
        ("%banana panel pi", ["pic"]),
    ],
)
def test_tab_offers_what_fits(shell, line, offered, draw_photo):
    """Flags, ratios, models, picture variables and picture files; never `range` for `--r`."""
    shell.user_ns |= {"pic": draw_photo(), "pipe": "not a picture"}
    assert completions(shell, line) == offered


def test_tab_knows_every_ratio_and_size(shell):
    """All choices of the catalog are offered after `-r` and `-s`."""
    assert {"21:9", "16:9", "4:3", "3:2", "1:1", "9:16", "3:4", "2:3", "5:4", "4:5"} <= set(
        completions(shell, "%%banana cat.png -r ")
    )
    assert {"1K", "2K", "4K"} <= set(completions(shell, "%%banana cat.png -s "))


def test_other_lines_are_left_alone(shell):
    """Completion outside our magics is IPython's own."""
    assert "pic" not in completions(shell, "pri")
    assert "print" in completions(shell, "pri")


def test_line_magic_opens_the_doors(shell, capsys):
    """`%banana models`, `doctor`, `panel` and `history` give what the functions give."""
    assert "nano-banana-pro" in str(run(shell, "%banana models"))
    assert isinstance(run(shell, "%banana panel cat.png"), nb.Panel)
    assert type(run(shell, "%banana history")) is type(nb.history())
    run(shell, "%banana doctor")
    assert nb.__version__ in capsys.readouterr().out
    estimate = run(shell, "%banana estimate -m nano-banana-pro -s 2k -n 100 --as-of 2025-11-20")
    assert (estimate.count, estimate.image_size, str(estimate.cost_cny)) == (100, "2K", "¥29.00")
    with pytest.raises(InvalidRequestError, match=r"%banana estimate has no flag --sise.*\nDid you mean --size"):
        run(shell, "%banana estimate --sise 2K")
    for word in ("help", "--help"):
        run(shell, f"%banana {word}")
        assert "%banana estimate -s 2K -n 100" in capsys.readouterr().out
    with pytest.raises(InvalidRequestError, match="Did you mean %banana history"):
        run(shell, "%banana hystory")


def test_loading_twice_registers_once(shell):
    """Re-running `%load_ext` or `%reload_ext` leaves one completion matcher."""
    shell.run_line_magic("reload_ext", "nb_banana")
    ours = [m for m in shell.Completer.custom_matchers if getattr(m, "matcher_identifier", "") == "nb_banana"]
    assert len(ours) == 1
