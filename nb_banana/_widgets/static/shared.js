// @ts-check
/**
 * What all widgets of nb_banana share. Python puts this file's text where another file imports
 * it (`_assets.py`): an anywidget loads one module, from memory, with no server and no CDN.
 */

/**
 * One element: `h("button", {class: "a", onclick: f}, "text", child)`. A null property is left out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return el;
}

/**
 * Fill `{name}` fields as Python's `str.format` does; an unknown field stays as it is.
 * @param {string} text @param {Record<string, any>} values
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
  const view = buffer instanceof DataView ? buffer : new DataView(buffer);
  return new Blob([new Uint8Array(view.buffer, view.byteOffset, view.byteLength)], { type });
}
