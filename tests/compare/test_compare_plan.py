"""A comparison before it runs: its order, its refusals, its price; nothing is sent."""

from __future__ import annotations

import csv
import io
import pickle
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from compare_kit import brought

import nb_banana as nb


def test_plan_order_is_fixed(session, photos):
    """Images change slowest and takes fastest, so that code may rely on the place of a cell."""
    plan = nb.compare(
        photos[:2], ["a bird", "a boat"], models=["nano-banana", "nano-banana-pro"], wires=["gemini", "openai"],
        takes=2, session=session,
    )  # fmt: skip
    expected = [
        (image, prompt, model, wire, take)
        for image in ("rose.png", "ash.png")
        for prompt in ("a bird", "a boat")
        for model in ("nano-banana", "nano-banana-pro")
        for wire in ("gemini", "openai")
        for take in (1, 2)
    ]
    assert [(c.image, c.prompt, c.model, c.wire, c.take) for c in plan.cells] == expected
    assert [cell.index for cell in plan.cells] == list(range(32)) and len(plan) == 32


def test_a_plan_sends_nothing(server, session, photos):
    """Making a plan, printing it, showing it and asking its price reach neither the network nor the ledger."""
    plan = nb.compare(photos, "a bird", takes=2, session=session)
    repr(plan), plan.estimate(), plan.to_dataframe(), plan._repr_mimebundle_()
    assert server.requests == []
    assert session.history.records() == []
    assert plan.missing == plan.cells and set(plan.results) == {None} and plan.failed == ()


def test_a_batch_takes_the_settings_of_every_edit(server, session, photos):
    """Mask, seed and further fields go with each edit of a batch, so that a comparison with the same asks nothing anew."""
    settings = {"mask": (0.0, 0.0, 0.5, 0.5), "extra": {"user": "me"}, "model": "nano-banana-pro"}
    many = nb.batch(photos[:2], "a bird", **settings, session=session).run()
    frame = many.to_dataframe()
    assert list(map(str, frame["mask"])) == ["[0.0, 0.0, 0.5, 0.5]"] * 2
    assert all("'me'" in str(one) or '"me"' in str(one) for one in frame["extra"])
    sent, models = len(server.requests), settings.pop("model")
    again = nb.compare(photos[:2], "a bird", models=models, **settings, session=session)
    assert all(one.replayed for one in brought(again.run())) and len(server.requests) == sent == 2


def test_impossible_cells_stand_in_the_plan(server, session, photos):
    """A size the model lacks and a ratio on a chat wire are errors from the start, beside cells that work."""
    plan = nb.compare(
        photos[0], "a bird", models=["nano-banana", "nano-banana-pro"], image_sizes="4K",
        wires=["gemini", "openai"], session=session,
    )  # fmt: skip
    flash, flash_chat, pro, pro_chat = plan
    assert pro is None
    assert isinstance(flash, nb.errors.InvalidRequestError) and "'4K' is not offered by nano-banana" in flash.message
    assert all(isinstance(one, nb.errors.InvalidRequestError) for one in (flash_chat, pro_chat))
    assert "wire='openai'" in pro_chat.message
    assert [cell.index for cell in plan.failed] == [0, 1, 3]
    plan.run()
    assert isinstance(plan[2], nb.EditResult) and len(server.requests) == 1


def test_an_unreadable_picture_fails_alone(session, photos):
    """One bad file among many keeps its own error and its name; the others run."""
    done = nb.batch([photos[0], "nowhere.png", photos[1]], "a bird", session=session).run()
    assert [type(one).__name__ for one in done] == ["EditResult", "InvalidImageError", "EditResult"]
    assert done.cells[1].image == "nowhere.png" and "nowhere.png" in done[1].message


def test_empty_lists_are_slips(session, photos):
    """An empty list would silently plan nothing, so it says what is empty."""
    with pytest.raises(nb.errors.InvalidRequestError, match="images is empty"):
        nb.batch([], "a bird", session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match="models is empty"):
        nb.compare(photos, "a bird", models=[], session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match="takes=0"):
        nb.compare(photos, "a bird", takes=0, session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match="concurrency=0"):
        nb.batch(photos, "a bird", session=session).run(concurrency=0)


