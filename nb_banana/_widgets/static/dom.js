// @ts-check
/** What every widget builds its page with; what each function does stands with its type, in types.d.ts. */

/** @type {import("./types.js").Make} */
export const h = (tag, props = {}, ...children) => {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child || child === "") el.append(child);
  return el;
};

/** @type {import("./types.js").Listen} */
export const listen = (model, listeners) => {
  const all = Object.entries(listeners);
  for (const [event, listener] of all) model.on(event, listener);
  return () => { for (const [event, listener] of all) model.off(event, listener); };
};

/** @type {import("./types.js").Around} */
export const around = ({ target }, selector) => (target instanceof Element ? target.closest(selector) : null);

/** @type {import("./types.js").Fill} */
export const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (field, name) => (name in values ? String(values[name]) : field));

/** @type {import("./types.js").Guard} */
export const guard = (root) => {
  const mark = () => {
    for (const el of [root, ...root.querySelectorAll("a[href],button,input,select,textarea,summary,dialog,[tabindex]")]) el.setAttribute("data-lm-suppress-shortcuts", "true");
  };
  mark();
  const seen = new MutationObserver(mark);
  seen.observe(root, { childList: true, subtree: true });
  return () => seen.disconnect();
};
