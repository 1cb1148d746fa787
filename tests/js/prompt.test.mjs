import assert from "node:assert/strict";
import { test } from "node:test";
import { blankAt, walked } from "../../nb_banana/_widgets/static/prompt.js";
import { command } from "../../nb_banana/_widgets/static/panel.js";
import { teller } from "../../nb_banana/_widgets/static/sheet.js";

test("a walk through earlier prompts comes back to the draft, keeps what was changed on the way, and ends at both ends", () => {
  const start = { texts: ["a draft", "newer", "older"], at: 0 };
  const one = walked(start, "a draft, longer", 1);
  assert.deepEqual(one, { texts: ["a draft, longer", "newer", "older"], at: 1 });
  const two = walked(one, "newer, changed", 1);
  assert.equal(two.texts[two.at], "older");
  assert.equal(walked(two, "older", 1), null);
  const back = walked(walked(two, "older", -1), "newer, changed", -1);
  assert.deepEqual(back, { texts: ["a draft, longer", "newer, changed", "older"], at: 0 });
  assert.equal(walked(back, "", -1), null);
});

test("the next blank is one of the names that are known, from the caret on or before it; other braces are none", () => {
  const text = "Add {hat} to {who}, {x} and {hat}";
  assert.deepEqual(blankAt(text, ["hat", "who"], 0), [4, 9]);
  assert.deepEqual(blankAt(text, ["hat", "who"], 9), [13, 18]);
  assert.deepEqual(blankAt(text, ["hat", "who"], 18), [28, 33]);
  assert.equal(blankAt(text, ["hat", "who"], 29), null);
  assert.deepEqual(blankAt(text, ["hat", "who"], 13, true), [4, 9]);
  assert.equal(blankAt(text, ["hat", "who"], 4, true), null);
  assert.equal(blankAt(text, [], 0), null);
});

test("? asks for the sheet of keys, Alt and an arrow for a step; plain arrows ask for nothing", () => {
  assert.deepEqual(["ArrowLeft", "ArrowRight", "ArrowUp"].map((key) => command({ key, altKey: true })), ["back", "forth", null]);
  assert.equal(command({ key: "ArrowLeft" }), null);
  assert.equal(command({ key: "?" }), "sheet");
  assert.equal(command({ key: "?", isComposing: true }), null);
});

test("only a long run that ends in a hidden tab, in a browser that was asked to, is told of: its state, no prompt", (context) => {
  const told = [];
  const page = { hidden: true, title: "cats.ipynb" };
  const asked = { getItem: () => "yes" };
  class Told { static permission = "granted"; constructor(...words) { told.push(words); } }
  Object.assign(globalThis, { document: page, localStorage: asked, Notification: Told });
  context.after(() => { for (const name of ["document", "localStorage", "Notification"]) delete globalThis[name]; });
  let now = 0;
  context.mock.method(Date, "now", () => now += 1000);
  const run = (seconds, end) => {
    const hear = teller((key) => key);
    hear("loaded");
    hear("running");
    now += seconds * 1000;
    hear("long");
    hear(end);
  };
  run(30, "done");
  run(30, "error");
  assert.deepEqual(told, [["told_done", { body: "cats.ipynb", tag: "nb_banana_tell" }], ["told_other", { body: "cats.ipynb", tag: "nb_banana_tell" }]]);
  run(5, "done");
  page.hidden = false;
  run(30, "done");
  page.hidden = true;
  Told.permission = "denied";
  run(30, "done");
  Told.permission = "granted";
  asked.getItem = () => null;
  run(30, "done");
  assert.equal(told.length, 2);
});
