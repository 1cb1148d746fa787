"""Names as people paste them: backslashes, invisible marks, quotes, line ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from test_magics import run

import nb_banana as nb
from nb_banana._images.sources import as_image
from nb_banana._magics.flags import split


@pytest.mark.parametrize(
    "around",
    [
        "\u202a{}", "\u202a{}\u202c", '"{}"', "'{}'", "“{}”", "{}\n", "{}\r\n", "\ufeff{}", " {} ", '\u202a"{}"\n',
        "\u200b{}\u200b", "\u2068{}\u2069", '"\u202a{}"', "\u200e{}", "«{}»", "\u00a0{}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["cat photo.png", "猫 👩\u200d🚀.png", "it's.png"])
def test_what_copying_put_around_a_name_is_no_part_of_it(draw_photo, clean_place, around, name):
    """As text and as a path: the file is found, and code names it by its plain name."""
    draw_photo().save(clean_place / name)
    full = str(clean_place / name)
    assert as_image(around.format(full)).source == full
    assert as_image(Path(around.format(full))).name == name


def test_a_file_that_has_such_a_name_is_found_by_it(draw_photo, clean_place):
    """A name that really holds quotes or blanks is taken literally where such a file is."""
    for name in ('"cat.png"', " cat.png", "cat.png\u202a"):
        draw_photo(background="salmon").save(clean_place / name, "PNG")
        draw_photo().save(clean_place / "cat.png")
        assert as_image(name).source == name


@pytest.mark.parametrize("text", ['""', "''", "\u202a", "\n", '"', "''''", '"\u202a"', "\0", '"a\0b"'])
def test_nothing_inside_is_our_own_sentence(text):
    """Quotes around nothing, marks alone and NUL are refused in words."""
    with pytest.raises(nb.NanoBananaError):
        as_image(text)


@pytest.mark.parametrize(
    "line, words",
    [
        (r"C:\Users\ann\cat.png -r 16:9", [r"C:\Users\ann\cat.png", "-r", "16:9"]),
        (r'"C:\Users\ann\My cat.png" -s 2K', [r"C:\Users\ann\My cat.png", "-s", "2K"]),
        (r"'C:\new\cat.png'", [r"C:\new\cat.png"]),
        (r"\\server\share\cat.png", [r"\\server\share\cat.png"]),
        (r'"\\server\share\a cat.png"', [r"\\server\share\a cat.png"]),
        (r"C:\\Users\\cat.png", [r"C:\Users\cat.png"]),
        (r"red\ sky.png", ["red sky.png"]),
        (r"it\'s.png", ["it's.png"]),
        (r"--save=D:\out\x.png -o hat", [r"--save=D:\out\x.png", "-o", "hat"]),
        (r"..\图片\猫.png", [r"..\图片\猫.png"]),
        (r".\a.png b.png", [r".\a.png", "b.png"]),
        ("C:\\out\\", ["C:\\out\\"]),
        (r"'it is' \d.png", ["it is", r"\d.png"]),
    ],
)
def test_backslashes_before_letters_stay(line, words):
    """Windows paths keep their backslashes, quoted or not; what a POSIX shell groups is still grouped."""
    assert split(line) == words


@pytest.mark.skipif(os.name == "nt", reason="there a backslash parts folders")
def test_the_magic_opens_what_it_was_given(shell, draw_photo, clean_place):
    """A file with backslashes in its name is opened; one that is not there is named with them."""
    draw_photo(background="salmon").save(clean_place / "C:\\Users\\cat.png", "PNG")
    result = run(shell, "%%banana C:\\Users\\cat.png -s 1K\nMake it night")
    assert result.request.images[0].name == "C:\\Users\\cat.png"
    with pytest.raises(nb.NanoBananaError, match=r"C:\\Users\\ann\\dog\.png"):
        run(shell, "%%banana C:\\Users\\ann\\dog.png -r 16:9\nMake it blue")
    result = run(shell, "%%banana '\u202acat.png' -s 1K\nMake it night")
    assert result.request.images[0].source == "cat.png"
