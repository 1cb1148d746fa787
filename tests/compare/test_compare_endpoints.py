"""Comparisons over several endpoints and wires: where each cell goes, what it costs there, and how it travels."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from compare_kit import brought
from zips import PLAN, rewritten

import nb_banana as nb
from nb_banana._sandbox.server import Server, serve

KEY = "sk-0123456789abcdef0123456789"


@pytest.fixture
def other() -> Iterator[Server]:
    """A second loopback sandbox."""
    with serve() as running:
        yield running


def paths(server: Server) -> Counter[str]:
    """What was posted, by path."""
    return Counter(entry.path for entry in server.requests if entry.method == "POST")


def wires_sent(server: Server) -> Counter[str]:
    """What was posted, by the wire it came over."""
    ends = {":generateContent": "gemini", "/chat/completions": "openai", "/images/edits": "images"}
    posted = {path: name for path in paths(server) for end, name in ends.items() if path.endswith(end)}
    return Counter(posted[path] for path, count in paths(server).items() for _ in range(count))


def apiyi_at(server: Server) -> nb.Endpoint:
    """A server that is like apiyi in all but its address."""
    return nb.Endpoint(server.url, KEY, name="apiyi")


# --- the proof of the third wire -------------------------------------------------------------------


def test_one_photo_and_prompt_through_three_wires(server, session, photos):
    """The same photo and prompt go over all three wires in one comparison, each sent once, and once in all."""
    plan = nb.compare(photos[0], "make it night", wires=["gemini", "openai", "images"], session=session).run()
    assert len(brought(plan)) == 3
    assert wires_sent(server) == {"gemini": 1, "openai": 1, "images": 1}
    assert list(plan.to_dataframe()["wire"]) == ["gemini", "openai", "images"]
    assert {record.wire for record in session.history.every()} == {"gemini", "openai", "images"}
    plan.run()
    again = nb.compare(photos[0], "make it night", wires=["gemini", "openai", "images"], session=session).run()
    assert [one.replayed for one in again] == [True] * 3 and paths(server).total() == 3


def test_two_families_in_one_grid(server, clean_place, photos):
    """A Gemini model and GPT Image stand in one grid at one endpoint, each over the wire that carries it there."""
    with nb.Session(apiyi_at(server), tell=lambda _: None) as session:
        plan = nb.compare(photos[:2], "make it night", models=["nano-banana-pro", "flare"], session=session)
        assert list(plan.to_dataframe()["wire"]) == ["gemini", "images"] * 2, "before anything has run"
        assert set(plan.to_dataframe()["provider"]) == {"apiyi"} and re.search(r"^#.*\bwire", repr(plan), re.M)
        plan.run()
        assert len(brought(plan)) == 4 and wires_sent(server) == {"gemini": 2, "images": 2}
        assert {(record.model, record.wire) for record in session.history.every()} == {
            ("nano-banana-pro", "gemini"), ("flare", "images"),
        }  # fmt: skip
        nb.compare(photos[:2], "make it night", models=["nano-banana-pro", "flare"], session=session).run()
        assert paths(server).total() == 4


def test_a_wire_asked_for_by_name_carries_no_other_family(server, clean_place, photos):
    """Where wires are crossed too, a model on a wire that does not carry it is an error of the plan, and free."""
    with nb.Session(apiyi_at(server), tell=lambda _: None) as session:
        plan = nb.compare(
            photos[0], "make it night", models=["nano-banana-pro", "flare"], wires=["gemini", None, "images"],
            session=session,
        )  # fmt: skip
        assert [cell.index for cell in plan.failed] == [2, 3]
        assert "nano-banana-pro" in plan[2].message and "wire='gemini'" in plan[2].hint
        plan.run(concurrency=1, order="plan")
        # A wire that was asked for and one that was found are the same request.
        assert len(brought(plan)) == 4 and wires_sent(server) == {"gemini": 1, "images": 1}


# --- several endpoints -----------------------------------------------------------------------------


def test_endpoints_are_an_axis(server, other, session, photos):
    """Each endpoint gets each edit once; one history and one ledger hold all; a second run sends nothing."""
    places = [nb.Endpoint.local(server.url, model="nano-banana-pro"), nb.Endpoint.local(other.url, model="flare")]
    plan = nb.compare(photos[:2], "make it night", endpoints=places, session=session)
    assert [(cell.image, cell.endpoint) for cell in plan.cells] == [
        (image, url) for image in ("rose.png", "ash.png") for url in (server.url, other.url)
    ]
    plan.run()
    assert (wires_sent(server), wires_sent(other)) == ({"images": 2}, {"images": 2})
    assert [one.model for one in plan] == ["gemini-3-pro-image-preview", "gpt-image-2.5-flare"] * 2
    assert len(session.history.records()) == 4
    assert nb.compare(photos[:2], "make it night", endpoints=places, session=session).run()[3].replayed
    assert paths(server).total() + paths(other).total() == 4


def test_an_endpoint_is_named_as_people_type_it(server, session, photos, monkeypatch):
    """Names and addresses are endpoints too, each with its own key; a dict names them; None is the session's own."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    given = {"mine": None, "bought": "apiyi", "own": server.url, "sandbox": "sandbox"}
    plan = nb.compare(photos[0], "make it night", models="flare", endpoints=given, session=session)
    assert [cell.endpoint for cell in plan.cells] == [None, "apiyi", server.url, "sandbox"]
    assert [cell.shown("endpoint") for cell in plan.cells] == list(given) and plan.failed == ()
    table = plan.to_dataframe()
    assert list(table["provider"]) == ["custom", "apiyi", "local", "sandbox"]
    assert list(table["endpoint_name"]) == list(given)
    assert plan.cells[1].place.endpoint.has_key and not plan.cells[2].place.endpoint.has_key