def test_pictures_that_go_together_are_one_cell(server, session, photos):
    """A list inside the list is one edit with several inputs; None makes a picture from words."""
    together = nb.batch([photos[:2], photos[2]], "combine these", session=session)
    assert [len(cell.request().images) for cell in together.cells] == [2, 1]
    assert together.cells[0].image == "rose.png + ash.png"
    words = nb.compare(None, "a boat", session=session).run()
    assert words[0].request.images == () and len(server.requests) == 1


def test_estimate_prices_what_is_left(clean_place, photos):
    """The estimate counts requests at the provider's price, and cells that ask for the same thing once."""
    session = nb.Session(nb.Endpoint.apiyi("sk-0123456789abcdef0123456789"), tell=lambda _: None)
    plan = nb.compare(
        [photos[0], photos[1], photos[1]], "a bird", models=["nano-banana-pro", "nano-banana"],
        image_sizes=["1K", "2K"], session=session,
    )  # fmt: skip
    estimate = plan.estimate(concurrency=2)
    pro, flash = (nb.estimate(m, "1K", provider="apiyi").cost.amount for m in ("nano-banana-pro", "nano-banana"))
    assert (estimate.cells, estimate.to_send, estimate.impossible) == (12, 6, 3)
    assert estimate.cost.amount == 4 * pro + 2 * flash and estimate.cost.amount > Decimal("0.1")
    low = {m: nb.MODELS[m] for m in nb.MODELS}["gemini-3-pro-image"].typical_seconds("2K")[0]
    assert estimate.seconds[0] >= low
    assert "6 to send" in str(estimate) and str(estimate.cost) in str(estimate)


def test_estimate_says_which_price_is_unknown(session, photos):
    """An unknown price is named and never guessed."""
    estimate = nb.batch(photos, "a bird", model="some-new-model", session=session).estimate()
    assert estimate.cost.amount is None and estimate.unpriced == ("some-new-model",)
    assert "some-new-model" in str(estimate) and estimate.seconds is None


def test_what_history_holds_is_free(server, session, photos):
    """A plan over edits that were made before costs nothing, and is answered without a request."""
    nb.batch(photos[:2], "a bird", session=session).run()
    again = nb.batch(photos, "a bird", session=session)
    estimate = again.estimate()
    assert (estimate.replayed, estimate.to_send) == (2, 1)
    again.run()
    assert [one.replayed for one in again] == [True, True, False] and len(server.requests) == 3


def test_a_ticket_carries_no_key():
    """What is pickled for a worker holds the request and not the key."""
    from nb_banana._compare.sending import Ticket

    endpoint = nb.Endpoint.apiyi("sk-0123456789abcdef0123456789")
    ticket = Ticket(endpoint, nb.EditRequest("a bird"), 1, {}, nb.Session(endpoint).history.folder, None)
    assert b"0123456789abcdef" not in pickle.dumps(ticket)


# --- what an axis may be ---------------------------------------------------------------------------

PROMPTS = {"short": "a boat", "long": "a boat, at night, with lanterns"}


def test_a_dict_names_its_values(server, session):
    """A dict's values are sent and its names shown: its keys never reach the model."""
    plan = nb.compare(None, PROMPTS, models={"usual": None, "flash": "nano-banana"}, session=session).run()
    assert [one.request.prompt for one in plan] == [text for text in PROMPTS.values() for _ in range(2)]
    assert len(server.requests) == 4
    assert [(cell.prompt, cell.model, dict(cell.names)) for cell in plan.cells][1] == (
        "a boat", "nano-banana", {"prompt": "short", "model": "flash"},
    )  # fmt: skip
    assert "at night" not in repr(plan)
    assert all(word in repr(plan) for word in ("short", "long", "usual", "flash"))
    table = plan.to_dataframe()
    assert list(table["prompt_name"]) == ["short", "short", "long", "long"]
    assert list(table["model_name"]) == ["usual", "flash"] * 2 and list(table["prompt"])[3] == PROMPTS["long"]
    assert "wire_name" not in table.columns


