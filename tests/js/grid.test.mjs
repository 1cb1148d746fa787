import assert from "node:assert/strict";
import { test } from "node:test";
import { cellTo, inSight, laid, matching, placeOf, sorted } from "../../nb_banana/_widgets/static/gridmath.js";

// two pictures × two prompts × three models, as Python sends it; the third model lacks the last prompt
const column = (name, values, at) => ({ name, title: name, values, at });
const plan = {
  count: 11, rows: ["image", "prompt"], beside: ["model"], inputs: [0, 6],
  columns: [
    column("image", ["cat", "dog"], [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]),
    column("prompt", ["snow", "夜晚"], [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1]),
    column("model", ["pro", "flash", "old"], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]),
    column("own:score", [10, 9, ""], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]),
  ],
};
const cells = Array.from({ length: 11 }, (_, cell) => (cell % 2 ? [1, "$0.04 · 2 s", cell / 100, 20 - cell] : cell === 4 ? [2, "blocked for safety", null, null] : [0, "", null, null]));
const held = { plan, cells, marks: { 3: [true, ""], 5: [false, "Too dark"] } };
const found = (filter, only = {}) => matching(held, { filter, only, sort: "" }, (status) => status);
const all = [...plan.columns[0].at.keys()];

test("words must all occur, in any column, the outcome, its words or the note; in any language and case", () => {
  assert.deepEqual(found("CAT 夜晚"), [3, 4, 5]);
  assert.deepEqual(found("safety"), [4]);
  assert.deepEqual(found("too dark"), [5]);
  assert.deepEqual(found("done dog"), [7, 9]);
  assert.deepEqual(found("nowhere"), []);
});

test("values of one column add up, those of several narrow; outcome and marks are columns too", () => {
  assert.deepEqual(found("", { model: ["pro", "old"], image: ["cat"] }), [0, 2, 3, 5]);
  assert.deepEqual(found("", { outcome: ["failed"] }), [4]);
  assert.deepEqual(found("", { mark: ["star", "note"] }), [3, 5]);
  assert.deepEqual(found("", { "own:score": [9] }), [1, 4, 7, 10]);
  assert.equal(found("", { model: [] }).length, 11);
});

test("numbers sort as numbers, either way; what has no value comes last; ties keep the plan's order", () => {
  assert.deepEqual(sorted(held, all, "cost").slice(0, 5), [1, 3, 5, 7, 9]);
  assert.deepEqual(sorted(held, all, "-cost"), [9, 7, 5, 3, 1, 0, 2, 4, 6, 8, 10]);
  assert.deepEqual(sorted(held, [0, 1, 2], "own:score"), [1, 0, 2]);
  assert.deepEqual(sorted(held, [0, 1, 2], "-own:score"), [0, 1, 2]);
  assert.deepEqual(sorted(held, all, "star")[0], 3);
  assert.deepEqual(sorted(held, all, ""), all);
});

test("rows are pictures and prompts, columns the rest; a combination that is not in the plan is a gap", () => {
  const { rows, columns, wrapped } = laid(plan, all, 5);
  assert.deepEqual([rows, columns, wrapped], [[[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, -1]], [0, 1, 2], false]);
  assert.deepEqual(laid(plan, [4, 10], 5), { rows: [[4], [10]], columns: [4], wrapped: false });
  assert.deepEqual(laid(plan, [9, 0, 1], 5).rows, [[9, -1], [0, 1]]);
  assert.deepEqual(laid({ ...plan, columns: plan.columns.map((one) => ({ ...one, at: one.at.map(() => 0) })) }, [0, 1], 5).rows, [[0], [1]]);
});

test("where only one side varies the cells wrap", () => {
  const { rows, wrapped } = laid({ ...plan, beside: [] }, all, 4);
  assert.deepEqual([rows, wrapped], [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]], true]);
});

test("arrows walk both ways, over gaps, and stay at the ends; Home and End end a row, with Ctrl all of it", () => {
  const layout = laid(plan, all, 5);
  const to = (cell, key, ...more) => cellTo(layout, cell, key, ...more);
  assert.deepEqual([to(0, "ArrowRight"), to(1, "ArrowDown"), to(4, "ArrowLeft"), to(4, "ArrowUp")], [1, 4, 3, 1]);
  assert.deepEqual([to(8, "ArrowDown"), to(10, "ArrowRight"), to(0, "ArrowUp"), to(2, "ArrowRight")], [8, 10, 0, 2]);
  assert.deepEqual([to(4, "Home"), to(9, "End"), to(4, "Home", 3, true), to(0, "End", 3, true)], [3, 10, 0, 10]);
  assert.deepEqual([to(1, "PageDown", 2), to(7, "PageUp", 9), to(0, "x")], [7, 1, null]);
  const wrapped = laid({ ...plan, beside: [] }, all, 4);
  assert.equal(cellTo(wrapped, 7, "ArrowDown"), 10);
  assert.deepEqual(placeOf(wrapped, 9), [2, 1]);
  assert.equal(placeOf(wrapped, 77), null);
});

test("of ten thousand rows only those in sight are on the page", () => {
  assert.deepEqual(inSight(0, 600, 180, 10_000), [0, 6]);
  assert.deepEqual(inSight(180_000, 600, 180, 10_000), [998, 1006]);
  assert.deepEqual(inSight(1e9, 600, 180, 10), [10, 10]);
});
