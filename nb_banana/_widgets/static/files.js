// @ts-check
/** Files as a page meets them: what they are in words, a kernel's bytes. */

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

/** A kernel's buffer as bytes a Blob takes. @param {DataView | ArrayBuffer} buffer @param {string} type */
export function blob(buffer, type) {
  return new Blob([/** @type {DataView<ArrayBuffer> | ArrayBuffer} */ (buffer)], { type });
}
