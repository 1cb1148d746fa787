import assert from "node:assert/strict";
import { test } from "node:test";
import { stepTo } from "../../nb_banana/_widgets/static/timeline.js";

// 0 ─ 1 ─ 2 ─ 3        as Python lays it out: lane by lane
//     └─ 4 ─ 5
const steps = [-1, 0, 1, 2, 1, 4].map((parent, index) => ({ parent, lane: index > 3 ? 1 : 0 }));

test("left goes to the picture a step was made from, right to the first made from it", () => {
  assert.equal(stepTo("ArrowLeft", 4, steps), 1);
  assert.equal(stepTo("ArrowLeft", 0, steps), 0);
  assert.equal(stepTo("ArrowRight", 1, steps), 2);
  assert.equal(stepTo("ArrowRight", 4, steps), 5);
  assert.equal(stepTo("ArrowRight", 3, steps), 3);
});

test("up, down, home and end walk the tree in its order; other keys lead nowhere", () => {
  assert.equal(stepTo("ArrowDown", 3, steps), 4);
  assert.equal(stepTo("ArrowUp", 4, steps), 3);
  assert.deepEqual([stepTo("Home", 4, steps), stepTo("End", 0, steps)], [0, 5]);
  assert.equal(stepTo("b", 0, steps), null);
});
