"""Protocols as data, and how answers are read: whole or not at all."""

from __future__ import annotations

import json

import pytest
from judge_kit import asked, reply, scores, words

import nb_banana as nb
from nb_banana._judge.parsing import read
from nb_banana._judge.protocol import Ask, Scale, protocol_of
from nb_banana.errors import InvalidRequestError

TWO = Ask("q", "{instruction}", ("after",), (Scale("a", 0, 10), Scale("b", 1, 5, whole=True)))
READ = {
    '{"a": 3, "b": 4}': (3, 4),
    'Sure!\n```json\n{"reason": "{fine}", "a": "7.5", "b": 5}\n```': (7.5, 5),
    '<think>maybe {"a": 1, "b": 1}</think> {"a": 2, "b": 2}': (2, 2),
    'maybe {"a": 1, "b": 1}</think> {"a": 2, "b": 2}': (2, 2),
    '[THINK]<think>1</think> {"a": 1, "b": 1}</think>{"a": 2, "b": 2} <thought>{"a": 1, "b": 1}</thought>': (2, 2),
    '{"a": 3, "b": 4} and once more {"b": 4, "a": 3}': (3, 4),
    '[Reasoning]\nthe hat is red\n{"a": 3, "b": 4}': (3, 4),
    '{"reason": "the sign ends </think> so", "a": 3, "b": 4}': (3, 4),
    '{"reason": "it reads <think> big, [thought] in red", "a": 3, "b": 4}': (3, 4),
    '{"a": 3, "b": 4}\n</think>': (3, 4),
    '[THINK]maybe {"a": 1, "b": 1}[/THINK]{"a": 3, "b": 4}': (3, 4),
    '<think>{"a": 1, "b": 1}</think>\n{"reason": "no </think> here", "a": 3, "b": 4}': (3, 4),
}
UNREAD = [
    "", "   ", "8 and 4", '{"a": 3}', '{"a": 3, "b": 4', '{"a": 3, "b": 9}', '{"a": -1, "b": 2}', '{"a": 3, "b": 2.5}',
    '{"a": NaN, "b": 2}', '{"a": true, "b": 2}', '{"a": null, "b": 2}', '{"a": "3/10", "b": 2}', '{"a": [3], "b": 2}',
    '{"a": 3, "b": 4} no, {"a": 4, "b": 4}', '{"a": 3, "a": 9, "b": 4}', '{"answer": {"a": 3, "b": 4}}', '[3, 4]',
    '{"a": 1e400, "b": 2}', '{"a": <0-10>, "b": <1-5>}', '<think>maybe {"a": 1, "b": 1}, but let me look again',
    'Say {"a": 1, "b": 1}? No, the sky is wrong.</think>', '{"a": 1, "b": 1}?\n</think>\nThe sky is wrong.',
    '<think>first</think> <think>maybe {"a": 1, "b": 1}, but', '[THINK]maybe {"a": 1, "b": 1}, but',
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_a_whole_answer_is_read_however_it_is_wrapped(text):
    """JSON in prose, in a fence, after thoughts, twice the same: the numbers are those it names."""
    made = read(text, TWO, "json")
    assert made.status == "scored" and (made.scores["a"], made.scores["b"]) == READ[text]


@pytest.mark.parametrize("text", UNREAD)
def test_anything_less_is_no_score(text):
    """Half, cut, off the scale, no number, two readings: unparsable with a reason, and without a number."""
    made = read(text, TWO, "json")
    assert (made.status, made.scores) == ("unparsable", {}) and made.reason


def test_words_that_decline_are_a_refusal_unless_they_hold_the_scores():
    """A polite refusal is counted as one; an apology around a whole answer is an answer."""
    assert read("I'm sorry, I can't help with that.", TWO, "json").status == "refused"
    assert read('I\'m sorry, it is not good: {"a": 1, "b": 1}', TWO, "json").status == "scored"


def test_lines_are_read_for_prompts_that_ask_for_lines():
    """Decorated lines of a benchmark's form are read; a fraction, a second opinion and a missing line are not."""
    assert read("**A:** 7\n- b: 4", TWO, "lines").scores == {"a": 7, "b": 4}
    for text in ("A: 7/10\nb: 4", "A: 7\nA: 8\nb: 4", "A: 7", "<think>A: 7\nb: 4"):
        assert read(text, TWO, "lines").status == "unparsable"


def test_a_form_with_a_label_for_the_reasons_is_no_thought():
    """Answers to a rubric that asks for ``[Reasoning]: …`` above its score are read, and none of them is paid for in vain."""
    one = Ask("q", "{instruction}", ("after",), (Scale("Score", 1, 5),))
    for label in ("[Reasoning]:", "[Thought]", "[thinking]", "<Reasoning>:", "Reasoning: a sign <think> in red"):
        assert read(f"{label} the hat is red.\n[Score]: 4", one, "lines").scores == {"Score": 4}, label
    assert read("Score: 4\n</think>", one, "lines").scores == {"Score": 4}
    for text in ("<think>it is\nScore: 4\nor is it", "It is\nScore: 4?\n</think>", "Score: 4</think>It is fine."):
        assert read(text, one, "lines").status == "unparsable", text


def test_a_sign_beside_a_number_is_not_dropped():
    """Dashes that stand for a minus, a bare point and a ≤ leave a line unread; what only decorates a number leaves it read."""
    below = Ask("q", "{instruction}", ("after",), (Scale("Score", -5, 5),))
    for said in ("–3", "−3", ".5", "≤3", "? 3", "\n- 3", "3 %", "3/5", "3 ／ 5", "3 of 5", "~3"):
        assert read(f"Score: {said}", below, "lines").status == "unparsable", said
    for said in ("-3", "**-3**", "<-3>.", "\n`-3`", '"-3"'):
        assert read(f"Score: {said}", below, "lines").scores == {"Score": -3}, said
    for said in ("4。", "4!", "4 ✓", "{4}", "$4$", "「4」", "（4）", "4…", "4 -", "4 |\n| --- |\n"):
        assert read(f"| Score: {said}", below, "lines").scores == {"Score": 4}, said


def test_our_protocols_ask_in_words_of_their_own_and_make_the_weaker_half_count(photo, session, fake, at):
    """``edit``: O = sqrt(min(followed, kept) * min(natural, clean)), in exact figures; the quality is asked blind."""
    plan = nb.compare(photo, "make it red", session=session).run()
    told = {"followed": 9, "kept": 4, "natural": 10, "clean": 9, "reason": "looked"}
    fake.answer = lambda *_: (200, reply(json.dumps(told)))
    judged = plan.judge(nb.Judge("judge-1", at, name="j"))
    figures = {name.removeprefix("j_"): values[0] for name, values in judged.figures.items()}
    assert figures == {"followed": 9, "kept": 4, "semantic": 4, "natural": 10, "clean": 9, "quality": 9, "overall": 6}
    assert sorted(asked(body) for body in fake.bodies) == ["", "make it red"]


def test_dimensions_with_rubrics_in_a_file_become_one_question(photo, session, fake, at, clean_place):
    """A person's dimensions are asked with their rubrics, each on its own scale, and their mean is the whole."""
    path = clean_place / "product.toml"
    path.write_text(
        'name = "product"\nversion = 2\n[[dimension]]\nname = "label"\nlow = 1\nhigh = 5\nrubric = "Is the label readable?"\n'
        '[[dimension]]\nname = "shape"\nlow = 1\nhigh = 5\nrubric = "Is the bottle the same?"\n', encoding="utf-8",
    )  # fmt: skip
    plan = nb.compare(photo, "a {pictures} red bottle", session=session).run()
    fake.answer = lambda *_: (200, reply('{"label": 5, "shape": 2, "reason": ""}'))
    assert plan.judge(nb.Judge("judge-1", at, path, name="j")).figures == {"j_label": [5], "j_shape": [2], "j_overall": [3.5]}
    said = words(fake.bodies[0])
    assert '"label" (1 to 5): Is the label readable?' in said and "a {pictures} red bottle" in said
    assert said.endswith('{"reason": "<one sentence>", "label": <1-5>, "shape": <1-5>}')


def test_a_benchmarks_prompt_is_read_from_where_it_lies_and_sent_as_it_is(photo, session, fake, at, clean_place):
    """A prompt by the column, the benchmark's own mark for the instruction, its own form of answer: not a word is added."""
    path = clean_place / "prompts.json"
    path.write_text(json.dumps({"add": "Rate adding <edit_prompt>.\nScore: 1-5", "remove": "Rate removing <edit_prompt>."}))
    rows = [{"image": str(photo), "prompt": "[[a hat]]", "task": "add"}, {"image": str(photo), "prompt": "[[a cup]]", "task": "remove"}]
    plan = nb.compare(rows, session=session).run()
    rules = nb.Judge.rubric(path, {"Score": (1, 5)}, instruction="<edit_prompt>", by="task")
    fake.answer = lambda _, body: (200, reply("Brief reasoning: fine\nScore: 4" if "adding" in words(body) else "Score: four"))
    judged = plan.judge(nb.Judge("judge-1", at, rules, name="j"))
    assert judged.figures == {"j_Score": [4, None], "j_overall": [4, None]}
    assert sorted(map(words, fake.bodies)) == ["Rate adding [[a hat]].\nScore: 1-5", "Rate removing [[a cup]]."]


def test_a_benchmarks_prompt_for_json_is_sent_as_it_is_too(photo, session, fake, at, clean_place):
    """A prompt that says itself which JSON it wants gets no second form behind it; its answers are read."""
    path = clean_place / "rubric.txt"
    path.write_text('Rate <edit_prompt>. Reply {"Score": 1-5}.')
    rules = nb.Judge.rubric(path, {"Score": (1, 5)}, instruction="<edit_prompt>", parser="json")
    fake.answer = lambda _, body: (200, reply('{"Score": 4}'))
    judged = nb.compare(photo, "a hat", session=session).run().judge(nb.Judge("judge-1", at, rules, name="j"))
    assert [words(body) for body in fake.bodies] == ['Rate a hat. Reply {"Score": 1-5}.']
    assert judged.figures["j_Score"] == [4]


def test_a_rubric_that_would_judge_blind_is_refused(photo, session, at, clean_place):
    """One prompt of several without the instruction, or a task without a prompt: an error that names it, nothing sent."""
    path = clean_place / "prompts.json"
    path.write_text(json.dumps({"add": "Rate <edit_prompt>.", "remove": "Rate it."}))
    with pytest.raises(InvalidRequestError, match="<edit_prompt>"):
        nb.Judge.rubric(path, {"Score": (1, 5)}, instruction="<edit_prompt>", by="task")
    path.write_text(json.dumps({"add": "Rate <edit_prompt>."}))
    rules = nb.Judge.rubric(path, {"Score": (1, 5)}, instruction="<edit_prompt>", by="task")
    plan = nb.compare([{"image": str(photo), "prompt": "a hat", "task": "replace"}], session=session).run()
    with pytest.raises(InvalidRequestError, match="task='replace'"):
        plan.judge(nb.Judge("judge-1", at, rules))


def test_a_rubrics_further_marks_are_filled_from_columns_and_never_left_empty(photo, session, fake, at, clean_place):
    """A reference of the plan's table stands where the rubric has its mark; words that look like marks are words; empty is refused."""
    path = clean_place / "rubric.txt"
    path.write_text("Wanted: {reference}. Told: [[{instruct}]]")
    rules = nb.Judge.rubric(path, {"Score": (1, 5)}, instruction="{instruct}", fill={"{reference}": "reference"})
    rows = [{"image": str(photo), "prompt": "a hat {reference}", "reference": "a cat {instruct}"}]
    fake.answer = lambda *_: (200, reply("Score: 4"))
    nb.compare(rows, session=session).run().judge(nb.Judge("judge-1", at, rules))
    assert words(fake.bodies[0]) == "Wanted: a cat {instruct}. Told: [[a hat {reference}]]"
    rows[0]["reference"] = " "
    with pytest.raises(InvalidRequestError, match="'reference'"):
        nb.compare(rows, session=session).run().judge(nb.Judge("judge-1", at, rules))
    assert fake.posts.total() == 1


@pytest.mark.parametrize(("text", "named"), [
    ('name = "x"\nversion = 1\n[[ask]]\nname = "q"\npictures = ["after"]\nprompt = "Good?"\nscore = [{name = "a"}]', "instruction"),
    ('name = "x"\nversion = 1\n[[ask]]\nname = "q"\npictures = ["front"]\nprompt = "{instruction}"\nscore = [{name = "a"}]', "front"),
    ('name = "x"\nversion = 1\n[[ask]]\nname = "q"\npictures = ["after"]\nprompt = "{instruction}"', "'q'"),
    ('name = "x"\nversion = 1\n[[ask]]\nname = "q"\npictures = ["after"]\nprompt = "{instruction}"\nscore = [{name = "a", low = 5, high = 1}]', "5"),
    ('name = "x"\nversion = 1\nasks = 1', "asks"), ('name = "x', "x.toml"), ('name = "x"\nversion = 1', "asks nothing"),
])  # fmt: skip
def test_a_protocol_that_can_not_be_asked_is_refused_by_name(clean_place, text, named):
    """No place for the instruction, an unknown picture, no scores, a scale upside down, an unknown field, broken TOML."""
    path = clean_place / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRequestError, match=named):
        protocol_of(path)


