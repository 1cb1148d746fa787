"""What people type: a place, a wire, a mask, a seed, further fields, at the terminal and behind the magic."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

import nb_banana as nb
from nb_banana._cli import main
from nb_banana._session.placing import endpoint_at
from nb_banana.errors import AuthenticationError, InvalidRequestError

KEY = "sk-0123456789abcdef0123456789"
GATE = "https://gate.example.com"


@pytest.fixture
def mask(clean_place):
    """`mask.png`: white in the middle of a picture of the photo's size."""
    drawn = Image.new("L", (320, 240))
    ImageDraw.Draw(drawn).rectangle((100, 60, 220, 180), fill=255)
    drawn.save(clean_place / "mask.png")
    return clean_place / "mask.png"


def posted(server):
    """The paths that were posted."""
    return [entry.path for entry in server.requests if entry.method == "POST"]


def last(folder="nb_banana_history"):
    """The newest record of a history folder."""
    with nb.Session(nb.Endpoint.sandbox(), folder=folder, tell=lambda _: None) as session:
        return session.result_of(session.history.records()[0])


# --- a place ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "environment", "name", "url", "wire", "has_key"),
    [
        ("apiyi", {"APIYI_API_KEY": KEY}, "apiyi", "https://api.apiyi.com", "gemini", True),
        (" ApiYi ", {"NB_BANANA_API_KEY": KEY}, "apiyi", "https://api.apiyi.com", "gemini", True),
        ("apiyi", {"APIYI_API_KEY": KEY, "NB_BANANA_WIRE": "openai"}, "apiyi", "https://api.apiyi.com", "openai", True),
        ("apiyi", {"APIYI_API_KEY": KEY, "NB_BANANA_BASE_URL": "https://vip.apiyi.com"}, "apiyi", "https://vip.apiyi.com", "gemini", True),
        ("openrouter", {"OPENROUTER_API_KEY": KEY, "NB_BANANA_WIRE": "gemini", "APIYI_API_KEY": KEY}, "openrouter", "https://openrouter.ai/api", "openai", True),
        ("openai", {"OPENAI_API_KEY": KEY}, "openai", "https://api.openai.com", "images", True),
        ("sandbox", {"APIYI_API_KEY": KEY}, "sandbox", "https://sandbox.invalid", "gemini", False),
        ("http://127.0.0.1:8000/v1", {"APIYI_API_KEY": KEY}, "local", "http://127.0.0.1:8000", "images", False),
        ("localhost:8000", {}, "local", "http://localhost:8000", "images", False),
        ("https://192.168.1.5:8443", {}, "local", "https://192.168.1.5:8443", "images", False),
        ("http://127.0.0.1:8000", {"NB_BANANA_BASE_URL": "http://127.0.0.1:8000", "NB_BANANA_API_KEY": KEY, "NB_BANANA_WIRE": "openai"}, "local", "http://127.0.0.1:8000", "openai", True),
        (GATE, {"NB_BANANA_BASE_URL": GATE, "NB_BANANA_API_KEY": KEY, "NB_BANANA_WIRE": "images"}, "custom", GATE, "images", True),
        ("https://api.apiyi.com/v1", {"APIYI_API_KEY": KEY}, "apiyi", "https://api.apiyi.com", "gemini", True),
    ],
)  # fmt: skip
def test_a_place_is_named_by_provider_or_address(monkeypatch, typed, environment, name, url, wire, has_key):
    """A provider goes with the key of its own variable, an address with the key given to this very address."""
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    made = endpoint_at(typed)
    assert (made.name, made.base_url, made.wire, made.has_key) == (name, url, wire, has_key)


@pytest.mark.parametrize(
    ("typed", "environment", "words"),
    [
        ("apiyi", {}, "api.apiyi.com: set APIYI_API_KEY"),
        ("apiyi", {"APIYI_API_KEY": "sk-your-api-key"}, "APIYI_API_KEY: The API key is still the placeholder"),
        ("apiyi", {"NB_BANANA_API_KEY": KEY, "NB_BANANA_BASE_URL": GATE}, "set APIYI_API_KEY"),
        ("openai", {"APIYI_API_KEY": KEY}, "api.openai.com: set OPENAI_API_KEY"),
        (GATE, {"APIYI_API_KEY": KEY, "NB_BANANA_API_KEY": KEY}, f"NB_BANANA_API_KEY together with NB_BANANA_BASE_URL={GATE}"),
    ],
)  # fmt: skip
def test_a_place_without_its_key_names_the_variable(monkeypatch, typed, environment, words):
    """No key is guessed for a place: the error says which variable holds it, or what is wrong with the one that does."""
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(AuthenticationError, match=words) as refused:
        endpoint_at(typed)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("apyi", "'apyi' is neither a provider nor an address.\nProviders: apiyi, .*Did you mean apiyi"),
        ("custom", "neither a provider nor an address"),
        ("http://example.com", "plain http would show your key"),
        ("http://192.168.1.5:8000", "plain http: whoever is on that network.*\n.*--insecure"),
        ("ftp://example.com", "ftp"),
        (KEY, r"'\*\*\*' is neither"),
        (7, "int"),
    ],
)
def test_what_is_no_place_is_refused(typed, words):
    """A slip is answered with the names there are; plain http beyond this machine needs the person's word; keys stay unseen."""
    with pytest.raises(InvalidRequestError, match=words):
        endpoint_at(typed)