def test_names_travel_in_the_exported_file(session, tmp_path):
    """An exported comparison shows the same names where it is loaded, in its table too."""
    plan = nb.compare(None, PROMPTS, session=session).run()
    path = plan.export(tmp_path / "boats.zip")
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("table.csv").decode("utf-8-sig"))))
    assert [(row["prompt_name"], row["prompt"]) for row in rows] == list(PROMPTS.items())
    loaded = nb.Comparison.load(path, session=session)
    assert [dict(cell.names) for cell in loaded.cells] == [{"prompt": "short"}, {"prompt": "long"}]
    assert list(loaded.to_dataframe()["prompt_name"]) == ["short", "long"]


def test_two_names_of_one_value_are_two_columns_and_one_request(server, session):
    """Names are for people: what is asked twice under two names is shown twice and paid once."""
    plan = nb.compare(None, {"a": "a boat", "b": "a boat"}, session=session).run()
    assert len(server.requests) == 1 and len(brought(plan)) == 2
    assert [line.split()[1] for line in repr(plan).splitlines()[2:4]] == ["a", "b"]


@pytest.mark.parametrize(
    "given",
    [
        ["a bird", "a boat"],
        ("a bird", "a boat"),
        (word for word in ("a bird", "a boat")),
        {"x": "a bird", "y": "a boat"}.values(),
        {"a bird": 1, "a boat": 2}.keys(),
        pd.Series(["a bird", "a boat"], index=[7, 3]),
        pd.Index(["a bird", "a boat"]),
        pd.Series(["a bird", "a boat"], dtype="category"),
        np.array(["a bird", "a boat"]),
        np.array(["a bird", "a boat"], dtype=object),
    ],
    ids=lambda given: type(given).__name__,
)
def test_texts_in_order_are_an_axis(session, given):
    """Whatever holds texts in an order is a list of them, and a cell holds plain text."""
    plan = nb.compare(None, given, session=session)
    assert [cell.prompt for cell in plan.cells] == ["a bird", "a boat"]
    assert all(type(cell.prompt) is str and not cell.names for cell in plan.cells)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a", "b"}, "set, which has no order. Give a list"),
        (frozenset({"a"}), "frozenset, which has no order"),
        (pd.DataFrame({"prompt": ["a"], "kind": ["b"]}), r"whole table \(DataFrame\).*list\(df\["),
        (b"a boat", "bytes, not text"),
        (bytearray(b"a boat"), "bytearray, not text"),
        (7, r"7 \(int\), not text"),
        (True, r"True \(bool\), not text"),
        (np.array("a boat"), "ndarray, not text"),
        (Path("prompts.txt"), "Path, not text"),
    ],
    ids=lambda given: type(given).__name__,
)  # fmt: skip
def test_what_is_no_list_of_texts_is_refused(server, session, given, words):
    """A set, a whole table, bytes or a number is named before there is a plan; its parts would be paid for."""
    for axis in ("prompts", "models", "aspect_ratios", "image_sizes", "wires"):
        with pytest.raises(nb.errors.InvalidRequestError, match=f"^{axis} is .*{words}"):
            nb.compare(None, **{"prompts": "a boat", axis: given}, session=session)
    assert server.requests == []


@pytest.mark.parametrize(
    ("given", "place", "kind"),
    [
        ({"prompts": ["a", 7]}, r"prompts\[1\]", r"7 \(int\)"),
        ({"prompts": {"short": "a", "steps": ["b", 7]}}, r"prompts\['steps'\]\[1\]", r"7 \(int\)"),
        ({"prompts": pd.Series(["a", float("nan")])}, r"prompts\[1\]", r"nan \(float\)"),
        ({"prompts": ["a", None]}, r"prompts\[1\]", "NoneType"),
        ({"prompts": np.array([["a", "b"]])}, r"prompts\[0\]", "ndarray"),
        ({"models": ["nano-banana", b"x"]}, r"models\[1\]", "bytes"),
    ],
)
def test_an_item_that_is_no_text_is_named(session, given, place, kind):
    """One wrong item among many is named by its place, before anything is sent."""
    with pytest.raises(nb.errors.InvalidRequestError, match=f"^{place} is {kind}, not text"):
        nb.compare(None, **{"prompts": "a boat", **given}, session=session)


