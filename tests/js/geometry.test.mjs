import assert from "node:assert/strict";
import { test } from "node:test";
import { actualScale, adjusted, between, fitted, inPicture, panned, settled, zoomed } from "../../nb_banana/_widgets/static/geometry.js";

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
  assert.deepEqual(fitted({ width: 100, height: 100 }, { width: 200, height: 100 }), { left: 0.25, top: 0, width: 0.5, height: 1 });
  assert.deepEqual(fitted({ width: 400, height: 100 }, { width: 200, height: 100 }), { left: 0, top: 0.25, width: 1, height: 0.5 });
});

test("a point of the frame is found in the picture, zoomed, panned, with margins, and never outside of it", () => {
  const margins = { left: 0.25, top: 0, width: 0.5, height: 1 };
  assert.deepEqual(inPicture(FIT, margins, [0.5, 0.5]), [0.5, 0.5]);
  assert.deepEqual(inPicture(FIT, margins, [0.1, 2]), [0, 1]);
  const view = zoomed(FIT, 4, 0.5, 0.5);
  const [x, y] = inPicture(view, margins, at(view, 0.375, 0.25));
  assert.ok(Math.abs(x - 0.25) < 1e-9 && Math.abs(y - 0.25) < 1e-9);
});

test("a region lies between two points, whichever comes first; a click is none", () => {
  assert.deepEqual(between([0.75, 0.2], [0.25, 0.6]), [0.25, 0.2, 0.5, 0.4]);
  assert.equal(between([0.5, 0.5], [0.502, 0.9]), null);
});

test("a region drawn to the right or the bottom edge ends there, and not beyond", () => {
  const whole = fitted({ width: 1, height: 1 }, { width: 1, height: 1 });
  for (const wide of [320, 333, 800]) {
    for (let px = 0; px < wide - 10; px++) {
      const [left, top, width, height] = between(inPicture(FIT, whole, [px / wide, px / wide]), inPicture(FIT, whole, [1.02, 1.02]));
      assert.ok(left + width < 1 + 1e-9 && top + height < 1 + 1e-9, `from ${px} of ${wide}: ${left} + ${width}`);
      assert.ok(left + width > 1 - 1e-9);
    }
  }
});

test("typed numbers keep the region inside the picture", () => {
  assert.deepEqual(adjusted(null, 0, 0.2), [0.2, 0, 0.8, 1]);
  assert.deepEqual(adjusted([0.2, 0, 0.8, 1], 2, 0.9), [0.1, 0, 0.9, 1]);
  assert.deepEqual(adjusted([0.2, 0, 0.8, 1], 3, -4), [0.2, 0, 0.8, 0.01]);
  assert.deepEqual(adjusted([0.2, 0, 0.8, 1], 1, 7), [0.2, 0.99, 0.8, 0.01]);
  assert.deepEqual(adjusted([0.2, 0, 0.8, 1], 0, Number.NaN), [0, 0, 0.8, 1]);
});