def test_a_private_address_needs_a_word_and_no_key(photo):
    """With the person's word plain http goes into a private network, told and without a key; a public address never."""
    made = endpoint_at("http://192.168.1.5:8000", insecure=True)
    assert (made.name, made.has_key) == ("local", False) and "unencrypted" in made.notice
    made.check_key()
    with pytest.raises(InvalidRequestError, match="plain http would show"):
        endpoint_at("http://example.com", insecure=True)


def test_what_is_sent_elsewhere_by_name_announces_no_move(server):
    """One edit at another place says only what must be known of that place, once: the others go where they went."""
    said = []
    with nb.Session(nb.Endpoint.sandbox(), tell=said.append) as session:
        session.at(nb.Endpoint.local(server.url, model="pro")).generate("a banana")
        assert said == [] and session.sandbox and len(session.history.records()) == 1
        lan = session.at(nb.Endpoint.local("http://192.168.1.5:8000", model="pro", insecure=True))
        lan.announce(), lan.with_wire("openai").announce()
        assert len(said) == 1 and "unencrypted" in said[0]


def test_the_sandbox_is_told_on_every_wire(clean_place):
    """A wire by name changes nothing about the sandbox being told; a sandbox that was asked for needs no notice."""
    said = []
    with nb.Session(tell=said.append) as session:
        session.at(nb.Endpoint.sandbox()).announce()
        assert said == []
        session.with_wire("images").generate("a banana", model="flare")
        session.announce()
        assert len(said) == 1 and said[0].startswith("Sandbox: no key was found")


# --- the terminal ----------------------------------------------------------------------------------


def test_the_terminal_sends_mask_quality_and_place(server, photo, mask, capsys):
    """`--endpoint URL --mask FILE --quality NAME` goes there over the Images API, and the record says all of it."""
    words = ["edit", "cat.png", "Make it night", "--endpoint", server.url, "-m", "flare", "--mask", "mask.png", "--quality", "low"]
    assert main([*words, "-o", "out.png"]) == 0
    assert posted(server) == ["/v1/images/edits"] and Path("out.png").exists()
    asked = last().request
    assert asked.extra == {"quality": "low"} and asked.mask.data == mask.read_bytes()
    capsys.readouterr()
    assert main([*words, "-o", "again.png"]) == 0 and "from the history" in capsys.readouterr().out
    assert len(posted(server)) == 1


def test_the_terminal_takes_a_region_a_seed_and_a_wire(server, photo):
    """A region is four shares, a seed a number, further fields JSON; `--wire` says the form of the request."""
    words = ["edit", "cat.png", "Make it night", "--endpoint", server.url, "-m", "pro", "--wire", "gemini", "--seed", "7"]
    assert main([*words, "--mask", "0.25,0.25,0.5,0.5", "--extra", '{"labels": {"a": "b"}}', "-o", "out.png"]) == 0
    assert posted(server) == ["/v1beta/models/gemini-3-pro-image-preview:generateContent"]
    asked = last().request
    assert (tuple(asked.mask), asked.seed, asked.extra) == ((0.25, 0.25, 0.5, 0.5), 7, {"labels": {"a": "b"}})


