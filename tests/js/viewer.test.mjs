import assert from "node:assert/strict";
import { test } from "node:test";
import { actualScale, fitted, panned, settled, zoomed } from "../../nb_banana/_widgets/static/viewer.js";

const FIT = { s: 1, x: 0, y: 0 };
/** Where a point of the picture, in parts of the fitted picture, stands in the frame. */
const at = (view, px, py) => [view.x + px * view.s, view.y + py * view.s];

test("zooming keeps the point under the pointer where it is", () => {
  const near = zoomed(zoomed(FIT, 2, 0.25, 0.75), 3, 0.5, 0.5);
  const point = [(0.5 - near.x) / near.s, (0.5 - near.y) / near.s];
  const [x, y] = at(zoomed(near, 1.5, 0.5, 0.5), ...point);
  assert.ok(Math.abs(x - 0.5) < 1e-9 && Math.abs(y - 0.5) < 1e-9);
});

test("zooming out never leaves the fitted picture, and zooming in ends somewhere", () => {
  assert.deepEqual(zoomed(zoomed(FIT, 4, 0.1, 0.1), 1 / 100, 0.9, 0.9), FIT);
  assert.equal(zoomed(FIT, 1e9).s, 32);
});

test("panning stops at the picture's edge", () => {
  const view = zoomed(FIT, 2);
  assert.deepEqual(panned(view, 9, -9), { s: 2, x: 0, y: -1 });
  assert.deepEqual(panned(FIT, 0.3, 0.3), FIT);
  assert.deepEqual(settled({ s: 0.5, x: 3, y: -3 }), FIT);
});

test("100 % is one picture pixel per screen pixel, also on a dense screen and for a small picture", () => {
  assert.equal(actualScale({ width: 2752, height: 1536 }, 688, 384, 1), 4);
  assert.equal(actualScale({ width: 2752, height: 1536 }, 688, 384, 2), 2);
  assert.equal(actualScale({ width: 100, height: 100 }, 688, 384, 1), 1);
});

test("a picture of another shape stands whole and centred in the frame", () => {
  assert.deepEqual(fitted({ width: 100, height: 100 }, { width: 200, height: 100 }), { width: "50%", height: "100%", left: "25%", top: "0%" });
  assert.deepEqual(fitted({ width: 400, height: 100 }, { width: 200, height: 100 }), { width: "100%", height: "50%", left: "0%", top: "25%" });
});
