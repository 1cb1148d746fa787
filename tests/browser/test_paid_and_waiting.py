"""In a real page: the button that fetches a paid picture, and the line under a cell that waits."""

from __future__ import annotations

import re
import time

import pytest
from client.misbehaving import KEY, answer, response, serving
from client.test_paid_links import THERE, Store
from playwright.sync_api import expect

from .test_panel import status

OWING = """\
import httpx, ipywidgets, nb_banana as nb
from nb_banana import _flow
_flow._LINK_PATIENCE = 0.0

class ToServer(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request):
        async with httpx.AsyncClient() as client:
            return await client.get(f"{URL}{{request.url.raw_path.decode()}}")

session = nb.Session(nb.Endpoint("{URL}", "{KEY}", wire="openai"), tell=lambda _: None)
session._clients._made[session.endpoint, False] = nb.AsyncClient(session.endpoint, retries=0, download_transport=ToServer())

def make(lang, prompt):
    global p
    p = nb.panel("cat.png", session=session, lang=lang, slot=False)
    p.prompt.value = prompt
    box = ipywidgets.Box([p])
    box.layout.width = "360px"
    return box
"""


@pytest.mark.parametrize(("theme", "lang", "label"), [("light", "en", "Fetch the paid picture"), ("dark", "zh", "取回已付费的图片")])
def test_a_paid_picture_is_fetched_from_the_page(open_notebook, photo_bytes, theme, lang, label):
    """The button comes with the failure, says what it does in 360 px too, brings the picture, and goes; one POST in all."""
    store = Store(response(b"", 503))
    with serving(store) as server:
        made = OWING.replace("{URL}", server.url).replace("{KEY}", KEY).replace("{{", "{").replace("}}", "}")
        nb = open_notebook([made, f"make({lang!r}, 'Add a boat')"], files={"cat.png": photo_bytes}, theme=theme, height=1500)
        nb.run_all()
        button = nb.page.locator("button.nb-banana-fetch")
        expect(button).to_be_hidden()
        nb.page.locator("button.nb-banana-run").click()
        expect(button).to_be_visible()
        expect(button).to_have_text(label)
        box, panel = button.bounding_box(), nb.page.locator(".nb-banana-panel").bounding_box()
        assert panel["x"] <= box["x"] and box["x"] + box["width"] <= panel["x"] + panel["width"]
        nb.screenshot(f"panel-owed-{lang}-{theme}", ".nb-banana-panel")
        store.replies = [THERE]
        button.click()
        expect(status(nb)).to_contain_text("32×24")
        expect(button).to_be_hidden()
        nb.screenshot(f"panel-fetched-{lang}-{theme}", ".nb-banana-panel")
        assert server.posts == 1


def test_a_waiting_cell_says_so_and_saves_nothing_of_it(open_notebook, photo_bytes):
    """In JupyterLab the line stands under what was printed before, and is gone with the answer, from the saved file too."""

    def slow(connection, _seen, _number):
        time.sleep(5)
        connection.sendall(response(answer()))

    with serving(slow) as server:
        start = f"import nb_banana as nb\nnb.session(nb.Endpoint({server.url!r}, {KEY!r}));"
        edit = 'print("before")\nnb.edit("cat.png", "Add a boat")'
        nb = open_notebook([start, edit], files={"cat.png": photo_bytes})
        nb.run_cell(0)
        nb.start_cell(1)
        area = nb.page.locator(".jp-Notebook .jp-Cell").nth(1).locator(".jp-OutputArea")
        expect(area).to_contain_text(re.compile(r"before\s*Sent 1 picture .* usually about"))
        nb.screenshot("cell-waiting")
        expect(area).to_contain_text("32×24 · gemini")
        expect(area).not_to_contain_text("Sent 1 picture")
        nb.screenshot("cell-answered")
        nb.save()
        kinds = [one["output_type"] for one in nb.saved().cells[1].outputs]
        assert kinds == ["stream", "display_data", "display_data"] and "Sent" not in str(nb.saved().cells[1].outputs)
