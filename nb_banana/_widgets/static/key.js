// @ts-check
/**
 * The key entry: a password field, and a menu of the places a key can be for. It sends one message and
 * forgets; the key is never a trait, and it travels as bytes beside the message, which no log prints. A
 * key's form preselects a place and raises a question, no more: what was only guessed is used when the
 * person presses again.
 */
import { fill, guard, h, listen } from "./dom.js";
import { attend } from "./focus.js";

/** @typedef {[string, string][]} Forms how keys begin, the longest first, each with the name of its place */
/** @typedef {{key: string, place: string, address: string, chosen: boolean, asked: boolean}} Form */

const CUSTOM = "custom";

/** The name of the place whose keys look like this one, or "". @param {Forms} forms @param {string} key */
export function guess(forms, key) {
  return forms.find(([start]) => key.startsWith(start))?.[1] ?? "";
}

/**
 * What has to be said before the key is sent: the name of a sentence, or "" when it can go.
 * @param {Forms} forms @param {Form} form
 */
export function verdict(forms, { key, place, address, chosen, asked }) {
  if (!key) return "need_key";
  if (!place) return "need_place";
  if (place === CUSTOM) return address ? "" : "need_address";
  if (asked) return "";
  return ![place, ""].includes(guess(forms, key)) ? "mismatch" : chosen ? "" : "guessed";
}

/** @typedef {{places: Record<string, {title: string, url: string}>, forms: Forms, strings: import("./types.js").Words}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */

function parts() {
  const typed = { autocomplete: "off", spellcheck: "false" };
  const fields = { label: h("input", { type: "password", ...typed }), place: h("select"), address: h("input", { type: "text", ...typed }) };
  const rows = Object.values(fields).map((field) => {
    const word = h("span");
    return { word, root: h("label", {}, word, field) };
  });
  const use = h("button", { type: "submit" });
  const goes = h("div", { "aria-live": "polite" });
  const answer = h("div", { class: "nbb-key-said", role: "alert" });
  const help = h("div", { class: "nbb-hint" });
  const root = h("form", { class: "nbb nbb-key" }, h("div", { class: "nbb-key-fields" }, ...rows.map((row) => row.root), use), goes, answer, help);
  return { ...fields, rows, use, goes, answer, help, root };
}

class Entry {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.parts = parts();
    this.chosen = false;
    this.said = "";
  }

  get places() {
    return this.model.get("places");
  }

  /** What stands in the fields. */
  get form() {
    const { label, place, address } = this.parts;
    return { key: label.value.trim(), place: place.value, address: address.value.trim(), chosen: this.chosen, asked: ["guessed", "mismatch"].includes(this.said) };
  }

  changed() {
    if (!this.chosen) this.parts.place.value = guess(this.model.get("forms"), this.form.key);
    this.said = "";
    this.draw();
  }

  draw() {
    const { places, form, parts: { rows, goes, answer, use } } = this;
    const text = this.model.get("strings");
    const url = form.place === CUSTOM ? form.address : places[form.place]?.url;
    const looks = places[guess(this.model.get("forms"), form.key) || form.place]?.title;
    rows[2].root.hidden = form.place !== CUSTOM;
    goes.textContent = url ? fill(text.goes, { url }) : "";
    answer.textContent = fill(text[this.said], { looks, place: places[form.place]?.title });
    use.textContent = form.asked ? text.use_sure : text.use;
  }

  label() {
    const { places, parts: { rows, help, place } } = this;
    const text = this.model.get("strings");
    const kept = place.value;
    rows.forEach(({ word }, i) => { word.textContent = [text.label, text.place, text.address][i]; });
    help.textContent = text.help;
    const offered = [["", text.choose], ...Object.keys(places).map((name) => [name, places[name].title]), [CUSTOM, text.other]];
    place.replaceChildren(...offered.map(([value, title]) => h("option", { value }, title)));
    place.value = kept;
    this.draw();
  }

  use() {
    const { form } = this;
    this.said = verdict(this.model.get("forms"), form);
    if (!this.said) {
      this.parts.label.value = "";
      const { place, address, asked } = form;
      const message = { t: "key", provider: place, base_url: place === CUSTOM && address, sure: asked };
      this.model.send(message, undefined, [/** @type {ArrayBuffer} */ (new TextEncoder().encode(form.key).buffer)]);
    }
    this.draw();
  }
}

/** @param {Entry} entry */
function wire(entry) {
  const { root, label, place, address } = entry.parts;
  for (const field of [label, address]) field.addEventListener("input", () => entry.changed());
  place.addEventListener("change", () => {
    entry.chosen = true;
    entry.changed();
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    entry.use();
  });
  // JupyterLab keeps Enter from submitting a form in an output, so the fields do it. A key held down
  // is one press: it must not answer the question it has just raised.
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (event.target !== label && event.target !== address)) return;
    event.preventDefault();
    if (!event.repeat) root.requestSubmit();
  });
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const entry = new Entry(model);
  wire(entry);
  el.append(entry.parts.root);
  const unheard = listen(model, { "change:strings": () => entry.label(), "msg:custom": () => setTimeout(() => attend(entry.parts.label), 30) });
  entry.label();
  const unguard = guard(entry.parts.root);
  return () => {
    unguard();
    unheard();
  };
}

export default { render };
