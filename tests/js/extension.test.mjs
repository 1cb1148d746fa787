/** The extension's pure parts under node: paths, the Python that menus insert, what an output says of itself, words. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";

import { SETTINGS } from "../../labextension/static/index.js";
import * as places from "../../labextension/static/places.js";
import { Speech, WORDS } from "../../labextension/static/words.js";

const FOLDER = new URL("../../labextension/", import.meta.url);
const read = (name) => readFileSync(new URL(name, FOLDER), "utf8");
const schema = JSON.parse(read("schemas/nb-banana/plugin.json"));
const scripts = readdirSync(new URL("static/", FOLDER)).filter((name) => name.endsWith(".js")).map((name) => read(`static/${name}`));

test("a path of the server reads as the kernel of a folder opens it", () => {
  for (const [path, folder, expected] of [
    ["cat.png", "", "cat.png"], ["a/cat.png", "a", "cat.png"], ["a/b/cat.png", "a", "b/cat.png"], ["cat.png", "a/b", "../../cat.png"],
    ["a/c/cat.png", "a/b", "../c/cat.png"], ["RTC:a/cat.png", "a", "cat.png"], ["a/b", "a/b", "../b"], ["图/été 1.png", "图", "été 1.png"],
  ]) assert.equal(places.relative(path, folder), expected, `${path} from ${folder}`);
  assert.equal(places.folderOf("/a/b/cat.png"), "a/b");
  assert.equal(places.folderOf("cat.png"), "");
});

test("what a menu inserts is Python, whatever a file is called", () => {
  assert.equal(places.panelCode([]), "import nb_banana as nb\n\nnb.panel()");
  assert.equal(places.panelCode([places.py('a "b" \\ c.png')]), 'import nb_banana as nb\n\nnb.panel("a \\"b\\" \\\\ c.png")');
  assert.equal(places.panelCode(['"a"', '"b"']), 'import nb_banana as nb\n\nnb.panel(["a", "b"])');
  assert.equal(places.pastCode("1m8dk"), 'nb.history()["1m8dk"]');
});

test("a free name is found, and nothing is overwritten", () => {
  assert.equal(places.freeName("cat.png", []), "cat.png");
  assert.equal(places.freeName("cat.png", ["cat.png", "cat-2.png"]), "cat-3.png");
});

test("pictures are known by their names, suffixes by their types", () => {
  assert.deepEqual(["a.PNG", "b.jpeg", "c.webp", "d.ipynb", "png"].map(places.isPicture), [true, true, true, false, false]);
  assert.deepEqual(["image/jpeg", "image/png", "image/webp", "image"].map(places.suffixOf), ["jpg", "png", "webp", "png"]);
  assert.match(places.suffixOf("image/x-../../y"), /^[a-z0-9]*$/);
});

test("an output tells whose it is, and nothing it says is taken on trust", () => {
  const sha256 = "a".repeat(64), told = { nb_banana: { record: "1m8dk5", sha256, folder: "nb_banana_history" } };
  const origin = { record: "1m8dk5", sha256, folder: "nb_banana_history" };
  assert.deepEqual(places.originOf({ "image/png": { width: 3, ...told } }), origin);
  assert.deepEqual(places.originOf(told), origin);
  for (const wrong of [undefined, {}, { "image/png": 7 }, { "image/png": null }, { nb_banana: { record: '"] + x' } }, { nb_banana: { record: 7 } }])
    assert.equal(places.originOf(wrong), null);
  assert.equal(places.originOf({ nb_banana: { record: "a1", sha256: "../x" } }).sha256, "");
});

test("what is called often happens once, when it is quiet", async () => {
  let calls = 0;
  const soon = places.debounced(() => calls++, 20);
  for (let n = 0; n < 9; n++) soon();
  assert.equal(calls, 0);
  await new Promise((done) => setTimeout(done, 60));
  assert.equal(calls, 1);
});

test("the setting's language comes before the page's; fields are filled", () => {
  const speech = new Speech(() => "zh_CN");
  assert.equal(speech.say("count", { count: 3 }), "3 条编辑");
  speech.chosen = "en";
  assert.equal(speech.say("count", { count: 3 }), "3 edits");
  speech.chosen = "zh";
  assert.equal(speech.schema("Language"), "语言");
  assert.equal(new Speech(() => "de").say("refresh"), "Refresh");
});

test("every sentence is there in both languages, with the same fields, and every one is used", () => {
  const used = new Set(scripts.flatMap((text) => [...text.matchAll(/"(\w+)"/g)].map((found) => found[1])));
  const fields = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [name, [english, chinese]] of Object.entries(WORDS)) {
    assert.ok(english && /[一-鿿]/.test(chinese), name);
    assert.deepEqual(fields(english), fields(chinese), name);
    assert.ok(name.startsWith("set_") || used.has(name), `${name} is said nowhere`);
  }
  for (const text of scripts) for (const [, name] of text.matchAll(/\bsay\("(\w+)"/g)) assert.ok(WORDS[name], name);
});

test("the form of the settings is Chinese throughout, its defaults are those the page assumes, and it has no place for a key", () => {
  const english = new Set(Object.values(WORDS).map(([one]) => one));
  const walk = (part) => Object.entries(part).flatMap(([key, value]) =>
    typeof value === "object" ? walk(value) : ["title", "description"].includes(key) ? [value] : []);
  for (const text of walk(schema)) assert.ok(english.has(text) || ["nb_banana", "简体中文", "English"].includes(text), text);
  assert.deepEqual(Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, one.default])), SETTINGS);
  assert.equal(schema.additionalProperties, false);
  assert.ok(!Object.keys(schema.properties).some((name) => /key|token|secret/i.test(name)));
});

test("every command a menu, key or toolbar names is there; a selector is one selector", () => {
  const made = new Set([...scripts.join("\n").matchAll(/(?:add\("|addCommand\("nb-banana:|", ")([\w-]+)"/g)].map(([, name]) => `nb-banana:${name}`));
  const items = [...schema["jupyter.lab.menus"].context, ...schema["jupyter.lab.menus"].main.flatMap((one) => one.items),
    ...schema["jupyter.lab.shortcuts"], ...schema["jupyter.lab.toolbars"].Notebook];
  for (const { command, selector } of items) {
    if (command) assert.ok(made.has(command), command);
    assert.ok(!selector?.includes(","), selector);
  }
  assert.ok(schema["jupyter.lab.toolbars"].Notebook.every((one) => one.disabled));
});

test("nothing is fetched from elsewhere", () => {
  for (const text of [...scripts, read("static/style.css")]) assert.ok(!/https?:\/\/(?!www\.w3\.org)/.test(text));
});
