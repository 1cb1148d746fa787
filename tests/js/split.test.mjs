/** A query of the documentation's search is cut as its pages are: pairs of Chinese characters, words of other letters. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const source = readFileSync(new URL("../../docs/_site/split.js", import.meta.url), "utf8");
const splitQuery = new Function(`${source}; return splitQuery;`)();

test("two characters are a word, a longer run each two that stand together, a single one itself", () => {
  assert.deepEqual(splitQuery("密钥"), ["密钥"]);
  assert.deepEqual(splitQuery("在哪里"), ["在哪", "哪里"]);
  assert.deepEqual(splitQuery("图"), ["图"]);
});

test("words of other letters stay whole, beside Chinese too", () => {
  assert.deepEqual(splitQuery("EditResult 的 mask蒙版"), ["EditResult", "mask", "的", "蒙版"]);
  assert.deepEqual(splitQuery("，。 !"), []);
});
