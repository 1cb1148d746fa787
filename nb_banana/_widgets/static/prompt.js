// @ts-check
/** The prompt's box: it grows, ↑ and ↓ walk through earlier prompts, Tab goes to the blanks of a template. */
import { attend } from "./focus.js";
import { insertAt } from "./insert.js";

/** @typedef {{texts: string[], at: number}} Walk what is being typed, then earlier prompts; which of them the box shows */

/** A step through a walk; what was changed on the way stays as it was left. Null where there is none further.
 * @param {Walk} walk @param {string} text in the box @param {number} by @returns {Walk | null} */
export function walked({ texts, at }, text, by) {
  const to = at + by;
  return to in texts ? { texts: texts.map((one, number) => (number === at ? text : one)), at: to } : null;
}

/** Where the first blank of these names from a place on is, or the last one before it: its first and last place.
 * @param {string} text @param {string[]} names @param {number} from @param {boolean} [back] @returns {[number, number] | null} */
export function blankAt(text, names, from, back = false) {
  const found = [...text.matchAll(/\{([^{}]+)\}/g)].filter((one) => names.includes(one[1]));
  const one = back ? found.filter(({ index }) => index < from).pop() : found.find(({ index }) => index >= from);
  return one ? [one.index, one.index + one[0].length] : null;
}

/** What the box of a panel does by itself. */
export class Prompt {
  /** @param {HTMLElement} panel @param {() => string[]} names of the blanks @param {() => void} ask for earlier prompts @param {AbortSignal} signal */
  constructor(panel, names, ask, signal) {
    this.find = () => /** @type {HTMLTextAreaElement | null} */ (panel.querySelector(".nb-banana-prompt textarea"));
    this.names = names;
    this.ask = ask;
    /** @type {Walk | null} */
    this.walk = null;
    this.draft = "";
    this.asked = "";
    panel.addEventListener("keydown", (event) => this.pressed(event), { capture: true, signal });
    panel.addEventListener("input", () => this.grow(), { signal });
    panel.addEventListener("nbb-insert", (event) => {
      const box = this.find();
      if (box) insertAt(box, /** @type {CustomEvent} */ (event).detail.text);
    }, { signal });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const box = this.find();
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (!box || event.target !== box || event.isComposing || event.keyCode === 229 || ctrlKey || metaKey || altKey) return;
    const { selectionStart: start, selectionEnd: end, value } = box;
    if (key === "Tab" && this.choose(box, shiftKey ? start : end, shiftKey)) event.preventDefault();
    const by = { ArrowUp: 1, ArrowDown: -1 }[key];
    if (!by || shiftKey || start !== end) return;
    // A caret that an arrow does not move stands on the first line, or the last, as wrapped.
    setTimeout(() => {
      if (box.selectionStart !== start || box.value !== value) return;
      if (this.walk) this.step(box, by);
      else if (by > 0) {
        this.asked = value;
        this.ask();
      }
    });
  }

  /** @param {HTMLTextAreaElement} box @param {number} by */
  step(box, by) {
    const next = this.walk && walked(this.walk, box.value, by);
    if (!next) return;
    this.walk = next;
    box.select();
    insertAt(box, next.texts[next.at]);
    const caret = by > 0 ? 0 : box.value.length;
    box.setSelectionRange(caret, caret);
  }

  /** @param {HTMLTextAreaElement} box @param {number} from @param {boolean} [back] */
  choose(box, from, back) {
    const blank = blankAt(box.value, this.names(), from, back);
    if (blank) box.setSelectionRange(...blank);
    return !!blank;
  }

  grow() {
    const box = this.find();
    if (!box || CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  /** @param {string[]} prompts */
  earlier(prompts) {
    const box = this.find();
    if (!box || this.walk || box.value !== this.asked || document.activeElement !== box) return;
    this.walk = { texts: [...new Set([this.asked, ...(this.draft ? [this.draft] : []), ...prompts])], at: 0 };
    this.step(box, 1);
  }

  /** The words are on their way: the next ↑ begins anew, with a draft left behind. */
  sent() {
    if (this.walk?.at) [this.draft] = this.walk.texts;
    this.walk = null;
  }

  /** Blanks came: the first is chosen once the box has it. */
  fill() {
    if (this.names().length) setTimeout(() => {
      const box = this.find();
      if (!box) return;
      this.walk = null;
      attend(box);
      this.choose(box, 0);
      this.grow();
    }, 50);
  }
}