def test_an_endpoint_without_its_key_is_an_error_of_its_cells(server, session, photos):
    """No key for one place stops no other; a slip in a name is refused at once, and a key in its place not shown."""
    plan = nb.compare(photos[0], "a boat", endpoints=[None, "openai"], session=session).run()
    assert isinstance(plan[0], nb.EditResult) and isinstance(plan[1], nb.errors.AuthenticationError)
    assert "OPENAI_API_KEY" in plan[1].message and plan.is_impossible(plan.cells[1])
    row = plan.to_dataframe().iloc[1]
    assert (row["endpoint"], row["provider"], row["wire"]) == ("openai", "openai", "images")
    for given, words in (("apyi", "Did you mean apiyi"), (7, "is a int"), ([7], r"endpoints\[0\] is a int"), ([], "is empty")):
        with pytest.raises(nb.errors.InvalidRequestError, match=words):
            nb.compare(photos[0], "a boat", endpoints=given, session=session)
    with pytest.raises(nb.errors.InvalidRequestError) as refused:
        nb.compare(photos[0], "a boat", endpoints=KEY, session=session)
    assert KEY[3:] not in str(refused.value)


def test_what_an_endpoint_lacks_stands_in_the_plan(session, photos):
    """A model that a provider doesn't serve, or a seed its model doesn't have, is that cell's error alone."""
    places = [nb.Endpoint.google(f"AIza{'k' * 35}"), nb.Endpoint.openai("sk-proj-0123456789abcdef0123456789")]
    plan = nb.compare(photos[0], "a boat", models=["pro", "flare"], endpoints=places, session=session)
    assert [plan.is_impossible(cell) for cell in plan.cells] == [False, True, True, False]
    assert "nano-banana-pro" in plan[1].message and "gpt-image-flare" in plan[2].message
    assert list(plan.to_dataframe()["wire"])[::3] == ["gemini", "images"]
    seeded = nb.compare(photos[0], "a boat", models=["pro", "flare"], endpoints="sandbox", seed=7, session=session)
    assert [seeded.is_impossible(cell) for cell in seeded.cells] == [False, True]
    assert "has no seed" in seeded[1].message
    seeded.run()
    assert seeded[0].request.seed == 7 and list(seeded.to_dataframe()["seed"]) == [7, 7]


def test_two_endpoints_of_one_name_are_told_apart(session, photos):
    """Two accounts, or two wires, of one provider have labels of their own in the plan."""
    places = [nb.Endpoint.apiyi(KEY), nb.Endpoint.apiyi(KEY, wire="openai"), nb.Endpoint.sandbox()]
    plan = nb.compare(photos[0], "a boat", endpoints=places, session=session)
    assert [cell.endpoint for cell in plan.cells] == ["apiyi", "apiyi #2", "sandbox"]
    assert list(plan.to_dataframe()["wire"]) == ["gemini", "openai", "gemini"]


