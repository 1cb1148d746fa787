"""Where keys are: a file and a keyring when asked, variables, Colab's and Kaggle's secrets where they exist; in order, once, and to their own host."""

from __future__ import annotations

import json
import logging
import os
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest
from kernels import Notebook
from tracebacks import verbose

import nb_banana as nb
from nb_banana._doctor import report
from nb_banana._widgets.panel.keyring import _facts
from nb_banana.errors import AuthenticationError, InvalidRequestError, NanoBananaError
from tests.test_no_key_anywhere import leaks as leaks_in

from .misbehaving import KEY, PICTURE, answer, fails, leaks, response, sends, serving

PLATFORMS = Path(__file__).parents[1] / "platforms"
ROOT = Path(__file__).parents[2]
NAMES = ["NB_BANANA_BASE_URL", "NB_BANANA_API_KEY", "APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY"]
OTHER = "AIza-other-Hn5Jt8Ue1Ro4Wz7Xc2Bv9Mk3"
IN_COLAB = "import google.colab, nb_banana as nb\n"


def session(**options: Any) -> nb.Session:
    """A session that keeps what it says to itself."""
    return nb.Session(folder="history", tell=lambda _: None, **options)


def run(code: str, **environ: str) -> list[Any]:
    """What code prints, line by line as JSON, in a process that the stand-ins of both platforms are laid before."""
    path = os.pathsep.join([str(ROOT), str(PLATFORMS), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run([sys.executable, "-c", f"import json\ndef show(*all): print(json.dumps(all))\n{code}"], env={**os.environ, **environ, "PYTHONPATH": path},
                          capture_output=True, text=True, check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not leaks(done.stdout + done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


@contextmanager
def kaggle(secrets: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Kaggle's service of secrets on this machine; the labels it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            label = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["Label"]
            asked.append(label)
            found = {"result": {"secret": secrets.get(label)}, "wasSuccessful": True}
            none = {"errors": [f"No user secrets exist for kernel id 1 and label {label}."], "error": {"code": 5}, "wasSuccessful": False}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(found if label in secrets else none).encode())

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


# --- Colab and Kaggle ------------------------------------------------------------------------------


def test_colabs_secrets_are_asked_once_and_go_to_their_own_host(clean_place: Path) -> None:
    """In a kernel of Colab a secret is used as the variable of its name would be; each name is asked for once until find_key(); one without access is told."""
    page = clean_place / "page.json"
    with serving(sends(response(answer()))) as server:
        page.write_text(json.dumps({"NB_BANANA_API_KEY": KEY, "NB_BANANA_BASE_URL": server.url, "GEMINI_API_KEY": False}))
        source, notice, chosen, again = run(IN_COLAB + f"""
s = nb.session(tell=lambda words: None)
show(s.key_source, s.endpoint.base_url, s.endpoint.has_key)
show(s.endpoint.notice)
s.generate("x", fresh=True); s.generate("y"); s.endpoint; s.key_left_aside
show(open({str(page.with_suffix(".asked"))!r}).read().split())
import pathlib; pathlib.Path({str(page)!r}).write_text(json.dumps({{"APIYI_API_KEY": {KEY!r}}}))
before = s.endpoint.base_url
show(before, s.find_key().base_url, s.key_source, nb.Endpoint.from_env().base_url)
""", COLAB_PAGE=str(page))
        assert source == ["colab:NB_BANANA_API_KEY", server.url, True]
        assert "GEMINI_API_KEY" in notice[0] and "Notebook access" in notice[0]
        assert sorted(chosen[0]) == sorted([*NAMES, "NB_BANANA_WIRE"])
        assert again == [server.url, "https://api.apiyi.com", "colab:APIYI_API_KEY", "https://api.apiyi.com"]
        assert server.requests and all(KEY in seen.head.decode() for seen in server.requests)


def test_a_key_whose_address_is_kept_back_goes_nowhere(clean_place: Path) -> None:
    """Where Colab holds an address and does not let us read it, NB_BANANA_API_KEY is not sent to apiyi, nor to the address of a variable."""
    page = clean_place / "page.json"
    page.write_text(json.dumps({"NB_BANANA_API_KEY": KEY, "NB_BANANA_BASE_URL": False}))
    code = IN_COLAB + "said = []\ns = nb.session(tell=said.append)\ns.announce()\nshow(s.sandbox, *said)\nimport os; os.environ['NB_BANANA_BASE_URL'] = 'https://gate.example.com'\ntry: show(s.endpoint.has_key)\nexcept nb.errors.AuthenticationError as error: show('none', str(error))"
    (sandbox, words), (other, _) = run(code, COLAB_PAGE=str(page))
    assert sandbox and "NB_BANANA_BASE_URL" in words and other == "none"


def test_a_colab_page_that_is_shut_is_asked_once(clean_place: Path) -> None:
    """Where no page of Colab answers, one name is tried and no more, and the sandbox's notice says why; a variable is used without asking; elsewhere nobody asks."""
    page = clean_place / "page.json"
    asked = page.with_suffix(".asked")
    code = "said = []\ns = nb.session(tell=said.append)\ns.announce(); s.endpoint\nshow(s.sandbox, *said)\n"
    shut, used = run(IN_COLAB + code + f"import os; os.environ['APIYI_API_KEY'] = {KEY!r}\nshow(s.find_key().name)", COLAB_PAGE=str(page))
    assert shut[0] and "Colab's page did not answer" in shut[1] and used == ["apiyi"] and asked.read_text().split() == NAMES[:1]
    page.write_text(json.dumps({"APIYI_API_KEY": KEY}))
    ((sandbox, *_),) = run("import nb_banana as nb\n" + code, COLAB_PAGE=str(page))
    assert sandbox and asked.read_text().split() == NAMES[:1]


def test_kaggles_secrets_are_asked_once_over_its_own_service() -> None:
    """On Kaggle a secret is used as its variable would be, each label asked for once; off Kaggle its module is not even loaded."""
    code = "import sys, nb_banana as nb\ns = nb.session(tell=lambda words: None)\nshow(s.key_source, s.endpoint.name, 'kaggle_secrets' in sys.modules, nb.Session().key_source)"
    with kaggle({"GOOGLE_API_KEY": KEY}) as (url, asked):
        on = {"KAGGLE_URL_BASE": url, "KAGGLE_KERNEL_RUN_TYPE": "Interactive"}
        assert run(code, **on, KAGGLE_USER_SECRETS_TOKEN="jwt") == [["kaggle:GOOGLE_API_KEY", "google", True, "kaggle:GOOGLE_API_KEY"]]
        assert sorted(asked) == sorted([*NAMES, "NB_BANANA_WIRE"])
        assert run(code, KAGGLE_URL_BASE=url) == [["", "sandbox", False, ""]]


def test_kaggle_without_secrets_or_internet_says_so() -> None:
    """A notebook without access, or without internet, gets the sandbox and a sentence with what to switch on."""
    code = "import nb_banana as nb, os\nsaid = []\ns = nb.session(tell=said.append)\ns.announce()\nos.environ['KAGGLE_USER_SECRETS_TOKEN'] = 'jwt'\ns.find_key()\nnb.Session(tell=said.append).announce()\nshow(s.sandbox, *said)"
    ((sandbox, denied, silent),) = run(code, KAGGLE_URL_BASE="http://127.0.0.1:9", KAGGLE_KERNEL_RUN_TYPE="Batch")
    assert sandbox and "Kaggle did not let" in denied and "need internet" in silent and "find_key()" in denied
    assert "need internet" not in denied


# --- a file, when asked ----------------------------------------------------------------------------


def test_a_file_is_read_when_asked_and_goes_nowhere_else(clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key goes before the variables, to the address that the file names; nothing of it gets into this process's variables, and nothing there into it."""
    monkeypatch.setenv("GOOGLE_API_KEY", OTHER)
    monkeypatch.setenv("MINE", OTHER)
    with serving(sends(response(answer()))) as server:
        (clean_place / "my.env").write_text(f"\ufeff# mine\nexport NB_BANANA_API_KEY='{KEY}'\nNB_BANANA_BASE_URL={server.url}\nAPIYI_API_KEY=${{MINE}}\nPATH=/nowhere\n", encoding="utf-8")
        before = dict(os.environ)
        with session(env="my.env") as here:
            here.generate("x")
            assert here.key_source == f"{clean_place / 'my.env'}:NB_BANANA_API_KEY"
            (clean_place / "my.env").write_text("GEMINI_API_KEY=" + OTHER)
            assert here.endpoint.base_url == server.url and here.find_key().name == "google"
        assert dict(os.environ) == before
        assert KEY in server.requests[0].head.decode() and OTHER not in server.requests[0].head.decode()
    assert session().key_source == "GOOGLE_API_KEY"


def test_a_file_without_an_address_takes_the_process_one_for_its_own_key_alone(clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NB_BANANA_API_KEY of a file goes to NB_BANANA_BASE_URL of the process, as from a variable; another provider's key goes to that provider."""
    monkeypatch.setenv("NB_BANANA_BASE_URL", "https://gate.example.com")
    for line, address in (("NB_BANANA_API_KEY", "https://gate.example.com"), ("GOOGLE_API_KEY", "https://generativelanguage.googleapis.com")):
        (clean_place / ".env").write_text(f"{line}={KEY}")
        assert session(env=Path(".env")).endpoint.base_url == address
    assert isinstance(fails(nb.Endpoint.from_env), AuthenticationError)


def test_a_place_named_by_its_name_gets_the_key_of_the_sessions_file(clean_place: Path) -> None:
    """A comparison over providers by name finds each provider's own key where the session looks, and no other's."""
    (clean_place / ".env").write_text(f"APIYI_API_KEY={KEY}\nOPENROUTER_API_KEY={OTHER}")
    names = ["apiyi", "openrouter", "google"]
    with session(env=".env") as here:
        plan = nb.compare(PICTURE, "x", endpoints=names, session=here)
        assert [cell.place.endpoint.key_hint for cell in plan.cells] == [KEY[-4:], OTHER[-4:], ""]
        assert "GOOGLE_API_KEY" in str(plan.cells[2].place.error)
        assert not [cell for cell in nb.compare(PICTURE, "x", endpoints=names).cells if cell.place.endpoint.has_key]
        assert not leaks(repr(plan) + shown(plan.cells))


def test_a_file_that_gives_no_key_is_an_error_that_says_why(clean_place: Path) -> None:
    """Missing, a folder, a pipe, endless, in UTF-16, without a key, or no path at all: each is named, with the next step, and nothing hangs."""
    (clean_place / "empty.env").write_text(f"OTHER_KEY={KEY}\n")
    (clean_place / "wide.env").write_text(f"APIYI_API_KEY={KEY}", encoding="utf-16")
    (clean_place / "big.env").write_bytes(b"#" * (2**20 + 1))
    (clean_place / "bad.env").write_text("APIYI_API_KEY=sk-your-api-key")
    said = {given: fails(lambda given=given: session(env=given).endpoint) for given in ("none.env", ".", "empty.env", "wide.env", "big.env", "bad.env", "", 7)}
    assert all(isinstance(error, NanoBananaError) and (error.hint or given == "bad.env") for given, error in said.items())
    expected = {"none.env": str(clean_place / "none.env"), ".": "no regular file", "empty.env": "APIYI_API_KEY", "wide.env": "UTF-8", "big.env": "1 MiB",
                "bad.env": f"{clean_place / 'bad.env'}:APIYI_API_KEY", "": "keyring", 7: ".env"}  # fmt: skip
    assert [given for given, words in expected.items() if words not in str(said[given])] == []
    if hasattr(os, "mkfifo"):
        os.mkfifo(clean_place / "pipe.env")
        assert "no regular file" in str(fails(lambda: session(env="pipe.env")))
    assert not leaks("".join(map(str, said.values())))
    assert "endpoint=" in str(fails(lambda: nb.Session(nb.Endpoint.sandbox(), env=".env")))


@pytest.mark.parametrize(("env", "module"), [(".env", "dotenv"), ("keyring", "keyring")])
def test_a_missing_library_is_named(env: str, module: str, clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without python-dotenv or keyring the error says what to install; the file is not read some other way."""
    (clean_place / ".env").write_text(f"APIYI_API_KEY={KEY}")
    monkeypatch.setitem(sys.modules, module, None)
    error = fails(lambda: session(env=env))
    assert isinstance(error, InvalidRequestError) and f'pip install "nb_banana[{module}]"' in error.hint


# --- a keyring, when asked -------------------------------------------------------------------------


@pytest.fixture
def chain() -> Iterator[Any]:
    """Puts a keyring in place of the system's that is a dict, or fails; where the package is missing, only these tests say so."""
    import keyring
    import keyring.backend

    class InMemory(keyring.backend.KeyringBackend):
        priority = 1

        def __init__(self, secrets: dict[str, str], problem: Exception | None = None) -> None:
            self.secrets, self.problem, self.asked = secrets, problem, list[str]()
            super().__init__()

        def get_password(self, service: str, username: str) -> str | None:
            assert service == "nb_banana"
            self.asked.append(username)
            if self.problem:
                raise self.problem
            return self.secrets.get(username)

        def set_password(self, service: str, username: str, password: str) -> None:
            assert service == "nb_banana"
            self.secrets[username] = password

    def put(secrets: dict[str, str] | None = None, problem: Exception | None = None) -> InMemory:
        made = InMemory(dict(secrets or {}), problem)
        keyring.set_keyring(made)
        return made

    before = keyring.get_keyring()
    yield put
    keyring.set_keyring(before)


def test_a_keyring_is_asked_when_asked_for(chain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `keyring set nb_banana NAME` put in is used before the variables, read once; without asking nobody opens the keyring."""
    monkeypatch.setenv("GOOGLE_API_KEY", OTHER)
    held = chain()
    __import__("keyring").set_password("nb_banana", "APIYI_API_KEY", KEY)
    here = session(env="keyring")
    assert (here.key_source, here.endpoint.name, here.endpoint.key_hint) == ("keyring:APIYI_API_KEY", "apiyi", KEY[-4:])
    count = len(held.asked)
    here.announce()
    assert here.endpoint and len(held.asked) == count == len(set(held.asked))
    assert session().key_source == "GOOGLE_API_KEY" and len(held.asked) == count


PROBLEMS = {"no keyring that": "NoKeyringError", "locked": "KeyringLocked", "(PasswordSetError)": "PasswordSetError", "keyring set nb_banana APIYI_API_KEY": ""}


@pytest.mark.parametrize("words", PROBLEMS)
def test_a_keyring_that_gives_nothing_says_why(words: str, chain: Any) -> None:
    """None on this machine, locked, broken or empty: a sentence and how to put a key in; what a backend says of itself is not repeated, for it may hold the key."""
    errors = __import__("keyring.errors").errors
    chain(problem=getattr(errors, PROBLEMS[words])(f"the bus says {KEY}") if PROBLEMS[words] else None)
    error = fails(lambda: session(env="keyring"))
    assert isinstance(error, AuthenticationError)
    assert words in str(error) and "keyring set nb_banana" in error.hint
    assert not leaks(str(error) + verbose(error, error.__traceback__.tb_next))


# --- the order, the doctor, and no key anywhere ----------------------------------------------------


@pytest.fixture
def everywhere(clean_place: Path, chain: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A key in every place there is, in this process: the doctor and the tests see all of them at once."""
    monkeypatch.syspath_prepend(str(PLATFORMS))
    page = clean_place / "page.json"
    page.write_text(json.dumps({"GOOGLE_API_KEY": KEY}))
    monkeypatch.setenv("COLAB_PAGE", str(page))
    monkeypatch.setenv("APIYI_API_KEY", KEY)
    (clean_place / ".env").write_text(f"OPENROUTER_API_KEY={KEY}")
    chain({"GEMINI_API_KEY": KEY})
    __import__("google.colab.userdata")
    with kaggle({"APIYI_API_KEY": KEY}) as (url, asked):
        for name, value in {"KAGGLE_URL_BASE": url, "KAGGLE_USER_SECRETS_TOKEN": "jwt"}.items():
            monkeypatch.setenv(name, value)
        session().find_key()
        yield asked
    for name in [name for name in sys.modules if f"{name}.".startswith(("google.colab.", "kaggle_secrets."))]:
        del sys.modules[name]
    monkeypatch.undo()
    session().find_key()


def test_the_order_of_places_and_what_the_doctor_says_of_each(everywhere: list[str], clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File or keyring when asked, variables, Colab, Kaggle: the first with a key is used and those behind it are not asked; the doctor names each with what was found, of a key its last four."""
    found = {env: session(env=env).key_source for env in (".env", "keyring", None)}
    assert found == {".env": f"{clean_place / '.env'}:OPENROUTER_API_KEY", "keyring": "keyring:GEMINI_API_KEY", None: "APIYI_API_KEY"}
    assert everywhere == [] and not (clean_place / "page.asked").exists()

    def said(**options: Any) -> list[str]:
        with session(**options) as here:
            return [line.partition("in: ")[2] for line in report(here._where.places).splitlines() if "looked for a key" in line]

    end = f"…{KEY[-4:]} →"
    file, ring, variables, colab, on_kaggle = said(env=".env")
    assert f"OPENROUTER_API_KEY {end} openrouter.ai" in file and "not read" in ring
    assert all("not asked" in line for line in (variables, colab, on_kaggle))
    file, ring, variables, colab, on_kaggle, beside = said()
    assert f"APIYI_API_KEY {end} api.apiyi.com" in variables and "not read" in file and str(clean_place / ".env") in beside
    monkeypatch.delenv("APIYI_API_KEY")
    *_, variables, colab, on_kaggle, beside = said()
    assert "nothing under NB_BANANA_API_KEY" in variables and f"GOOGLE_API_KEY {end}" in colab and "not asked" in on_kaggle
    (clean_place / "page.json").write_text("{}")
    *_, colab, on_kaggle, beside = said()
    assert "nothing under" in colab and f"APIYI_API_KEY {end}" in on_kaggle and everywhere


def shown(value: object, depth: int = 0) -> str:
    """All that can be printed of a value, and of what stands in it."""
    inside = [*getattr(value, "__dict__", {}).values(), *(getattr(value, name, None) for name in getattr(type(value), "__slots__", ()))]
    inside += list(value) if isinstance(value, (tuple, list, set)) else list(value.values()) if type(value) is dict else []
    return "\n".join([repr(value), str(value), *(shown(one, depth + 1) for one in inside if depth < 4)])


@pytest.mark.parametrize("place", [".env", "keyring", "colab", "kaggle"])
def test_no_place_shows_its_key(place: str, everywhere: list[str], clean_place: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Of no place is the key in a repr, an attribute, a pickle, a debug log, the panel's line, the doctor's report, or a verbose traceback of an edit that failed."""
    caplog.set_level(logging.DEBUG)
    if place in ("colab", "kaggle"):
        monkeypatch.delenv("APIYI_API_KEY")
    if place == "kaggle":
        (clean_place / "page.json").write_text("{}")
    with session(env=place if place in (".env", "keyring") else None, retries=0) as here:
        assert here.find_key().has_key and (place in here.key_source)
        used = here._where.places
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        error = fails(lambda: here.edit(PICTURE, "x"))
        seen = [shown(here._where), shown(used), repr(vars(here)), report(used), str(error), _facts(here.endpoint, here), caplog.text]
        seen += [verbose(error, error.__traceback__.tb_next if error.__traceback__ else None)]
        packed = pickle.dumps([used, here.endpoint])
        assert not leaks(packed) and not [text[:200] for text in seen if leaks(text)]
        assert place.rpartition(".")[2] in _facts(here.endpoint, here).lower()
        assert [type(one) for one in pickle.loads(packed)[0]] == [type(one) for one in used]
    assert not leaks_in(clean_place / "history", (KEY,))


CELLS = (
    "import google.colab, logging, pickle\nlogging.basicConfig(filename='debug.log', level=logging.DEBUG, force=True)\nimport nb_banana as nb\n%load_ext nb_banana\n%xmode Verbose",
    "s = nb.session()\nprint(s.key_source, s, vars(s), vars(s._where), [vars(one) for one in s._where.places], s._where.places)\ns._where.places",
    "nb.edit('cat.png', 'refuse it')",
    "%banana doctor",
    "panel = nb.panel('cat.png')\npanel.head.button.click()\nprint(panel.head.keyring.facts.text)\npanel",
    "pickle.dump(s._where.places, open('places.pickle', 'wb'))\nstrange = dict(s._where.places[1]) and None\nstrange.attribute",
    "import os; os.remove('page.json')\ns.find_key()\nnb.Endpoint.from_env()",
)


@pytest.mark.usefixtures("photo")
def test_no_key_of_colab_stands_in_a_notebook(clean_place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A notebook on Colab that edits, fails, diagnoses and prints everything it can is saved without the key, as are its log and its history."""
    elsewhere = tmp_path_factory.mktemp("colab") / "page.json"
    with serving(sends(response(b'{"error": {"code": 403, "message": "no"}}', status="403 Forbidden"))) as server:
        elsewhere.write_text(json.dumps({"NB_BANANA_API_KEY": KEY, "NB_BANANA_BASE_URL": server.url}))
        cells = [cell.replace("page.json", str(elsewhere)) for cell in CELLS]
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
        path = os.pathsep.join([str(ROOT), str(PLATFORMS), os.environ.get("PYTHONPATH", "")])
        client = Notebook(book, timeout=120, allow_errors=True, resources={"metadata": {"path": "."}})
        client.execute(env={**os.environ, "PYTHONPATH": path, "COLAB_PAGE": str(elsewhere)})
        nbformat.write(book, "book.ipynb")
        assert KEY in server.requests[0].head.decode()
    outputs = [json.dumps(cell.outputs) for cell in book.cells]
    expected = ["", "colab:NB_BANANA_API_KEY", "AuthenticationError", "Colab's secrets", "Colab's secret NB_BANANA_API_KEY", "AttributeError", "Colab's page did not answer"]
    assert [words for words, output in zip(expected, outputs, strict=True) if words not in output] == [], outputs
    assert not (found := leaks_in(clean_place, (KEY,))), "\n".join(found)


# --- the page --------------------------------------------------------------------------------------

PAGES = ("keys.md", "keys.zh-CN.md")


def blocks(page: str) -> list[str]:
    """The Python of a page."""
    return re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.M | re.S)


def test_the_pages_python_runs(clean_place: Path, chain: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block, with a key in a file and in a keyring; both languages show the same code, the same order and all names."""
    (clean_place / "photo.jpg").write_bytes(PICTURE)
    (clean_place / ".env").write_text(f"APIYI_API_KEY={KEY}")
    chain({"GEMINI_API_KEY": KEY})
    monkeypatch.setattr("nb_banana._session.own._own", [])  # the other tests keep theirs
    space: dict[str, object] = {}
    for code in blocks(PAGES[0]):
        exec(code, space)
    assert capsys.readouterr().out.split() == [f"{clean_place / '.env'}:APIYI_API_KEY", "keyring:GEMINI_API_KEY"]
    one, other = ([re.sub(r"#.*|\"[^\"\n]*\"", "", code).split() for code in blocks(page)] for page in PAGES)
    assert one == other
    rows = [re.findall(r'"(\w+|/path/\.env|keyring)(?::APIYI_API_KEY)?"', (ROOT / "docs" / page).read_text(encoding="utf-8"), re.ASCII) for page in PAGES]
    assert rows[0] == rows[1] and all(name in (ROOT / "docs" / page).read_text(encoding="utf-8") for page in PAGES for name in NAMES)
