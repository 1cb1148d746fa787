// @ts-check
import { attend } from "./focus.js";

/** Bring a panel into sight and the focus into its prompt, as soon as it is there; not while somebody types elsewhere.
 * @param {string} name its class @param {number} [tries] */
export function goTo(name, tries = 100) {
  const box = document.querySelector(`.${name} .nb-banana-prompt textarea`);
  if (box instanceof HTMLElement) {
    attend(box);
    if (document.activeElement === box) box.scrollIntoView({ block: "center" });
  } else if (tries) setTimeout(() => goTo(name, tries - 1), 50);
}
