import assert from "node:assert/strict";
import { test } from "node:test";
import { ROW, inSight } from "../../nb_banana/_widgets/static/history.js";
import { keyed, thumbs, walk } from "../../nb_banana/_widgets/static/thumbs.js";

test("only the rows in sight and four on each side exist, however long the list", () => {
  assert.deepEqual(inSight(0, 10_000), [0, 12]);
  assert.deepEqual(inSight(5000 * ROW, 10_000), [4996, 5012]);
  assert.deepEqual(inSight(9_993 * ROW, 10_000), [9_989, 10_000]);
  assert.deepEqual(inSight(0, 3), [0, 3]);
  assert.deepEqual(inSight(0, 0), [0, 0]);
});

test("keys walk a list and stop at its ends; other keys lead nowhere", () => {
  assert.equal(walk("ArrowDown", 4, 10), 5);
  assert.equal(walk("ArrowUp", 0, 10), 0);
  assert.equal(walk("PageDown", 4, 10, 7), 9);
  assert.equal(walk("PageUp", 9, 10, 7), 2);
  assert.deepEqual([walk("Home", 5, 10), walk("End", 5, 10)], [0, 9]);
  assert.equal(walk("ArrowDown", -1, 10), 0);
  assert.equal(walk("x", 4, 10), null);
  assert.equal(walk("End", -1, 0), null);
});

/** Presses a key on a list and tells what it did. */
function press(key, more = {}) {
  const did = [];
  const root = new EventTarget();
  keyed(root, (name) => walk(name, 1, 3), (at) => did.push(at), { enter: "open", s: "star" }, (act) => did.push(act));
  const event = Object.assign(new Event("keydown", { cancelable: true }), { key, ...more });
  root.dispatchEvent(event);
  return [...did, event.defaultPrevented];
}

test("a key leads, acts or is left to the page, and shortcuts with Ctrl are the page's", () => {
  assert.deepEqual(press("ArrowDown"), [2, true]);
  assert.deepEqual(press("Enter"), ["open", true]);
  assert.deepEqual(press("S"), ["star", true]);
  assert.deepEqual(press("Tab"), [false]);
  assert.deepEqual(press("s", { ctrlKey: true }), [false]);
});

/** A widget model that notes what is sent and can be spoken to. */
function model() {
  const sent = [];
  let heard = () => {};
  return { sent, on: (_, listener) => { heard = listener; }, send: (message) => sent.push(message),
    say: (message, buffers) => heard(message, buffers) };
}

test("a thumbnail is asked for until it is here, once more after it was let go, and never for no key", () => {
  const [it, came] = [model(), []];
  const pictures = thumbs(it, (key) => came.push(key));
  pictures.want(["a", undefined, "", "b"]);
  assert.deepEqual(it.sent, [{ t: "thumbs", keys: ["a", "b"] }]);
  it.say({ t: "thumb", key: "a", mime: "image/png" }, [new DataView(new ArrayBuffer(4))]);
  it.say({ t: "thumb", key: "b", mime: "" }, []);
  assert.match(pictures.url("a"), /^blob:/);
  assert.equal(pictures.url("b"), "");
  assert.deepEqual(came, ["a", "b"]);
  pictures.want(["a", "b"]);
  assert.equal(it.sent.length, 1);
  for (let n = 0; n < 400; n++) it.say({ t: "thumb", key: `k${n}`, mime: "image/png" }, [new ArrayBuffer(1)]);
  assert.equal(pictures.url("a"), undefined);
  pictures.want(["a"]);
  assert.deepEqual(it.sent[1], { t: "thumbs", keys: ["a"] });
  pictures.stop();
});
