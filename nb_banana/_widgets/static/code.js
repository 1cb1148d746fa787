// @ts-check
/** The Python of the next click, or of the last one: folded, read-only, with Copy. */
import { guard, h, listen } from "./dom.js";

/** @param {string} text @param {HTMLElement} box selected where the page may not write the clipboard */
async function copied(text, box) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(box);
    return document.execCommand("copy");
  }
}

/** @typedef {import("./types.js").Model<{code: string, note: string, strings: import("./types.js").Words}>} Model */

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const code = h("code");
  const box = h("pre", { tabindex: 0 }, code);
  const summary = h("summary");
  const note = h("span", { class: "nbb-hint" });
  const copy = h("button", { type: "button", class: "nbb-small", onclick: async () => {
    model.send({ t: "needed" });
    const done = await copied(model.get("code"), code);
    copy.textContent = model.get("strings")[done ? "copied" : "copy_failed"];
    setTimeout(draw, 2000);
  } });
  const said = h("span", { class: "nbb-hidden", role: "status" });
  const fold = h("details", { class: "nbb nbb-code", ontoggle: () => { if (fold.open) model.send({ t: "needed" }); } },
    summary, h("div", { class: "nbb-row" }, note, copy), box, said);
  const draw = () => {
    const text = model.get("strings");
    summary.textContent = text.title;
    copy.textContent = text.copy;
    note.textContent = model.get("note");
    box.setAttribute("aria-label", text.title);
    code.textContent = model.get("code");
    fold.hidden = !code.textContent;
  };
  el.append(fold);
  const unheard = listen(model, { "change:code": draw, "change:note": draw, "change:strings": draw });
  draw();
  const unguard = guard(fold);
  return () => {
    unguard();
    unheard();
  };
}

export default { render };
