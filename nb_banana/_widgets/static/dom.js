// @ts-check
/** What every widget of nb_banana builds its page with. Each gets this text ahead of its own (`assets.py`). */

/**
 * One element: `h("button", {class: "a", onclick: f}, "text", child)`. A property that is null or false is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [props]
 * @param {...import("./types.js").Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) el.append(child);
  return el;
}

/**
 * Hear what a model tells: traits that change, messages that come.
 * @param {Pick<import("./types.js").Model<{}>, "on" | "off">} model @param {Record<string, (...heard: any[]) => void>} listeners by event
 * @returns {() => void} stop
 */
export function listen(model, listeners) {
  const all = Object.entries(listeners);
  for (const [event, listener] of all) model.on(event, listener);
  return () => { for (const [event, listener] of all) model.off(event, listener); };
}

/** The element an event began at, or the nearest around it that matches. @param {Event} event @param {string} selector */
export function around(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * Fill `{name}` fields as Python's `str.format` does; an unknown field stays as it is.
 * @param {string | undefined} text @param {Record<string, unknown>} values
 */
export function fill(text, values) {
  return (text ?? "").replace(/\{(\w+)\}/g, (field, name) => (name in values ? String(values[name]) : field));
}

const FOCUSABLE = "a[href],button,input,select,textarea,summary,dialog,[tabindex]";

/**
 * Jupyter fires notebook shortcuts (B inserts a cell, D D deletes one) even while a widget's button
 * has the focus, unless the focused element itself says no. Marks all of them, also later ones.
 * @param {Element} root
 * @returns {() => void} stop
 */
export function guard(root) {
  const mark = () => {
    for (const el of [root, ...root.querySelectorAll(FOCUSABLE)]) {
      if (!el.hasAttribute("data-lm-suppress-shortcuts")) el.setAttribute("data-lm-suppress-shortcuts", "true");
    }
  };
  mark();
  const seen = new MutationObserver(mark);
  seen.observe(root, { childList: true, subtree: true });
  return () => seen.disconnect();
}

