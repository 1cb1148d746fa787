"""What several spend together: claimed before it is sent, never twice, never forgotten."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from client.misbehaving import answer, picture, response, sends, serving

import nb_banana as nb
from nb_banana._app.keeping import tidy
from nb_banana._app.pages import table
from nb_banana._app.rules import Rules, heard
from nb_banana._app.studio import Seat
from nb_banana._catalog.cost import Cost
from nb_banana._history.till import Till, total
from nb_banana._prompts.presets import Presets


def test_of_many_kernels_that_ask_at_once_no_more_are_let_in_than_the_budget_pays(tmp_path):
    """Eight visitors at the same moment, money for three edits: three requests reach the provider, five are told whose limit it was."""
    with serving(sends(response(answer()))) as server:
        rules = Rules(tmp_path, together=Decimal("0.30"))
        place = nb.Endpoint(server.url, "sk-test-4f9a8b7c6d5e4f3a2b1c", name="apiyi")
        seats, told = [Seat(rules, f"visitor-{number}", place) for number in range(8)], list[str]()
        together = threading.Barrier(len(seats))

        def edit(seat: Seat) -> None:
            together.wait(30)
            try:
                seat.generate("Add a boat")
            except nb.errors.BudgetError as error:
                told.append(error.message)

        many = [threading.Thread(target=edit, args=(seat,)) for seat in seats]
        for one in many:
            one.start()
        for one in many:
            one.join()
        assert server.posts == 3
        assert len(told) == 5 and all("all may spend together" in sentence for sentence in told)
        assert total(Till(tmp_path).spenders()).amount == Decimal("0.27")
        for seat in seats:
            seat.close()


def test_a_claim_that_never_ends_goes_on_counting_and_a_free_end_gives_it_back(tmp_path):
    """A kernel that died may have been billed: its price counts; an edit that failed for nothing leaves no trace."""
    till, price, most = Till(tmp_path), Cost(Decimal("0.09")), Decimal("0.20")
    first, second = till.claim("ann", price, most), till.claim("bob", price, most)
    assert till.claim("eve", price, most) == Decimal("0.02")
    till.settle(second, "free", Cost(Decimal(0)))
    assert isinstance(till.claim("eve", Cost(Decimal(0)), Decimal("0.05")), int)  # what costs nothing is let in though all is spent
    third = till.claim("eve", price, most)
    assert isinstance(third, int)
    till.settle(third, "paid", Cost(Decimal("0.01")))
    by = {one.id: one for one in Till(tmp_path).spenders()}
    assert (by["ann"].under_way, by["ann"].cost.amount, first) == (1, Decimal("0.09"), 1)
    assert "bob" not in by and by["eve"].cost.amount == Decimal("0.01")
    assert till.claim("ann", Cost(None), most) == Decimal("0.10")


def test_an_edit_whose_kernel_died_long_ago_is_under_way_for_nobody(tmp_path):
    """What never ended is under way for a quarter of an hour, for the teacher as for the server, and is paid for ever."""
    till = Till(tmp_path, "kernel-1")
    for _ in range(2):
        till.claim("ann", Cost(Decimal("0.09")), None)
    assert till.busy() == {"kernel-1"} and [one.under_way for one in till.spenders()] == [2]
    for minutes, count in ((14, 2), (16, 1)):
        with sqlite3.connect(till.path) as file:
            file.execute("UPDATE claims SET started = ? WHERE id = 1", ((datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds"),))
        (ann,) = till.spenders()
        assert (ann.under_way, ann.edits, ann.cost.amount) == (count, 2, Decimal("0.18"))
        assert till.busy() == {"kernel-1"}
    till.settle(2, "paid", None)
    assert till.busy() == set() and [one.under_way for one in till.spenders()] == [0]


def test_no_name_in_the_teachers_table_is_a_formula(tmp_path):
    """Whatever a person types as a name, also in full width or after a mark that nobody sees, a spreadsheet shows as words."""
    till = Till(tmp_path)
    names = ['=HYPERLINK("http://evil","x")', "＝1+1", "\ufeff=1+1", "\xa0-1", "王小明", "Ann"]
    for number, name in enumerate(names):
        till.visit(f"visitor-{number}", name)
    rows = list(csv.DictReader(io.StringIO(table(till.spenders()).removeprefix("\ufeff"))))
    assert {row["visitor"]: row["name"] for row in rows} == {f"visitor-{at}": name if at > 3 else f"'{name}" for at, name in enumerate(names)}


def test_a_till_that_cannot_be_read_lets_nobody_send(tmp_path):
    """Unknown is not zero: a damaged file is an error that says so, and no request goes out."""
    (tmp_path / "spent.sqlite").write_bytes(b"no database" * 100)
    with serving(sends(response(answer()))) as server:
        place = nb.Endpoint(server.url, "sk-test-4f9a8b7c6d5e4f3a2b1c", name="apiyi")
        with Seat(Rules(tmp_path, together=Decimal(5)), "ann", place) as seat:
            with pytest.raises(nb.errors.InvalidRequestError, match=r"spent\.sqlite"):
                seat.generate("Add a boat")
        assert server.posts == 0
    assert (tmp_path / "spent.sqlite").read_bytes().startswith(b"no database")


def test_a_seat_takes_no_key_and_says_whose_limit_it_was(tmp_path):
    """A visitor's session goes where the server says, and one's own limit is told from that of all."""
    with serving(sends(response(answer()))) as server:
        place = nb.Endpoint(server.url, "sk-test-4f9a8b7c6d5e4f3a2b1c", name="apiyi")
        with Seat(Rules(tmp_path, each=Decimal("0.05"), together=Decimal(5)), "ann", place) as seat:
            with pytest.raises(nb.errors.InvalidRequestError, match="server's own key"):
                seat.use_key("sk-own-4f9a8b7c6d5e4f3a2b1c", base_url=server.url)
            assert seat.forget_key() == place
            with pytest.raises(nb.errors.BudgetError, match=r"your own \$0\.05"):
                seat.generate("Add a boat")
        assert server.posts == 0 and total(Till(tmp_path).spenders()).amount == 0


def test_a_limit_that_comes_on_a_later_day_counts_what_was_spent_before_it(tmp_path):
    """One's own limit holds for all that this visitor ever spent, as that of all does, also where the class began without it."""
    with serving(sends(response(answer()))) as server:
        place = nb.Endpoint(server.url, "sk-test-4f9a8b7c6d5e4f3a2b1c", name="apiyi")
        with Seat(Rules(tmp_path, together=Decimal(5)), "ann", place) as seat:
            seat.generate("Add a boat")
            seat.generate("Add a hat")
        with Seat(Rules(tmp_path, each=Decimal("0.20"), together=Decimal(5)), "ann", place) as seat:
            with pytest.raises(nb.errors.BudgetError, match=r"\$0\.02 of your own \$0\.20"):
                seat.generate("Add a tree")
            assert (seat.account.owed.amount, seat.account.since) == (Decimal("0.18"), "")
        assert server.posts == 2


