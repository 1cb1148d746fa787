import assert from "node:assert/strict";
import { test } from "node:test";
import { command, onScreen } from "../../nb_banana/_widgets/static/panel.js";

test("Ctrl+Enter and ⌘+Enter run, Escape stops, other keys are left alone", () => {
  assert.equal(command({ key: "Enter", ctrlKey: true }), "run");
  assert.equal(command({ key: "Enter", metaKey: true }), "run");
  assert.equal(command({ key: "Enter" }), null);
  assert.equal(command({ key: "Escape" }), "stop");
  assert.equal(command({ key: "b" }), null);
});

test("a key that belongs to an input method never runs anything: Enter there accepts a word", () => {
  assert.equal(command({ key: "Enter", ctrlKey: true, isComposing: true }), null);
  assert.equal(command({ key: "Enter", ctrlKey: true, keyCode: 229 }), null);
  assert.equal(command({ key: "Escape", isComposing: true }), null);
});

test("a run takes what stands on the screen, menus by place and length and never by their words, boxes by what is typed; what is not there is left out", () => {
  const same = { get text() { throw new Error("words are for people"); } };
  const fields = {
    ".nb-banana-prompt textarea": { value: "make it night" },
    ".nb-banana-aspect_ratio select": { selectedIndex: 1, options: [same, same] },
    ".nb-banana-takes select": { selectedIndex: -1, options: [] },
    ".nb-banana-seed input": { value: "17" },
  };
  const panel = { querySelector: (selector) => fields[selector] ?? null };
  assert.deepEqual(onScreen(panel), { prompt: "make it night", menus: { aspect_ratio: { at: 1, of: 2 } }, boxes: { seed: "17" } });
  delete fields[".nb-banana-prompt textarea"];
  assert.deepEqual(onScreen(panel), { menus: { aspect_ratio: { at: 1, of: 2 } }, boxes: { seed: "17" } });
});
