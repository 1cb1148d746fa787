import assert from "node:assert/strict";
import { test } from "node:test";
import { again, arrow, drawn, fine, kept, paint, standing, stepped, thinned } from "../../nb_banana/_widgets/static/shapes.js";

/** A canvas context that notes what is asked of it. */
function noting() {
  const calls = [];
  const ctx = new Proxy({}, {
    get: (own, name) => (name in own ? own[name] : (...args) => calls.push([name, ...args])),
    set: (own, name, value) => { own[name] = value; calls.push([name, value]); return true; },
  });
  return { ctx, calls };
}

test("a long stroke is kept in under 2 KB and stays where it was drawn", () => {
  const points = Array.from({ length: 3000 }, (_, n) => [n / 3000, 0.5 + 0.3 * Math.sin(n / 60)]).flat();
  const shape = kept({ kind: "brush", points, width: 0.04, colour: "red" });
  assert.ok(JSON.stringify(shape).length < 2048);
  const p = shape.points;
  assert.deepEqual([p[0], p[1]], [0, 0.5]);
  for (let n = 0; n < points.length; n += 200) {
    const near = Math.min(...Array.from({ length: p.length / 2 - 1 }, (_, k) => {
      const [x, y, u, v] = p.slice(2 * k, 2 * k + 4);
      const t = Math.max(0, Math.min(1, ((points[n] - x) * (u - x) + (points[n + 1] - y) * (v - y)) / ((u - x) ** 2 + (v - y) ** 2 || 1)));
      return Math.hypot(points[n] - x - t * (u - x), points[n + 1] - y - t * (v - y));
    }));
    assert.ok(near < 0.02, String(near));
  }
});

test("a straight stroke is its two ends, and a dot stays a dot", () => {
  assert.deepEqual(thinned([0, 0, 0.25, 0.25, 0.5, 0.5, 1, 1]), [0, 0, 1, 1]);
  assert.deepEqual(thinned([0.5, 0.5]), [0.5, 0.5]);
});

test("points are shares of the picture in four digits and never outside of it", () => {
  assert.equal(fine(0.123456), 0.1235);
  assert.deepEqual(kept({ kind: "box", points: [-1, 0.2, 2, 0.4], colour: "red" }).points, [0, 0.2, 1, 0.4]);
});

test("a mere click is no box, no arrow and no lasso, but a dot of the brush", () => {
  for (const kind of ["box", "arrow"]) assert.equal(kept({ kind, points: [0.5, 0.5, 0.501, 0.501], colour: "red" }), null);
  assert.equal(kept({ kind: "lasso", points: [0.5, 0.5], colour: "red" }), null);
  assert.equal(kept({ kind: "text", points: [0.5, 0.5], text: " ", width: 0.02, colour: "red" }), null);
  assert.deepEqual(kept({ kind: "eraser", points: [0.5, 0.5], width: 0.1, colour: "red" }), { kind: "eraser", points: [0.5, 0.5], width: 0.1 });
});

test("undo takes the last thing away, also a clear; redo brings it back until something new is drawn", () => {
  const [a, b, clear] = [{ kind: "box", points: [0, 0, 1, 1] }, { kind: "arrow", points: [0, 0, 1, 1] }, { kind: "clear", points: [] }];
  const log = { shapes: [a, b, clear], undone: [] };
  assert.deepEqual(standing(log.shapes), []);
  const back = stepped(log);
  assert.deepEqual(standing(back.shapes), [a, b]);
  assert.deepEqual(again(back), log);
  assert.deepEqual(stepped(back), { shapes: [a], undone: [clear, b] });
  assert.deepEqual(drawn(stepped(back), a), { shapes: [a, a], undone: [] });
  assert.deepEqual(stepped({ shapes: [], undone: [] }), { shapes: [], undone: [] });
});

test("an arrow ends in its tip and its shaft inside of the head", () => {
  const { foot, head } = arrow([0, 0, 100, 0], 5);
  assert.deepEqual(head[0], [100, 0]);
  assert.ok(foot[0] > head[1][0] - 5 && foot[0] < 100 && foot[1] === 0);
  assert.ok(Math.abs(head[1][1] + head[2][1]) < 1e-9 && head[1][1] !== 0);
});

test("a stroke is painted as one line half seen through, an eraser takes away, a label has a rim", () => {
  const stroke = noting();
  paint(stroke.ctx, { kind: "brush", points: [0, 0, 0.5, 0.5], width: 0.1, colour: "blue" }, 200, 100);
  assert.ok(stroke.calls.some(([name, value]) => name === "globalAlpha" && value === 0.5));
  assert.ok(stroke.calls.some(([name, value]) => name === "lineWidth" && value === 20));
  assert.equal(stroke.calls.filter(([name]) => name === "stroke").length, 1);
  const eraser = noting();
  paint(eraser.ctx, { kind: "eraser", points: [0, 0], width: 0.1 }, 200, 100);
  assert.ok(eraser.calls.some(([name, value]) => name === "globalCompositeOperation" && value === "destination-out"));
  const label = noting();
  paint(label.ctx, { kind: "text", points: [0.5, 0.5], text: "hat", width: 0.02, colour: "red" }, 200, 100);
  assert.deepEqual(label.calls.filter(([name]) => /Text$/.test(name)), [["strokeText", "hat", 100, 50], ["fillText", "hat", 100, 50]]);
});
