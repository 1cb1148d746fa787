import assert from "node:assert/strict";
import { test } from "node:test";
import { labPaths } from "../../nb_banana/_widgets/static/tray.js";
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
