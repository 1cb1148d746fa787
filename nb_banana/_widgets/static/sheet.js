// @ts-check
/** The sheet of keys, and a word from a hidden tab when a long edit is over. */
import { fill, h } from "./dom.js";

const TELL = "nb_banana_tell";
const LONG_MS = 20_000;
export const CTRL = /Mac|iP/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl";
export const RUN_KEYS = `${CTRL} ↵`;

/** Whether this browser was asked to tell; a page without storage was not. */
function wanted() {
  try {
    return localStorage.getItem(TELL) === "yes" && Notification.permission === "granted";
  } catch {
    return false;
  }
}

/** @param {boolean} on @returns {Promise<boolean>} whether it is as it was wanted */
async function want(on) {
  try {
    localStorage.setItem(TELL, on ? "yes" : "no");
    return !on || (await Notification.requestPermission()) === "granted";
  } catch {
    return false;
  }
}

/** Hears each state, and tells of the end of a long run where nobody sees it: no word of the prompt.
 * @param {(key: string) => string} text */
export function teller(text) {
  let since = 0;
  /** @param {string} state */
  return (state) => {
    const now = Date.now();
    if (state === "running" || state === "long") since ||= now;
    else {
      const long = since && now - since > LONG_MS;
      since = 0;
      if (long && document.hidden && wanted())
        new Notification(text(state === "done" ? "told_done" : "told_other"), { body: document.title, tag: TELL });
    }
  };
}

/** @param {HTMLElement} root @param {import("./types.js").Words} words */
export function openSheet(root, words) {
  const rows = Object.entries(words).filter(([key]) => key.startsWith("key_")).map(([, row]) => {
    const [keys, what] = fill(row, { ctrl: CTRL }).split("|");
    return h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, keys)), h("td", {}, what));
  });
  if (!rows.length || root.querySelector("dialog")) return;
  const tick = h("input", { type: "checkbox", onchange: async () => {
    const asked = tick.checked;
    const done = await want(asked);
    tick.checked = asked && done;
    denied.textContent = done ? "" : words.denied;
  } });
  tick.checked = wanted();
  const denied = h("p", { role: "status" });
  const dialog = h("dialog", { "aria-label": words.keys, onclose: () => dialog.remove() }, h("h2", {}, words.keys), h("table", {}, ...rows),
    h("label", {}, tick, words.tell), denied, h("button", { type: "button", onclick: () => dialog.close() }, words.close));
  root.append(dialog);
  dialog.showModal();
}
