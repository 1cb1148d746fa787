// @ts-check
/**
 * The key entry: a password field, and a menu of the places a key can be for. It sends one message and
 * forgets; the key is never a trait. A key's form preselects a place and raises a question, no more:
 * what was only guessed is used when the person presses again.
 */
import { fill, guard, h } from "./shared.js";

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

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const [places, forms] = [model.get("places"), model.get("forms")];
  let chosen = false;
  let said = "";
  const changed = () => {
    if (!chosen) menu.value = guess(forms, form().key);
    said = "";
    draw();
  };
  const typed = { autocomplete: "off", spellcheck: "false", oninput: changed };
  const field = h("input", { type: "password", ...typed });
  const menu = h("select", { onchange: () => {
    chosen = true;
    changed();
  } });
  const address = h("input", { type: "text", ...typed });
  const parts = [field, menu, address].map((part) => h("label", {}, h("span"), part));
  const use = h("button", { type: "submit" });
  const goes = h("div", { "aria-live": "polite" });
  const answer = h("div", { class: "nbb-key-said", role: "alert" });
  const help = h("div", { class: "nbb-hint" });

  const form = () => ({ key: field.value.trim(), place: menu.value, address: address.value.trim(), chosen, asked: ["guessed", "mismatch"].includes(said) });
  const draw = () => {
    const text = model.get("strings");
    const now = form();
    const url = now.place === CUSTOM ? now.address : places[now.place]?.url;
    parts[2].hidden = now.place !== CUSTOM;
    goes.textContent = url ? fill(text.goes, { url }) : "";
    answer.textContent = fill(text[said], { looks: places[guess(forms, now.key) || now.place]?.title, place: places[now.place]?.title });
    use.textContent = now.asked ? text.use_sure : text.use;
  };
  const relabel = () => {
    const text = model.get("strings");
    const kept = menu.value;
    parts.forEach((part, i) => { part.firstChild.textContent = [text.label, text.place, text.address][i]; });
    help.textContent = text.help;
    const offered = [["", text.choose], ...Object.keys(places).map((name) => [name, places[name].title]), [CUSTOM, text.other]];
    menu.replaceChildren(...offered.map(([value, title]) => h("option", { value }, title)));
    menu.value = kept;
    draw();
  };
  const box = h("form", { class: "nbb nbb-key", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const now = form();
    said = verdict(forms, now);
    if (!said) {
      field.value = "";
      model.send({ t: "key", key: now.key, provider: now.place, base_url: now.place === CUSTOM && now.address, sure: now.asked });
    }
    draw();
  }, onkeydown: (/** @type {KeyboardEvent} */ event) => {
    // JupyterLab keeps Enter from submitting a form in an output, so the fields do it. A key held down
    // is one press: it must not answer the question it has just raised.
    if (event.key !== "Enter" || event.isComposing || ![field, address].includes(event.target)) return;
    event.preventDefault();
    if (!event.repeat) box.requestSubmit();
  } }, h("div", { class: "nbb-key-fields" }, ...parts, use), goes, answer, help);
  el.append(box);
  model.on("change:strings", relabel);
  relabel();
  const unguard = guard(box);
  return () => { unguard(); model.off("change:strings", relabel); };
}

export default { render };
