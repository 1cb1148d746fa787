// @ts-check
/**
 * What keeps the panel around a status line well behaved in a page: keys, paste and drop anywhere,
 * notebook shortcuts kept out, one click one run, a word when the kernel is gone.
 */
import { around, guard } from "./dom.js";
import { carried } from "./files.js";

/** @typedef {{at: number, of: number}} Choice which entry of a menu is chosen, and of how many */
/** @typedef {{prompt?: string, menus: Record<string, Choice>, boxes: Record<string, string>}} Values */
/** @typedef {{run(): void, gone(): void}} Line the status line in it */

const MENUS = ["model", "aspect_ratio", "image_size", "quality", "takes"];
const BOXES = ["pixels", "seed"];

/** What a key press asks of the panel, or null.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, isComposing?: boolean, keyCode?: number}} event */
export function command(event) {
  // 229: a key that belongs to an input method, in browsers that forget isComposing on it.
  if (event.isComposing || event.keyCode === 229) return null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "run";
  return event.key === "Escape" ? "stop" : null;
}

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
  const stop = buttonOf(panel, "stop");
  if (!asked || (asked === "stop" && (!stop || stop.disabled))) return;
  event.preventDefault();
  event.stopPropagation();
  if (asked === "run") line.run();
  else stop?.click();
}

/** A click on Run is the line's to send. @param {MouseEvent} event @param {Line} line */
function clicked(event, line) {
  if (!around(event, "button.nb-banana-run")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  line.run();
}

/** @param {DragEvent} event */
function hovered(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Keep a panel behaved for as long as its line lives. @param {HTMLElement} panel @param {Line} line @returns {() => void} stop */
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
  return () => {
    ended.abort();
    living.disconnect();
    unguard();
  };
}
