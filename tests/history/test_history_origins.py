"""Where inputs came from stays with them: their names and addresses, through exports and imports."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

import nb_banana as nb
from nb_banana._fetch.urls import kept_url


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def site(photo, tmp_path):
    """A web server that serves `cat.png`."""
    (tmp_path / "site").mkdir()
    shutil.copy(photo, tmp_path / "site" / "cat.png")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site")))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cat.png"
    server.shutdown()
    thread.join(30)
    server.server_close()


def test_names_and_addresses_of_inputs_travel(site, photo, tmp_path):
    """A line of an export and an imported record name each input as it was given: its file, its address; no password,
    no signature and no folder of this machine.
    """
    signed = f"{site}?id=7&X-Amz-Signature=abc123secret&token=abc123secret#top"
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "mine", tell=lambda _: None) as session:
        session.edit([photo, signed, photo.read_bytes()], "Make it night")
        zipped = session.history.export_zip(tmp_path / "h.zip")
        lines = session.history.export_jsonl(tmp_path / "mine.jsonl")
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "theirs", tell=lambda _: None) as other:
        assert other.history.import_zip(zipped) == 1
        (record,) = other.history.records()
        assert record.urls == ("", f"{site}?id=7", "")
        assert [picture.name for picture in record.inputs] == ["cat.png", "cat.png", ""]
        again = other.history.export_jsonl(tmp_path / "theirs.jsonl")
    for path in (lines, again):
        text = path.read_text(encoding="utf-8")
        line = json.loads(text)
        assert line["input_names"] == ["cat.png", "cat.png", ""] and line["input_urls"] == ["", f"{site}?id=7", ""]
        assert "abc123secret" not in text
    with closing(zipped.open("rb")) as file:
        data = file.read()
    assert b"abc123secret" not in data and str(tmp_path).encode() not in data


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.com/cat.png", "https://example.com/cat.png"),
        ("https://me:secret@example.com/cat.png?id=5&size=large#a", "https://example.com/cat.png?id=5&size=large"),
        ("https://e.com/a?sv=2024&se=2026&sr=b&sp=r&sig=secret&keyword=cat", "https://e.com/a?keyword=cat"),
        ("https://e.com/a?X-Goog-Credential=secret&w=640", "https://e.com/a?w=640"),
        ("https://e.com/a?api_key=secret&access_token=secret&OSSAccessKeyId=secret&Expires=1", "https://e.com/a"),
        ("https://e.com/a?q-ak=secret&q-signature=secret", "https://e.com/a"),
        ("HTTP://e.com/a?grayscale", "HTTP://e.com/a?grayscale"),
        ("https://e.com/a.png;jsessionid=secret?oh=secret&oe=secret&hdnea=secret&w=5", "https://e.com/a.png?w=5"),
        ("https://e.com/a?p=Zm9v8YmFyYmF6cXV4MTIzNA&file=holiday-2026-in-paris-042.png", "https://e.com/a?file=holiday-2026-in-paris-042.png"),
        ("/home/ann/cat.png", ""), ("cat.png", ""), ("", ""), ("ftp://e.com/a", ""), ("data:image/png;base64,AA", ""),
    ],
)  # fmt: skip
def test_what_is_kept_of_an_address(given, kept):
    """What says which picture it is stays; what lets somebody in goes; a path of this machine is no address."""
    assert kept_url(given) == kept


def test_a_record_of_an_older_release_has_no_addresses(tmp_path, photo):
    """What its request does not say is empty, one text an input; nonsense in somebody's file is no address."""
    with nb.Session(nb.Endpoint.sandbox(), folder=tmp_path / "h", tell=lambda _: None) as session:
        session.edit(photo, "Make it night")
        for request in ("{}", "[]", '{"urls": 7}', '{"urls": []}', '{"urls": ["a", "b", "c"]}', "not json"):
            session.history.shelf.run(lambda c, value=request: c.execute("UPDATE details SET request = ?", (value,)), write=True)
            (record,) = session.history.records()
            assert len(record.urls) == 1 and record.to_dict()["input_names"] == ["cat.png"], request
