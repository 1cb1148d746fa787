// @ts-check
/**
 * What all widgets of nb_banana share. Python sends this file's text ahead of the file that imports
 * it (`_assets.py`): an anywidget loads one module, from memory, with no server and no CDN.
 */

/**
 * What anywidget gives a view: the widget's traits `T`, and a line to Python.
 * @template {object} T
 * @typedef {object} Model
 * @property {<K extends keyof T & string>(name: K) => T[K]} get
 * @property {<K extends keyof T & string>(name: K, value: T[K]) => void} set
 * @property {() => void} save_changes
 * @property {(message: object, callbacks?: undefined, buffers?: ArrayBuffer[]) => void} send
 * @property {(event: string, listener: (...heard: any[]) => void) => void} on
 * @property {(event: string, listener: (...heard: any[]) => void) => void} off
 */
/** @typedef {Record<string, string>} Words the sentences of one widget, in the language of the moment */
/** @typedef {Node | string | null | undefined | false} Child */

/**
 * One element: `h("button", {class: "a", onclick: f}, "text", child)`. A property that is null or false is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [props]
 * @param {...Child} children
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
 * @param {Pick<Model<{}>, "on" | "off">} model @param {Record<string, (...heard: any[]) => void>} listeners by event
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

/** Bytes for people, in decimal units as file managers show them: `5.1 MB`. @param {number} n */
export function amount(n) {
  if (n < 1000) return `${n} B`;
  const [value, unit] = n < 999_500 ? [n / 1e3, "KB"] : [n / 1e6, "MB"];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `2752×1536 · PNG · 5.1 MB` @param {{width: number, height: number, mime: string, bytes: number}} p */
export function facts(p) {
  return `${p.width}×${p.height} · ${p.mime.split("/")[1].toUpperCase()} · ${amount(p.bytes)}`;
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

/**
 * The pictures in a drop or a paste, and the web addresses when there are none.
 * @param {DataTransfer | null} data
 * @returns {{files: File[], addresses: string[]}}
 */
export function carried(data) {
  const files = data ? [...data.files] : [];
  const list = data && !files.length ? data.getData("text/uri-list") : "";
  return { files, addresses: list.split(/\r?\n/).filter((line) => /^https?:/i.test(line)) };
}

/** A kernel's buffer as bytes a Blob takes. @param {DataView | ArrayBuffer} buffer @param {string} type */
export function blob(buffer, type) {
  return new Blob([/** @type {DataView<ArrayBuffer> | ArrayBuffer} */ (buffer)], { type });
}
