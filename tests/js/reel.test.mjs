import assert from "node:assert/strict";
import { test } from "node:test";
import { tileTo } from "../../nb_banana/_widgets/static/reel.js";

test("arrows walk the strip and stop at its ends; other keys lead nowhere", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End"].map((key) => tileTo(key, 1, 4)), [2, 0, 0, 3]);
  assert.deepEqual([tileTo("ArrowRight", 3, 4), tileTo("ArrowLeft", 0, 4)], [3, 0]);
  assert.deepEqual([tileTo("Enter", 1, 4), tileTo("End", -1, 0)], [null, null]);
});
