import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../nb_banana/_widgets/static/dom.js";
import { carried } from "../../nb_banana/_widgets/static/carried.js";
import { amount, facts } from "../../nb_banana/_widgets/static/files.js";

test("a template's fields are filled, and an unknown field stays readable", () => {
  assert.equal(fill("Move {name} to {place}", { name: "cat.jpg" }), "Move cat.jpg to {place}");
  assert.equal(fill(undefined, {}), "");
});

test("amounts read as a file manager shows them", () => {
  assert.deepEqual([0, 999, 1000, 9_949, 9_960, 999_499, 999_500, 61_000_000].map(amount),
    ["0 B", "999 B", "1.0 KB", "9.9 KB", "10 KB", "999 KB", "1.0 MB", "61 MB"]);
});

test("a picture's facts name its pixels, its type and its weight", () => {
  assert.equal(facts({ width: 2752, height: 1536, mime: "image/png", bytes: 5_140_000 }), "2752×1536 · PNG · 5.1 MB");
});

test("a drop's files win over its addresses, and only web addresses count", () => {
  const data = (files, list) => ({ files, getData: () => list });
  assert.deepEqual(carried(null), { files: [], addresses: [] });
  assert.deepEqual(carried(data(["f"], "https://a.test/x.png")), { files: ["f"], addresses: [] });
  assert.deepEqual(carried(data([], "# note\r\nhttps://a.test/x.png\nfile:///etc/passwd")),
    { files: [], addresses: ["https://a.test/x.png"] });
});
