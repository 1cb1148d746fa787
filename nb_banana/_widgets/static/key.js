// @ts-check
/** The key entry: a password field that sends one message and forgets. The key is never a trait. */
import { guard, h } from "./shared.js";

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const id = `nbb-key-${Math.random().toString(36).slice(2)}`;
  const field = h("input", { type: "password", id, autocomplete: "off", spellcheck: "false" });
  const label = h("label", { for: id });
  const use = h("button", { type: "submit", class: "nbb-small" });
  const help = h("div", { class: "nbb-hint" });
  const form = h("form", { class: "nbb nbb-key", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const key = field.value.trim();
    field.value = "";
    if (key) model.send({ t: "key", key });
  }, onkeydown: (/** @type {KeyboardEvent} */ event) => {
    // JupyterLab keeps Enter from submitting a form in an output, so the field does it.
    if (event.key === "Enter" && event.target === field && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  } }, label, h("div", { class: "nbb-row" }, field, use), help);
  const draw = () => {
    const text = model.get("strings");
    label.textContent = text.label;
    use.textContent = text.use;
    help.textContent = text.help;
  };
  el.append(form);
  model.on("change:strings", draw);
  draw();
  const unguard = guard(form);
  return () => { unguard(); model.off("change:strings", draw); };
}

export default { render };
