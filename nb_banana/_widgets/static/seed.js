// @ts-check
/** A box for a seed: a number or nothing, dice that draw one, a way to clear it. Python reads what is typed. */
import { guard, h, listen } from "./dom.js";

/** A seed from 0 to 2147483647, every one as likely. @param {(box: Uint32Array) => void} [fill] */
export function drawn(fill = (box) => { crypto.getRandomValues(box); }) {
  const box = new Uint32Array(1);
  fill(box);
  return box[0] >>> 1;
}

const DICE = "M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1M5.5 5.5h.01M10.5 5.5h.01M8 8h.01M5.5 10.5h.01M10.5 10.5h.01";
const CROSS = "M4 4l8 8M12 4l-8 8";

/** @param {string} path @param {() => void} pressed */
function tool(path, pressed) {
  const root = h("button", { type: "button", class: "nbb-icon", onclick: pressed });
  root.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" aria-hidden="true"><path d="${path}"/></svg>`;
  return root;
}

/** @param {HTMLButtonElement} button @param {string} words */
function name(button, words) {
  button.title = words;
  button.setAttribute("aria-label", words);
}

/** @typedef {{text: string, wrong: string, strings: import("./types.js").Words}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  /** @param {string} text */
  const set = (text) => {
    model.set("text", text);
    model.save_changes();
    draw();
  };
  const input = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", spellcheck: "false",
    oninput: () => set(input.value) });
  const roll = tool(DICE, () => set(String(drawn())));
  const clear = tool(CROSS, () => {
    set("");
    input.focus();
  });
  const word = h("span");
  const root = h("div", { class: "nbb nbb-seed" }, h("label", {}, word, input), roll, clear);
  const draw = () => {
    const text = model.get("strings");
    word.textContent = text.label;
    input.placeholder = text.none;
    name(roll, text.roll);
    name(clear, text.clear);
    if (input.value !== model.get("text")) input.value = model.get("text");
    clear.hidden = !input.value;
    input.setAttribute("aria-invalid", String(!!model.get("wrong")));
  };
  el.append(root);
  const unheard = listen(model, { "change:text": draw, "change:wrong": draw, "change:strings": draw });
  draw();
  const unguard = guard(root);
  return () => {
    unguard();
    unheard();
  };
}

export default { render };
