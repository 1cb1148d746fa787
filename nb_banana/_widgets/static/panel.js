// @ts-check
/**
 * What keeps the panel around a status line well behaved in a page: keys, paste and drop anywhere,
 * notebook shortcuts kept out, one click one run, a word when the kernel is gone.
 */
import { around, guard } from "./dom.js";
import { carried } from "./carried.js";
import { Prompt } from "./prompt.js";
import { CTRL, RUN_KEYS } from "./sheet.js";

/** @typedef {{at: number, of: number}} Choice which entry of a menu is chosen, and of how many */
/** @typedef {{prompt?: string, menus: Record<string, Choice>, boxes: Record<string, string>}} Values */
/** @typedef {{run(): void, gone(): void, sheet(): void, names(): string[], ask(): void}} Line the status line in it */

const MENUS = ["model", "aspect_ratio", "image_size", "quality", "takes"];
/** @type {Record<string, string>} */
const KEYS = { Escape: "stop", "?": "sheet", "Alt ArrowLeft": "back", "Alt ArrowRight": "forth" };
const BOXES = ["pixels", "seed"];

/** What a key press asks of the panel, or null.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, isComposing?: boolean, keyCode?: number}} event */
export function command(event) {
  // 229: a key that belongs to an input method, in browsers that forget isComposing on it.
  if (event.isComposing || event.keyCode === 229) return null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "run";
  return KEYS[event.altKey ? `Alt ${event.key}` : event.key] ?? null;
}

const TYPED = "textarea,select,input:not([type=range],[type=radio],[type=checkbox])";

/** The settings as they stand on the screen. Menus tell the place of what is chosen, never its words: those are for
 * people, in any language and not always different. @param {ParentNode} panel @returns {Values} */
export function onScreen(panel) {
  /** @type {HTMLTextAreaElement | null} */
  const prompt = panel.querySelector(".nb-banana-prompt textarea");
  /** @type {Record<string, Choice>} */
  const menus = {};
  for (const name of MENUS) {
    /** @type {HTMLSelectElement | null} */
    const menu = panel.querySelector(`.nb-banana-${name} select`);
    if (menu && menu.selectedIndex >= 0) menus[name] = { at: menu.selectedIndex, of: menu.options.length };
  }
  /** @type {Record<string, string>} */
  const boxes = {};
  for (const name of BOXES) {
    /** @type {HTMLInputElement | null} */
    const box = panel.querySelector(`.nb-banana-${name} input`);
    if (box) boxes[name] = box.value;
  }
  return prompt ? { prompt: prompt.value, menus, boxes } : { menus, boxes };
}

/** Nothing can be done any more; what can still be read or copied stays. @param {Element} panel */
export function disable(panel) {
  for (const control of panel.querySelectorAll("button,input,select,textarea")) {
    if (!control.closest(".nbb-viewer, .nbb-code")) /** @type {HTMLButtonElement} */ (control).disabled = true;
  }
}

/** @param {Element} panel @param {string} name @returns {HTMLButtonElement | null} */
export function buttonOf(panel, name) {
  return panel.querySelector(`button.nb-banana-${name}`);
}

/** Pictures dropped or pasted anywhere go to the tray. @param {HTMLElement} panel @param {Event} event @param {DataTransfer | null} data */
function hand(panel, event, data) {
  const found = carried(data);
  const tray = panel.querySelector(".nbb-tray");
  if (!tray || !(found.files.length || (found.addresses.length && event.type === "drop"))) return;
  event.preventDefault();
  event.stopPropagation();
  tray.dispatchEvent(new CustomEvent("nbb-take", { detail: found }));
}

/** @param {HTMLElement} panel @param {KeyboardEvent} event @param {Line} line */
function pressed(panel, event, line) {
  if (around(event, "dialog")) return;
  const asked = command(event);
  if (!asked) return;
  const button = buttonOf(panel, asked);
  // ⌥ and an arrow is a word further in the text fields of a Mac; elsewhere Alt and an arrow would leave the page.
  const typed = asked === "sheet" || (CTRL === "⌘" && event.altKey);
  if ((typed && around(event, TYPED)) || (asked === "stop" && (!button || button.disabled || around(event, ".nbb-easel")))) return;
  event.preventDefault();
  event.stopPropagation();
  if (asked === "run") line.run();
  else if (asked === "sheet") line.sheet();
  else button?.click();
}

/** A click on Run is the line's to send, and the sheet of keys is the page's. @param {MouseEvent} event @param {Line} line */
function clicked(event, line) {
  const button = around(event, "button.nb-banana-run,button.nb-banana-keys");
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (button.classList.contains("nb-banana-run")) line.run();
  else line.sheet();
}

/** The panel keeps the focus: a click on what is passive in it, or a button that is gone, would leave the next keys to the
 * notebook, where D D deletes the cell. @param {HTMLElement} panel @param {AbortSignal} signal */
function keepFocus(panel, signal) {
  /** @type {Element | null} */
  let last = null;
  let wish = "";
  panel.tabIndex = -1;
  const back = () => {
    const lost = last && (!last.isConnected || last.matches(":disabled"));
    if (lost && [document.body, last].includes(document.activeElement)) {
      wish = last?.matches(".nb-banana-run") ? "stop" : last?.matches(".nb-banana-stop") ? "run" : "";
      panel.focus({ preventScroll: true });
    }
    const button = wish && document.activeElement === panel && buttonOf(panel, wish);
    if (button && !button.disabled) button.focus({ preventScroll: true });
  };
  panel.addEventListener("focusin", ({ target }) => {
    last = /** @type {Element} */ (target);
    if (last !== panel) wish = "";
  }, { signal });
  panel.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget) last = null; }, { signal });
  panel.addEventListener("pointerdown", () => setTimeout(() => {
    if (!panel.contains(document.activeElement)) panel.focus({ preventScroll: true });
  }), { signal });
  const seen = new MutationObserver(back);
  seen.observe(panel, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  signal.addEventListener("abort", () => seen.disconnect());
}

/** A seed that is none looks so at once; why is said under it. @param {Event} event */
function judged(event) {
  const box = /** @type {HTMLInputElement | null} */ (around(event, ".nb-banana-seed input"));
  box?.setAttribute("aria-invalid", String(!(/^\s*\d*\s*$/.test(box.value) && Number(box.value) < 2 ** 31)));
}

/** @param {DragEvent} event */
function hovered(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Keep a panel behaved for as long as its line lives. @param {HTMLElement} panel @param {Line} line */
export function join(panel, line) {
  const ended = new AbortController();
  const { signal } = ended;
  // Before ipywidgets' own listeners, which stop every key in a text field.
  panel.addEventListener("click", (event) => clicked(event, line), { capture: true, signal });
  panel.addEventListener("keydown", (event) => pressed(panel, event, line), { capture: true, signal });
  panel.addEventListener("paste", (event) => hand(panel, event, event.clipboardData), { signal });
  panel.addEventListener("dragover", hovered, { signal });
  panel.addEventListener("drop", (event) => hand(panel, event, event.dataTransfer), { signal });
  const living = new MutationObserver(() => { if (panel.classList.contains("jupyter-widgets-disconnected")) line.gone(); });
  living.observe(panel, { attributes: true, attributeFilter: ["class"] });
  const unguard = guard(panel);
  panel.addEventListener("input", judged, { signal });
  keepFocus(panel, signal);
  buttonOf(panel, "run")?.setAttribute("data-keys", RUN_KEYS);
  return {
    prompt: new Prompt(panel, line.names, line.ask, signal),
    leave: () => {
      ended.abort();
      living.disconnect();
      unguard();
    },
  };
}