def test_one_bad_key_stops_no_other_place(server, session, photos, draw_photo):
    """A key that is refused ends what goes to its place; the other places are served to the end."""
    with serve(fault="auth") as refusing:
        places = [nb.Endpoint.local(refusing.url, model="pro"), nb.Endpoint.local(server.url, model="pro")]
        plan = nb.compare(photos, "a boat", endpoints=places, session=session)
        with pytest.warns(UserWarning, match="stopped early"):
            plan.run(concurrency=1, order="plan")
    assert paths(refusing).total() == 1 and paths(server).total() == 3
    assert len(brought(plan)) == 3 and isinstance(plan.stopped, nb.errors.AuthenticationError)
    assert len(plan.missing) == 2


def test_a_plan_asks_no_server_what_it_runs(server, session, photos):
    """A server of one's own is asked for its model when an edit goes there, not by the plan; none there fails alone."""
    plan = nb.compare(photos[0], "a boat", endpoints=[server.url, nb.Endpoint.local(server.url, model="pro")], session=session)
    repr(plan), plan.to_dataframe()
    assert server.requests == [] and plan.failed == ()
    assert plan.estimate().to_send == 2
    plan.run()
    assert isinstance(plan[0], nb.errors.InvalidRequestError) and "serves" in plan[0].message  # it names several
    assert isinstance(plan[1], nb.EditResult) and not plan.is_impossible(plan.cells[0])


def test_a_replay_from_elsewhere_says_where_it_is_from(server, session, photos, tmp_path):
    """A reader without a key is shown the author's pictures; the table names the author's provider and wire."""
    nb.compare(photos[0], "a boat", wires="openai", session=session).run()
    with nb.Session(nb.Endpoint.sandbox(), folder=session.history.folder, tell=lambda _: None) as reader:
        plan = nb.compare(photos[0], "a boat", session=reader)
        before = plan.to_dataframe().iloc[0]
        after = plan.run().to_dataframe().iloc[0]
        assert (before["provider"], before["wire"]) == ("sandbox", "gemini")
        assert (after["provider"], after["wire"], after["replayed"]) == ("custom", "openai", True)
        loaded = nb.Comparison.load(plan.export(tmp_path / "plan.zip"), session=reader).to_dataframe().iloc[0]
        assert (loaded["provider"], loaded["wire"]) == ("custom", "openai")
    assert paths(server).total() == 1


def test_a_run_says_where_it_goes_only_if_it_goes_there(clean_place, photos, monkeypatch):
    """The sandbox is told where cells go to it, on whichever wire; not where every cell has an endpoint of its own."""
    said = []
    with nb.Session(tell=said.append) as session, serve() as server:
        nb.compare(photos[0], "a boat", endpoints=nb.Endpoint.local(server.url, model="pro"), session=session).run()
        assert said == []
        nb.compare(photos[0], "a boat", wires="openai", session=session).run()
        assert len(said) == 1 and "Sandbox" in said[0]
        monkeypatch.setenv("APIYI_API_KEY", "sk-your-api-key")
        with pytest.raises(nb.errors.AuthenticationError, match="placeholder"):
            nb.compare(photos[0], "a boat", session=session)


# --- money -----------------------------------------------------------------------------------------


def test_each_endpoint_has_its_own_price(session, photos):
    """An estimate prices each request where it goes: by the book, by its owner's word, or not at all."""
    free = nb.Endpoint.local("http://127.0.0.1:9", model="qwen", price=0)
    cents = nb.Endpoint.local("http://127.0.0.1:19", model="qwen", price="0.02")
    unknown = nb.Endpoint.local("http://127.0.0.1:29")
    book = nb.estimate("pro", provider="apiyi").cost.amount
    known = nb.compare(photos[0], "a boat", models=["pro"], endpoints=[nb.Endpoint.apiyi(KEY), free, cents], session=session)
    assert known.estimate().cost.amount == book + nb.estimate("pro", provider=cents.provider).cost.amount
    assert nb.compare(photos[0], "a boat", endpoints=[free], session=session).estimate().cost.amount == 0
    guess = nb.compare(photos[0], "a boat", endpoints=[free, unknown], session=session).estimate()
    assert guess.cost.amount is None and guess.unpriced == ("127.0.0.1:29",)
    assert nb.compare(photos[0], "a boat", endpoints="sandbox", session=session).estimate().cost.amount == 0