def test_what_is_older_than_it_may_be_goes_and_what_was_spent_stays(tmp_path):
    """Pictures, prompts and kept inputs go by their age, to the last byte, starred ones too; younger ones stay, and the count of money is as before."""
    rules = Rules(tmp_path, keep=7)
    with serving(sends(response(answer()))) as server:
        place = nb.Endpoint(server.url, "sk-test-4f9a8b7c6d5e4f3a2b1c", name="apiyi")
        with Seat(rules, "ann", place) as seat:
            old = seat.edit(picture((1, 2, 3)), "Add an old boat")
            seat.history.star(old.record_id)
            seat.edit(picture((4, 5, 6)), "Add a young boat")
        folder, long_ago = rules.history("ann"), datetime.now(UTC) - timedelta(days=8)
        with sqlite3.connect(folder / "history.sqlite") as file:
            file.execute("UPDATE records SET started = ? WHERE prompt LIKE '%old%'", (long_ago.isoformat(),))
        assert tidy(rules) == 1 and tidy(Rules(tmp_path)) == 0
        assert [file.name for file in folder.rglob("*") if file.is_file() and b"an old boat" in file.read_bytes().lower()] == []
        with Seat(rules, "ann", place) as seat:
            assert [one.prompt for one in seat.history.records() if one.outputs] == ["Add a young boat"]
        assert total(Till(tmp_path).spenders()).amount == Decimal("0.18")


def test_prompts_that_a_visitor_saved_go_by_their_age(tmp_path):
    """Saved prompts go as those of edits do, each by its day, and a file that can't be read by its own; younger ones stay."""
    rules, old = Rules(tmp_path, keep=7), time.time() - 8 * 86_400
    for visitor in ("ann", "bob", "eve"):
        Presets(rules.presets(visitor)).save("Old", "Add an old boat")
    ann, bob, eve = (rules.presets(visitor) for visitor in ("ann", "bob", "eve"))
    ann.write_text(ann.read_text("utf-8").replace(f"{datetime.now(UTC):%Y-%m-%d}", f"{datetime.fromtimestamp(old, UTC):%Y-%m-%d}"), "utf-8")
    Presets(ann).save("Young", "Add a young boat")
    eve.write_text("{ an old boat", "utf-8")
    os.utime(eve, (old, old))
    tidy(rules)
    assert [one.name for one in Presets(ann).all()] == ["Young"] and "an old boat" not in ann.read_text("utf-8")
    assert [one.name for one in Presets(bob).all()] == ["Old"] and not eve.exists()


def test_a_kernel_hears_its_rules_as_they_were_told(tmp_path):
    """Amounts stay exact, nothing stays nothing, and None stays no limit, on the way from server to kernel."""
    nothing = Rules(tmp_path, Decimal(0), Decimal("0.00"))
    for rules in (Rules(tmp_path, Decimal("0.10"), Decimal("2.50"), 14, 5, 9, 1, "zh"), nothing, Rules(Path("/srv/class"))):
        assert heard(rules.told("visitor-1", "kernel-1")) == (rules, "visitor-1", "kernel-1")
