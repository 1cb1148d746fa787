"""What the panel's sisters have in common: the page's messages, their language, their session."""

from __future__ import annotations

import ipywidgets
import pytest
import traitlets

import nb_banana as nb
from nb_banana._strings import say
from nb_banana._widgets.surface import Surface, below, classify, is_off, toggle
from nb_banana._widgets.timeline import timeline
from nb_banana.widgets import HistoryView

from .test_tray import eventually


@pytest.fixture(params=["history", "timeline"])
def surface(request, sandbox, photo):
    """`surface(lang=…)`: one of the surfaces, on a session of its own."""
    session = sandbox()

    def make(**how):
        if request.param == "history":
            return HistoryView(session=session, **how)
        return timeline(nb.chain(photo, session=session), **how)

    return make


def test_the_page_s_language_is_spoken_unless_one_was_chosen(surface):
    """A page in Chinese turns every label Chinese; a surface that was given a language keeps it."""
    free, chosen = surface(), surface(lang="en")
    titles = [view._title.value for view in (free, chosen)]
    assert titles[0] == titles[1]
    for view in (free, chosen):
        view._line._handle_custom_msg({"t": "page", "lang": "zh-CN"}, [])
    assert free._title.value in ("历史记录", "编辑链") and chosen._title.value == titles[1]
    assert free._line.strings["details"] == "详细信息" and chosen._line.strings["details"] == "Details"


def test_ctrl_enter_is_answered_at_once(surface, sent):
    """The page hears that its key press arrived, whatever follows from it."""
    view = surface()
    messages = sent(view._line)
    view._line._handle_custom_msg({"t": "run", "values": {}}, [])
    assert [message for message, _ in messages] == [{"t": "ack"}]


def test_a_page_that_was_cut_off_is_told_all_but_what_a_person_sets(sandbox, sent):
    """Every widget says its state again, what people type and choose excepted; then a click still waited for is answered."""
    panel = nb.panel(session=sandbox())
    messages = sent(panel.status)
    told = {one: [] for one in below(panel)}
    for one, states in told.items():
        one.send_state = states.append
    panel.status._handle_custom_msg({"t": "again"}, [])
    said = {one: set().union(*states) for one, states in told.items()}
    assert {"state", "text", "announce", "hint", "details"} <= said[panel.status]
    assert {"before", "after", "pending", "caption", "change"} <= said[panel.viewer]
    assert {"disabled", "description"} <= said[panel.run_button] & said[panel.stop_button]
    assert "value" in said[panel.sends] and {"items", "problems"} <= said[panel.tray]
    by_hand = {panel.prompt: "value", panel.model: "index", panel.viewer: "region", panel.takes: "index"}
    assert [name for one, name in by_hand.items() if name in said[one] or name not in one.keys] == []
    assert not any(name.startswith(("_esm", "_css")) for names in said.values() for name in names)
    assert [message for message, _ in messages] == [{"t": "ack"}]


def test_ctrl_enter_in_the_history_looks_again(sandbox, photo):
    """What was made since then is in the list."""
    session = sandbox()
    view = HistoryView(session=session)
    eventually(lambda: view._line.state == "empty")
    session.edit(photo, "Make it night")
    view._line._handle_custom_msg({"t": "run"}, [])
    eventually(lambda: view.list.count == 1)


class Saying(Surface):
    """A surface with one button that says where it stands."""

    said = traitlets.Unicode("")

    def tell(self):
        self.said = say("history_view.refresh")


def test_a_button_acts_in_its_surface_s_language(sandbox):
    """Two surfaces on one page may speak two languages; what a press says is in the right one."""
    heard = []
    for lang in ("zh", "en", None):
        view, button = Saying(sandbox(), lang), ipywidgets.Button()
        view._press(button, view.tell)
        button.click()
        heard.append(view.said)
    assert heard == ["刷新", "Refresh", "Refresh"]


def test_without_a_session_it_is_the_notebook_s_own_of_that_moment(clean_place):
    """A notebook may change its session; a surface made before follows."""
    view = Saying()
    for _ in range(2):
        nb.session(nb.Endpoint.sandbox())
        assert view.session is nb.session()


def test_class_names_come_from_a_table_and_hiding_is_a_class():
    """One widget or several get a name; a hidden one is found hidden and shown again."""
    one, two = ipywidgets.Label(), ipywidgets.Label()
    classify({"note": (one, two), "off": two})
    assert (one._dom_classes, two._dom_classes) == (("nb-banana-note",), ("nb-banana-note", "nb-banana-off"))
    assert (is_off(one), is_off(two)) == (False, True)
    toggle(two, True)
    toggle(one, False)
    assert (is_off(one), is_off(two)) == (True, False)