def test_one_budget_for_all_endpoints(provider, clean_place, photos):
    """A budget counts what went to every endpoint, and a price nobody knows is refused before it is sent."""
    urls = provider.url, provider.url.replace("127.0.0.1", "localhost")
    priced = [nb.Endpoint.local(url, model="pro", price="0.40") for url in urls]
    with nb.Session(nb.Endpoint.sandbox(), budget=1, tell=lambda _: None) as session:
        plan = nb.compare(photos[:2], "a boat, red", endpoints=priced, session=session)
        with pytest.warns(UserWarning, match="stopped early"):
            plan.run(concurrency=1, order="plan")
        assert provider.posts.total() == 2 and isinstance(plan.stopped, nb.errors.BudgetError)
        assert str(session.spent) == "$0.80" and plan.estimate().to_send == 2
        assert [one.cost.amount for one in brought(plan)] == [Decimal("0.40")] * 2
        unpriced = nb.Endpoint.local(urls[0], model="pro")
        unknown = nb.compare(photos[0], "a boat, blue", endpoints=unpriced, session=session)
        with pytest.warns(UserWarning, match="stopped early"):
            unknown.run()
        assert isinstance(unknown[0], nb.errors.BudgetError) and provider.posts.total() == 2


# --- the file --------------------------------------------------------------------------------------


def document_of(path: Path) -> dict:
    """The plan in an exported file."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("comparison.json"))


def test_a_plan_over_endpoints_travels_and_goes_on(server, other, session, photos, tmp_path):
    """A loaded plan shows what came, finds its endpoints again and sends what was left; its table says where."""
    places = [nb.Endpoint.local(server.url, model="pro"), nb.Endpoint.local(other.url, model="flare")]
    plan = nb.compare(photos[0], ["a boat", "a bird"], endpoints=places, mask=(0.2, 0.2, 0.5, 0.5), session=session)
    half = nb.compare(photos[0], "a boat", endpoints=places, mask=(0.2, 0.2, 0.5, 0.5), session=session).run()
    assert len(brought(half)) == 2
    path = plan.run().export(tmp_path / "all.zip")
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("table.csv").decode("utf-8-sig"))))
    assert [(row["endpoint"], row["provider"], row["wire"]) for row in rows] == [(server.url, "local", "images"), (other.url, "local", "images")] * 2
    left = nb.compare(photos[0], "a cow", endpoints=places, mask=(0.2, 0.2, 0.5, 0.5), session=session).export(tmp_path / "left.zip")
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "another", tell=lambda _: None) as reader:
        loaded = nb.Comparison.load(path, session=reader)
        assert loaded.cells == plan.cells and [one.image.sha256 for one in loaded] == [one.image.sha256 for one in plan]
        loaded.run()
        assert paths(server).total() + paths(other).total() == 4
        going = nb.Comparison.load(left, session=reader).run()
        assert [one.model for one in going] == ["gemini-3-pro-image-preview", "gpt-image-2.5-flare"]
        assert paths(server).total() + paths(other).total() == 6
        assert going[0].request.mask == (0.2, 0.2, 0.5, 0.5)


def test_a_file_holds_no_key_and_no_price(session, photos, tmp_path, monkeypatch):
    """Key and price stay here: what is loaded finds its own key, or is an error of its cells that names the variable."""
    mine = nb.Endpoint.local("http://127.0.0.1:9", model="qwen", price=0, key="local-key-0123456789abcdef")
    plan = nb.compare(photos[0], "a boat", endpoints=[nb.Endpoint.apiyi(KEY), mine], session=session)
    path = plan.export(tmp_path / "plan.zip")
    with zipfile.ZipFile(path) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert KEY.encode() not in whole and b"local-key" not in whole
    assert document_of(path)["nb_banana_comparison"] == 2 and "price" not in json.dumps(document_of(path))
    keyless = nb.Comparison.load(path, session=session)
    assert keyless.is_impossible(keyless.cells[0]) and "APIYI_API_KEY" in keyless[0].message
    assert keyless.estimate().unpriced == ("qwen",)  # free was its owner's word, and a file is not its owner
    again = nb.Comparison.load(path, session=session, endpoints=[nb.Endpoint.apiyi(KEY), mine])
    assert again.failed == () and again.cells[0].place.endpoint.has_key and again.estimate().unpriced == ()
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    assert nb.Comparison.load(path, session=session).failed == ()


def replanned(path: Path, document: str) -> Path:
    """The same file with another plan in it."""
    return rewritten(path, lambda name, data: (name, document.encode() if name == PLAN else data), f"{path.stem}-again.zip")


@pytest.mark.parametrize(("name", "value"), [
    ("take", "1"), ("take", True), ("take", 0), ("seed", "7"), ("model", 5), ("phrase", ["red"]), ("wire", []), ("prompt", None), ("steps", [1]),
])  # fmt: skip
def test_coordinates_of_another_kind_make_a_file_damaged(session, photos, tmp_path, name, value):
    """What somebody else wrote into a comparison's file is refused as it is read, not a traceback in a table later."""
    document = document_of(nb.compare(photos[0], ["a boat", "a bird"], session=session).export(tmp_path / "plan.zip"))
    document["cells"][1][name] = value
    with pytest.raises(nb.errors.InvalidRequestError, match=r"plan-again\.zip"):
        nb.Comparison.load(replanned(tmp_path / "plan.zip", json.dumps(document)), session=session)


