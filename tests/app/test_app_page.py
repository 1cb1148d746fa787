"""The page about the app: its options are those of the command, both languages show the same."""

from __future__ import annotations

import re

import click
from pages import fenced, text_of

from nb_banana._cli import main
from nb_banana._cli.commands import ROWS

PAGES = ("app.md", "app.zh-CN.md")


def test_the_page_names_every_option_and_no_other(capsys):
    """The table has the options of `nb-banana app`, each once, and no command of the page has another."""
    known = {option for parameter in ROWS["app",](("app",)).get_params(click.Context(click.Command("app"))) for option in parameter.opts} - {"-h", "--help"}
    for page in map(text_of, PAGES):
        table = re.findall(r"`(--[\w-]+)`", "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `")))
        assert sorted(table) == sorted(known)
        assert set(re.findall(r"--[a-z][\w-]+", page)) <= known
    assert main(["app", "--help"]) == 0 and "--budget-each" in capsys.readouterr().out


def test_both_languages_show_the_same_commands():
    """Code is one."""
    one, other = (fenced(page) for page in PAGES)
    assert one == other and len(one) == 3


def test_a_header_is_believed_on_this_machine_only(capsys):
    """Open to others, a login in a header would be anybody's: the command refuses, names the address and says what to do."""
    assert main(["app", "--login-header", "X-Forwarded-User", "--host", "0.0.0.0"]) == 2
    assert "127.0.0.1 and not on 0.0.0.0" in capsys.readouterr().err
    assert main(["app", "--budget", "lots"]) == 2 and "'lots'" in capsys.readouterr().err