TWO_ASKS = '''
name = "two"
version = 1
overall = "mean"
parser = "json"
[[ask]]
name = "a"
fill = {}
pictures = ["after"]
prompt = "A? {instruction}"
score = [{ name = "x", low = 0, high = 10 }]
[[ask]]
name = "b"
pictures = ["after"]
prompt = "B? {instruction}"
score = [{ name = "y", low = 0, high = 10 }]
'''


@pytest.mark.parametrize(("was", "given", "named"), [
    ('overall = "mean"', 'overall = "geomean"', "overall='geomean'"), ('overall = "mean"', 'overall = 5', "overall=5"),
    ('parser = "json"', 'parser = "yaml"', "parser='yaml'"), ("fill = {}", 'fill = "x"', "fill='x'"),
    ("fill = {}", 'fill = { mark = 5 }', "mark"), ('name = "a"', "name = 5", "name=5"), ("fill = {}", "instruction = 5", "instruction=5"),
    ('overall = "mean"', 'overall = "geometric"', None),
])  # fmt: skip
def test_a_files_word_that_nobody_knows_is_refused_before_a_question_is_paid_for(clean_place, was, given, named):
    """What makes one figure, how answers are read and what is filled in are checked like the rest: by name, and not guessed at."""
    path = clean_place / "two.toml"
    text = TWO_ASKS.replace(was, given)
    assert text != TWO_ASKS
    path.write_text(text, encoding="utf-8")
    if named is None:
        assert nb.Judge("m", protocol=path).rules.overall == "geometric"
        path.write_text(text.replace("low = 0", "low = -5"), encoding="utf-8")
        named = "'two' can't take a geometric mean"
    with pytest.raises(InvalidRequestError, match=named):
        nb.Judge("m", protocol=path)