def test_an_unknown_wire_is_refused(session):
    """A wire there isn't is named at once."""
    with pytest.raises(nb.errors.InvalidRequestError, match="wire='soap'"):
        nb.compare(None, "a boat", wires=["gemini", "soap"], session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match="models is empty"):
        nb.compare(None, "a boat", models={}, session=session)


def test_a_column_of_names_is_a_list_of_pictures(session, photos):
    """A column of a table or an array of file names is many pictures; an array of numbers is one."""
    names = [str(path) for path in photos]
    for given in (pd.Series(names), pd.DataFrame({"path": photos})["path"], np.array(names), pd.Index(names)):
        plan = nb.batch(given, "a bird", session=session)
        assert [cell.image for cell in plan.cells] == ["rose.png", "ash.png", "oak.png"]
        assert plan.failed == ()
    pixels = np.zeros((8, 8, 3), np.uint8)
    assert len(nb.batch(pixels, "a bird", session=session)) == 1
    several = nb.batch(pd.Series([pixels, pixels[:4]]), "a bird", session=session)
    assert len(several) == 2 and several.failed == ()
    one = nb.batch(memoryview(photos[0].read_bytes()), "a bird", session=session)
    assert len(one) == 1 and one.failed == ()
    numbers = nb.batch(np.arange(5), "a bird", session=session)
    assert len(numbers) == 1 and len(numbers.failed) == 1


def test_a_dict_of_pictures_names_them(session, photos):
    """A dict names its pictures, those that go together or none as well; an upload is one picture."""
    given = {"flower": photos[0], "both": photos[1:], "words": None, "gone": "nowhere.png"}
    plan = nb.batch(given, "a bird", session=session)
    assert [cell.image for cell in plan.cells] == list(given)
    assert [len(cell.source.images) for cell in plan.cells] == [1, 2, 0, 0]
    assert [cell.image for cell in plan.failed] == ["gone"]
    upload = {"name": "rose.png", "content": photos[0].read_bytes()}
    assert [cell.image for cell in nb.batch(upload, "a bird", session=session).cells] == ["rose.png"]


def test_pictures_without_an_order_are_refused(session, photos):
    """A set of pictures, or a whole table, is named with what to give instead."""
    with pytest.raises(nb.errors.InvalidRequestError, match="images is a set, which has no order"):
        nb.batch(set(photos), "a bird", session=session)
    with pytest.raises(nb.errors.InvalidRequestError, match=r"images=list\(df\['image'\]\)"):
        nb.batch(pd.DataFrame({"path": photos}), "a bird", session=session)


def test_a_slip_inside_a_list_of_pictures_fails_alone(session, photos):
    """A list nested too deep or a hole in a column is that cell's error and not a crash of the plan."""
    plan = nb.batch([photos[0], [[photos[1], photos[2]]], float("nan")], "a bird", session=session)
    assert [cell.index for cell in plan.failed] == [1, 2]
    assert all(isinstance(plan[place], nb.errors.InvalidImageError) for place in (1, 2))


def test_a_name_without_an_ending_is_a_zip(session, tmp_path):
    """`night` becomes `night.zip`, an ending in capitals stays, and both are read again."""
    plan = nb.compare(None, "a boat", session=session)
    assert plan.export(tmp_path / "night") == tmp_path / "night.zip"
    assert nb.Comparison.load(tmp_path / "night.zip", session=session).cells == plan.cells
    assert plan.export(str(tmp_path / "DAY.ZIP")).name == "DAY.ZIP"