def test_the_terminal_generates_elsewhere_too(server, clean_place):
    """`generate` takes the same words."""
    assert main(["generate", "A banana", "--endpoint", server.url, "-m", "flare", "--quality", "high", "-o", "b.png"]) == 0
    assert posted(server) == ["/v1/images/generations"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--mask", "1,2"], "The mask '1,2' is no region"),
        (["--mask", "0.5,0.5,0.7,0.2"], "The mask '0.5,0.5,0.7,0.2' is no region"),
        (["--mask", "nowhere.png"], "nowhere.png"),
        (["--seed", "abc"], "The seed 'abc' is not a whole number"),
        (["--seed", "-1"], "-1"),
        (["--extra", "{quality:high}"], "--extra {quality:high} is no JSON object"),
        (["--extra", "[1]"], "it is a list"),
        (["--extra", '{"quality": "low"}', "--quality", "high"], "--quality high and --extra, which says quality low"),
        (["--extra", '{"prompt": "x"}'], "prompt"),
        (["--wire", "soap"], "wire='soap'"),
        (["--endpoint", "apyi"], "Did you mean apiyi"),
        (["--insecure"], "--insecure goes with --endpoint"),
        (["--endpoint", "http://10.0.0.7:8000"], "--insecure"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named(photo, capsys, words, sentence):
    """What can't be is told with the value and the next step, before anything is sent or filed; the code is 2."""
    assert main(["edit", "cat.png", "Make it night", *words]) == 2
    said = capsys.readouterr()
    assert sentence in said.err and said.out == "" and not Path("nb_banana_history").exists()


def test_a_place_without_a_key_ends_with_1(photo, capsys):
    """A missing key is no slip of the line: its code is 1 and the sentence names the variable."""
    assert main(["edit", "cat.png", "Make it night", "--endpoint", "openai"]) == 1
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_the_terminal_speaks_chinese_of_places(photo, capsys):
    """The new sentences are there in both languages."""
    assert main(["--lang", "zh", "edit", "cat.png", "变成夜晚", "--endpoint", "apyi"]) == 2
    assert "既不是服务商，也不是网址" in capsys.readouterr().err


# --- the magic -------------------------------------------------------------------------------------


def run(shell, cell):
    """Run one cell; gives its value, and raises what it raised."""
    done = shell.run_cell(cell)
    done.raise_error()
    return done.result


def test_the_magic_sends_one_cell_elsewhere(shell, server, mask):
    """`--endpoint` holds for its cell alone; a mask may be a variable, a region or a file; the history is one."""
    shell.user_ns["region"] = (0.1, 0.1, 0.5, 0.5)
    there = run(shell, f"%%banana cat.png --endpoint {server.url} -m flare --mask region --quality low\nMake it night")
    assert there.request.mask == (0.1, 0.1, 0.5, 0.5) and there.request.extra == {"quality": "low"}
    assert posted(server) == ["/v1/images/edits"]
    assert run(shell, "%%banana cat.png --mask 0.1,0.1,0.5,0.5\nMake it night").sandbox
    shell.user_ns["drawn"] = Image.open("mask.png")
    for word in ("mask.png", "drawn"):
        assert run(shell, f"%%banana cat.png --mask {word} --wire images\nMake it night").request.mask.width == 320
    assert len(posted(server)) == 1 and len(nb.session().history.records()) == 4


def test_the_magic_says_what_it_would_cost_there(shell, server, monkeypatch):
    """A dry run has the prices of the place it would go to; it asks nobody, and an unknown price is unknown."""
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    costs = {
        place: run(shell, f"%%banana cat.png -m pro --endpoint {place} --dry-run\nMake it night").cost.amount
        for place in ("apiyi", "openrouter")
    }
    assert costs == {place: nb.estimate("pro", provider=place).cost.amount for place in costs}
    assert len(set(costs.values())) == 2
    unknown = run(shell, f"%%banana cat.png -n 3 --endpoint {server.url} --dry-run\nMake it night")
    assert unknown.cost.amount is None and unknown.to_send == 3 and server.requests == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--mask 1,2", "The mask '1,2' is no region"),
        ("--mask msk.png", "'msk.png' is neither a variable"),
        ("--seed abc", "The seed 'abc'"),
        ("--extra {quality:high}", "--extra '"),
        ("--endpoint apyi", "Did you mean apiyi"),
        ("--sed 7", "Did you mean --seed"),
    ],
)
def test_the_magic_names_a_bad_value(shell, line, words):
    """The same sentences as at the terminal; nothing is sent."""
    with pytest.raises(nb.NanoBananaError, match=words):
        run(shell, f"%%banana cat.png {line}\nMake it night")
    assert nb.session().history.records() == []


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("%%banana cat.png --endpoint op", {"openrouter", "openai"}),
        ("%%banana cat.png --wire im", {"images"}),
        ("%%banana cat.png --quality xh", {"xhigh"}),
        ("%%banana cat.png --mask ma", {"mask.png"}),
        ("%%banana cat.png --model gpt-image-f", {"gpt-image-flare"}),
        ("%%banana cat.png --see", {"--seed"}),
    ],
)
def test_tab_completes_places_and_settings(shell, mask, line, offered):
    """Tab knows endpoints, wires, qualities, masks and the newer models."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert {found.text for found in shell.Completer.completions(line, len(line))} == offered


# --- settings along a chain ------------------------------------------------------------------------


def test_a_chain_keeps_the_settings_of_its_steps(photo, mask, draw_photo, tmp_path):
    """Mask, seed and further fields are kept by a re-run on another photo, by a file, and by the code of the chain."""
    draw_photo(background="khaki").save("dog.png")
    given = {"mask": Image.open("mask.png"), "seed": 4, "extra": {"quality": "low"}}
    with nb.Session(nb.Endpoint.sandbox(wire="images"), tell=lambda _: None) as session:
        chain = nb.chain("cat.png", session=session).edit("make it night", **given).edit("add a hat")
        again = chain.rerun("dog.png")
        assert [(one.request.seed, one.request.extra) for one in again] == [(4, {"quality": "low"}), (None, None)]
        assert again[0].request.mask == chain[0].request.mask and again[1].request.mask is None
        code = {}
        exec(chain.to_python().replace("nb.chain(", "nb.chain(session=session, image="), {"session": session}, code)
        assert [one.replayed for one in code["chain"]] == [True, True]
        exec(chain[0].to_python().replace(", seed", ", session=session, seed"), {"session": session}, code)
        assert code["result"].replayed and code["result"].image == chain[0].image
        with pytest.raises(InvalidRequestError, match="masks differ"):
            chain.merge(0, 2)
        loaded = nb.Chain.load(chain.export(tmp_path / "c.zip"), session=session)
        assert loaded.steps[0].request.mask == chain[0].request.mask