@pytest.mark.parametrize("scores", [{"Score": 5}, ["Score"], {"Score": (1,)}, {"Score": (1, 5, True, 3)}, {"Score": "15"}, None])
def test_scores_of_a_rubric_that_are_none_are_refused_with_an_example(clean_place, scores):
    """A lone number, a list of names, too few or too many ends: an error that shows the form."""
    (clean_place / "r.txt").write_text("Score it: {instruction}")
    with pytest.raises(InvalidRequestError, match=r"Score"):
        nb.Judge.rubric("r.txt", scores)


@pytest.mark.parametrize("given", [
    {"model": ""}, {"longest_edge": 10}, {"temperature": 3}, {"passes": 0}, {"seed": -1}, {"price": "free"},
    {"protocol": "viescore"}, {"endpoint": "https://x"}, {"protocol": "missing.toml"},
])  # fmt: skip
def test_a_judge_that_can_not_be_is_refused_by_the_value(given):
    """Every field is checked when it is made, not when money is spent."""
    with pytest.raises(InvalidRequestError, match=next(iter(given.values())) if "protocol" in given else "."):
        nb.Judge(**{"model": "m"} | given)


def test_an_answer_that_changes_is_told_apart_by_its_protocols_hash(one):
    """The hash of a protocol follows its words, not the file it came from."""
    before = protocol_of(one)
    copy = one.with_name("copy.toml")
    copy.write_text(one.read_text(encoding="utf-8"), encoding="utf-8")
    assert protocol_of(copy).sha256 == before.sha256
    copy.write_text(one.read_text(encoding="utf-8").replace("Was it done?", "Is it done?"), encoding="utf-8")
    assert protocol_of(copy).sha256 != before.sha256 and scores(1, 2)
