import assert from "node:assert/strict";
import { test } from "node:test";
import { meant, SAID } from "../../nb_banana/_widgets/static/rating.js";

const key = (name, more = {}) => ({ key: name, ...more });

test("each key of a pair is one vote, in either case, and a held key is none", () => {
  assert.deepEqual(["1", "2", "0", "b", "S"].map((name) => meant(key(name), "pairs")?.vote?.choice), ["left", "right", "tie", "both_bad", "skip"]);
  assert.equal(meant(key("1", { repeat: true }), "pairs"), null);
  for (const name of ["3", "x", "Enter", "toString"]) assert.equal(meant(key(name), "pairs"), null);
});

test("one result has one to five stars or a skip", () => {
  assert.deepEqual(["1", "5", "s", "0", "b"].map((name) => meant(key(name), "single")?.vote ?? null), [{ score: 1 }, { score: 5 }, { choice: "skip" }, null, null]);
  assert.equal(Object.keys(SAID.single).length, 6);
});

test("U and Ctrl or Command with Z take back; other keys of the browser stay its own", () => {
  for (const more of [[key("u")], [key("z", { ctrlKey: true })], [key("z", { metaKey: true })]]) assert.deepEqual(meant(more[0], "pairs"), { undo: true });
  for (const more of [key("s", { ctrlKey: true }), key("1", { metaKey: true }), key("1", { altKey: true }), key("z"), key("z", { ctrlKey: true, repeat: true })]) assert.equal(meant(more, "pairs"), null);
});

test("plus, minus and arrows look closer, also while they are held", () => {
  assert.deepEqual([meant(key("+"), "pairs"), meant(key("-", { repeat: true }), "single")], [{ zoom: 1.5 }, { zoom: 1 / 1.5 }]);
  assert.deepEqual(meant(key("ArrowLeft", { repeat: true }), "pairs"), { pan: [0.1, 0] });
});
