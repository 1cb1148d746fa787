import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn } from "../../nb_banana/_widgets/static/seed.js";

test("dice draw whole numbers from 0 to 2147483647, the limits among them, from every bit the page gives", () => {
  /** @param {number} bits */
  const of = (bits) => drawn((box) => { box[0] = bits; });
  assert.deepEqual([0, 1, 2, 2 ** 31, 2 ** 32 - 1].map(of), [0, 0, 1, 2 ** 30, 2 ** 31 - 1]);
  const several = Array.from({ length: 50 }, () => drawn());
  assert.ok(several.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31));
  assert.ok(new Set(several).size > 45);
});
