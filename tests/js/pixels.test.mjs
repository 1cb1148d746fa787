import assert from "node:assert/strict";
import { test } from "node:test";
import { asPng, Pixels } from "../../nb_banana/_widgets/static/pixels.js";
import { listen } from "../../nb_banana/_widgets/static/dom.js";

const cat = { key: "c", name: "cat.jpg", width: 2, height: 1, mime: "image/jpeg", bytes: 3 };
const bytes = (...values) => new DataView(Uint8Array.from([9, ...values, 9]).buffer, 1, values.length);

const soon = () => new Promise((done) => setTimeout(done, 5));

/** A store of pixels and what it asked Python for. */
function store() {
  const sent = [];
  return [new Pixels({ send: (message) => sent.push(message) }), sent];
}

test("a picture is asked for once as a preview and once as it is, however often it is drawn", async () => {
  const [pixels, sent] = store();
  pixels.ask(cat);
  pixels.ask(cat);
  await soon();
  pixels.original(cat);
  await soon();
  assert.deepEqual(sent, [{ t: "want", key: "c", full: false }, { t: "want", key: "c", full: true }]);
});

test("whoever waits for the original gets its bytes and no preview; the preview stays on the screen", async () => {
  const [pixels] = store();
  const both = Promise.all([pixels.original(cat), pixels.original(cat)]);
  pixels.came({ key: "c", mime: "image/webp", full: false }, bytes(1));
  const { preview } = pixels.ask(cat);
  pixels.came({ key: "c", mime: "image/jpeg", full: true }, bytes(1, 2, 3));
  const [one, other] = await both;
  assert.equal(one, other);
  assert.deepEqual([one.type, [...new Uint8Array(await one.arrayBuffer())]], ["image/jpeg", [1, 2, 3]]);
  assert.equal(pixels.ask(cat).preview, preview);
  assert.equal(await pixels.original(cat), one);
});

test("pictures no longer shown are let go, and asked for anew when they come back", async () => {
  const [pixels, sent] = store();
  pixels.came({ key: "c", mime: "image/png", full: true }, bytes(1));
  assert.notEqual(pixels.ask(cat).preview, undefined);
  pixels.keep(["other", undefined]);
  assert.equal(pixels.ask(cat).preview, undefined);
  await soon();
  assert.deepEqual(sent, [{ t: "want", key: "c", full: false }]);
});

test("pixels that come before their picture is shown are kept for it, and nobody asks for them", async () => {
  const [pixels, sent] = store();
  pixels.came({ key: "c", mime: "image/png", full: true }, bytes(1));
  pixels.keep(["other"]);
  assert.notEqual(pixels.ask(cat).preview, undefined);
  await soon();
  assert.deepEqual(sent, []);
  pixels.keep();
  assert.equal(pixels.store.size, 0);
});

test("a picture on its way by itself is asked for only when it is late", async () => {
  const [pixels, sent] = store();
  pixels.pause = 20;
  pixels.ask(cat);
  pixels.ask({ ...cat, key: "d" });
  pixels.came({ key: "c", mime: "image/png", full: true }, bytes(1));
  assert.deepEqual(sent, []);
  await new Promise((done) => setTimeout(done, 60));
  assert.deepEqual(sent, [{ t: "want", key: "d", full: false }]);
});

test("a PNG goes to the clipboard as the very same bytes", async () => {
  const png = new Blob([new Uint8Array([1])], { type: "image/png" });
  assert.equal(await asPng(png), png);
});

test("a view that goes hears nothing any more, and others still do", () => {
  const on = new Map();
  const model = {
    on: (event, listener) => on.set(event, new Set([...on.get(event) ?? [], listener])),
    off: (event, listener) => on.get(event).delete(listener),
  };
  const [first, second] = [listen(model, { a: () => {}, b: () => {} }), listen(model, { a: () => {} })];
  assert.deepEqual([...on].map(([event, all]) => [event, all.size]), [["a", 2], ["b", 1]]);
  first();
  assert.deepEqual([...on].map(([event, all]) => [event, all.size]), [["a", 1], ["b", 0]]);
  second();
  assert.equal(on.get("a").size, 0);
});
