import assert from "node:assert/strict";
import { test } from "node:test";
import { dragged, framed, turnedBox } from "../../nb_banana/_widgets/static/large.js";
import { labPaths, spaced } from "../../nb_banana/_widgets/static/tray.js";
import { PIECE, pieces, transfer } from "../../nb_banana/_widgets/static/uploads.js";

test("a piece is at most 1 MB, far under the 10 MiB at which Jupyter's connection dies", () => {
  assert.ok(PIECE <= 1_000_000);
  assert.deepEqual([0, 1, PIECE, PIECE + 1, 60_000_000].map(pieces), [1, 1, 1, 2, 60]);
});

test("a transfer sends every piece once, in order, never more than four unanswered", () => {
  const state = transfer(11);
  const sent = [];
  let got = 0;
  while (got < 11) {
    const due = state.due();
    sent.push(...due);
    assert.ok(sent.length - got <= 4, `${sent.length - got} in flight`);
    assert.ok(sent.length > got, "a transfer must never stall");
    state.ack(++got);
  }
  assert.deepEqual(sent, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(state.fraction, 1);
});

test("an acknowledgement that comes late does not turn progress back", () => {
  const state = transfer(8);
  state.due();
  state.ack(3);
  state.ack(1);
  assert.equal(state.fraction, 3 / 8);
});

test("paths of JupyterLab's file browser lose the drive name of collaboration, and nothing else", () => {
  assert.deepEqual(labPaths(["a/b.png", "RTC:a/b.png"]), ["a/b.png", "a/b.png"]);
  assert.deepEqual(labPaths(undefined), []);
});

test("a picture's number stands apart from the words around it, in Chinese without blanks", () => {
  assert.equal(spaced("picture 2", "the hat of", "is red"), " picture 2 ");
  assert.equal(spaced("picture 2", "the hat of ", ", red"), "picture 2");
  assert.equal(spaced("picture 2", "(", ""), "picture 2");
  assert.equal(spaced("图2", "把", "里的帽子"), "图2");
  assert.equal(spaced("图2", "", "3只猫"), "图2 ");
});

test("a frame stays in its room, keeps its size when moved and never vanishes", () => {
  const room = [0, 0, 400, 200];
  assert.deepEqual(dragged([0, 0, 100, 100], "", 900, 50, 0, room), [300, 50, 400, 150]);
  assert.deepEqual(dragged([10, 10, 100, 100], "nw", -50, 500, 0, room), [0, 99, 100, 100]);
  assert.deepEqual(dragged([10, 10, 100, 100], "e", -500, 7, 0, room), [10, 10, 11, 100]);
  assert.deepEqual(dragged([0, 0, 400, 200], "se", 100, 100, 0, [-400, -200, 800, 400]), [0, 0, 500, 300]);
});

test("a frame with a ratio keeps it from every handle, and its other side stays", () => {
  const room = [0, 0, 400, 300];
  for (const side of ["nw", "n", "ne", "e", "se", "s", "sw", "w"]) {
    for (const [dx, dy] of [[30, 30], [-500, -500], [500, 500]]) {
      const [l, t, r, b] = dragged([100, 100, 260, 190], side, dx, dy, 16 / 9, room);
      assert.ok(l >= 0 && t >= 0 && r <= 400 && b <= 300 && r > l && b > t, `${side} ${[l, t, r, b]}`);
      assert.ok(Math.abs((r - l) / (16 / 9) - (b - t)) <= 1.5, `${side} ${[l, t, r, b]}`);
      if (side.includes("w")) assert.equal(r, 260);
      if (side.includes("s")) assert.equal(t, 100);
    }
  }
});

test("a ratio's frame is the largest inside a picture, or the smallest around it", () => {
  assert.deepEqual(framed(400, 200, 1, false), [100, 0, 300, 200]);
  assert.deepEqual(framed(400, 200, 1, true), [0, -100, 400, 300]);
  assert.deepEqual(framed(189, 300, 16 / 9, true), [-172, 0, 361, 300]);
  assert.deepEqual(framed(400, 200, 0, true), [0, 0, 400, 200]);
});

test("a frame turns with its picture, and comes back", () => {
  assert.deepEqual(turnedBox([10, 20, 110, 60], 400, 200, true), [140, 10, 180, 110]);
  assert.deepEqual(turnedBox(turnedBox([10, 20, 110, 60], 400, 200, true), 200, 400, false), [10, 20, 110, 60]);
});
