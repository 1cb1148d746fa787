"""A comparison before it runs: its order, its refusals, its price; nothing is sent."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

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
    assert plan.missing == plan.cells and plan.results == () and plan.failed == ()


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
    from nb_banana._compare._door import Ticket

    endpoint = nb.Endpoint.apiyi("sk-0123456789abcdef0123456789")
    ticket = Ticket(endpoint, nb.EditRequest("a bird"), 1, {}, nb.Session(endpoint).history.folder, None)
    assert b"0123456789abcdef" not in pickle.dumps(ticket)
