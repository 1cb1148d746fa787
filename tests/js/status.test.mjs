import assert from "node:assert/strict";
import { test } from "node:test";
import { command, onScreen } from "../../nb_banana/_widgets/static/status.js";

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

test("a run takes the values that stand on the screen; a control that is not there is left out", () => {
  const fields = {
    ".nb-banana-prompt textarea": { value: "make it night" },
    ".nb-banana-aspect_ratio select": { selectedIndex: 1, options: [{ text: "Auto" }, { text: "16:9" }] },
    ".nb-banana-takes select": { selectedIndex: -1, options: [] },
  };
  assert.deepEqual(onScreen({ querySelector: (selector) => fields[selector] ?? null }),
    { prompt: "make it night", aspect_ratio: "16:9" });
});