def test_what_came_is_shown_where_its_endpoint_can_not_be_used(server, session, photos, tmp_path, monkeypatch):
    """A reader who can't use the author's endpoint sees the author's pictures all the same; the rest is free errors."""
    plan = nb.compare(photos[0], ["a boat", "a bird"], endpoints=server.url, models="pro", session=session).run()
    document = document_of(plan.export(tmp_path / "seen.zip"))
    document["cells"][1].pop("record")
    monkeypatch.setenv("NB_BANANA_BASE_URL", server.url)
    monkeypatch.setenv("NB_BANANA_WIRE", "soap")
    loaded = nb.Comparison.load(replanned(tmp_path / "seen.zip", json.dumps(document)), session=session)
    assert loaded[0].image == plan[0].image and not loaded.is_impossible(loaded.cells[0])
    assert "wire='soap'" in loaded[1].message and loaded.is_impossible(loaded.cells[1])
    assert list(loaded.to_dataframe()["provider"].fillna("")) == ["local", ""]
    loaded.run()
    assert paths(server).total() == 2 and len(brought(loaded)) == 1


def test_a_record_of_another_place_is_no_answer(server, session, photos, tmp_path, monkeypatch):
    """A file that shows a record under another endpoint is not believed; what it names is used by this machine's rules."""
    plan = nb.compare(photos[0], "a boat", endpoints=server.url, models="pro", session=session).run()
    text = json.dumps(document_of(plan.export(tmp_path / "seen.zip")))
    for url, words in (("https://gate.example.com", "NB_BANANA_API_KEY"), ("http://192.168.7.7:8000", "plain http")):
        moved = nb.Comparison.load(replanned(tmp_path / "seen.zip", text.replace(server.url, url)), session=session)
        assert not brought(moved) and words in moved[0].message and moved.is_impossible(moved.cells[0])


def test_settings_of_all_cells_travel(session, server, photos, draw_photo, tmp_path):
    """A mask picture, a seed and further fields hold for every cell, are in the table, and come back from the file."""
    draw_photo((96, 72), "white").save("white.png")
    plan = nb.compare(
        photos[0], "a boat", models="pro", endpoints=server.url, mask="white.png", seed=3, extra={"quality": "low"},
        session=session,
    ).run()  # fmt: skip
    assert (plan[0].request.seed, plan[0].request.extra) == (3, {"quality": "low"})
    row = plan.to_dataframe().iloc[0]
    assert (row["seed"], row["extra"], row["mask"]) == (3, '{"quality": "low"}', plan[0].request.mask.sha256)
    path = plan.export(tmp_path / "plan.zip")
    Path("white.png").unlink()
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "another", tell=lambda _: None) as reader:
        loaded = nb.Comparison.load(path, session=reader)
        assert loaded.cells == plan.cells and loaded.results[0].image == plan[0].image
    with pytest.raises(nb.errors.InvalidRequestError, match="seed"):
        nb.compare(photos[0], "a boat", seed="x", session=session)
    alone = nb.compare(None, "a boat", mask=(0, 0, 0.5, 0.5), session=session)
    assert alone.is_impossible(alone.cells[0])


def test_a_file_of_before_still_loads(session, server, photos, tmp_path):
    """A plan without endpoints is written as it always was, and one that knows nothing of endpoints is read."""
    plan = nb.compare(photos[0], "a boat", session=session).run()
    path = plan.export(tmp_path / "old.zip")
    document = document_of(path)
    assert document["nb_banana_comparison"] == 1
    for name in ("endpoints", "settings"):
        document.pop(name)
    document["cells"][0].pop("endpoint")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(tmp_path / "older.zip", "w") as made:
        for name in archive.namelist():
            made.writestr(name, json.dumps(document) if name == "comparison.json" else archive.read(name))
    loaded = nb.Comparison.load(tmp_path / "older.zip", session=session)
    assert loaded.cells == plan.cells and loaded[0].image == plan[0].image and len(server.requests) == 1
