// @ts-check
/** What the history list and the filmstrip share: small pictures, and keys that walk and act. */

const KEPT = 400;

/**
 * Small pictures by key: asked for when they come into sight, kept as object URLs, the oldest let go.
 * (A view's listeners are taken off by anywidget itself when the view goes.)
 * `url(key)` is undefined while a picture is not here, "" where it can't be shown.
 * @param {Pick<import("./types.js").Model<{}>, "on" | "send">} model @param {(key: string) => void} came called with the key of each picture that arrives
 */
export function thumbs(model, came) {
  /** @type {Map<string, string>} */
  const urls = new Map();
  model.on("msg:custom", (/** @type {{t: string, key: string, mime: string}} */ { t, key, mime }, /** @type {DataView<ArrayBuffer>[]} */ buffers) => {
    if (t !== "thumb" || urls.get(key)) return;
    urls.set(key, buffers.length ? URL.createObjectURL(new Blob(buffers, { type: mime })) : "");
    const [oldest] = urls;
    if (urls.size > KEPT) {
      urls.delete(oldest[0]);
      URL.revokeObjectURL(oldest[1]);
    }
    came(key);
  });
  return {
    url: (/** @type {string} */ key) => urls.get(key),
    want(/** @type {(string | undefined)[]} */ keys) {
      const missing = keys.filter((key) => key && !urls.has(key));
      if (missing.length) model.send({ t: "thumbs", keys: missing });
    },
    stop: () => urls.forEach((url) => URL.revokeObjectURL(url)),
  };
}

/** The place a key leads to from `at`, or null. @param {string} key @param {number} at @param {number} count @param {number} [page] */
export function walk(key, at, count, page = 1) {
  /** @type {Record<string, number>} */
  const places = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 };
  return key in places && count ? Math.min(count - 1, Math.max(0, places[key])) : null;
}

/** Keys of a list: some lead to a place, some (named in lower case) act on the one chosen.
 * @param {HTMLElement} root @param {(key: string) => number | null} to @param {(at: number) => void} choose
 * @param {Record<string, string>} acts @param {(act: string) => void} act */
export function keyed(root, to, choose, acts, act) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [place, does] = [to(event.key), acts[event.key.toLowerCase()]];
    if (place === null && !does) return;
    event.preventDefault();
    event.stopPropagation();
    if (does) act(does);
    else choose(/** @type {number} */ (place));
  });
}
