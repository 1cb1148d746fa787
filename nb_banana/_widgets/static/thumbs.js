// @ts-check
/** What the history list and the filmstrip share: small pictures, and keys that walk and act. */

const KEPT = 400;

/**
 * Small pictures by key: asked for when they come into sight, kept as object URLs, the oldest let go.
 * `url(key)` is undefined while a picture is not here, "" where it can't be shown.
 * @param {any} model @param {(key: string) => void} came called with the key of each picture that arrives
 */
export function thumbs(model, came) {
  /** @type {Map<string, string>} */
  const urls = new Map();
  const heard = (/** @type {any} */ { t, key, mime }, /** @type {any[]} */ buffers) => {
    if (t !== "thumb" || urls.get(key)) return;
    urls.set(key, buffers.length ? URL.createObjectURL(new Blob(buffers, { type: mime })) : "");
    const [oldest] = urls;
    if (urls.size > KEPT) {
      urls.delete(oldest[0]);
      URL.revokeObjectURL(oldest[1]);
    }
    came(key);
  };
  model.on("msg:custom", heard);
  return {
    url: (/** @type {string} */ key) => urls.get(key),
    want(/** @type {string[]} */ keys) {
      const missing = keys.filter((key) => key && !urls.has(key));
      if (missing.length) model.send({ t: "thumbs", keys: missing });
    },
    stop() {
      model.off("msg:custom", heard);
      urls.forEach((url) => URL.revokeObjectURL(url));
    },
  };
}

/** The place a key leads to from `at`, or null. @param {string} key @param {number} at @param {number} count @param {number} [page] */
export function walk(key, at, count, page = 1) {
  /** @type {Record<string, number>} */
  const places = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 };
  return key in places && count ? Math.min(count - 1, Math.max(0, places[key])) : null;
}

/** Keys of a list: some lead to a place, some act on the one chosen.
 * @param {HTMLElement} root @param {(key: string) => number | null} to @param {(at: number) => void} choose
 * @param {Record<string, string>} acts @param {(act: string) => void} act */
export function keyed(root, to, choose, acts, act) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length > 1 ? event.key : event.key.toLowerCase();
    const place = to(key);
    if (place === null && !acts[key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (place === null) act(acts[key]);
    else choose(place);
  });
}
