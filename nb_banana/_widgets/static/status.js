// @ts-check
/**
 * The status line, and what keeps the panel around it well behaved in a page: keys, paste and drop
 * anywhere, notebook shortcuts kept out, one click one run, a word when the kernel is busy or gone.
 *
 * A click on Run is sent from here with the values as they stand on the screen: ipywidgets may hold
 * back a changed value while the kernel is busy, and would run the old prompt.
 */
import { carried, guard, h } from "./shared.js";

export const SIGNS = {
  empty: "○", loaded: "●", running: "", long: "", done: "✓", partial: "◐", no_image: "¶", blocked: "⊘",
  error: "!", cancelled: "■", queued: "…", gone: "⏻",
};
const ACK_MS = 500;

/** What a key press asks of the panel, or null.
 * @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, isComposing?: boolean, keyCode?: number}} event */
export function command(event) {
  // 229: a key that belongs to an input method, in browsers that forget isComposing on it.
  if (event.isComposing || event.keyCode === 229) return null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "run";
  return event.key === "Escape" ? "stop" : null;
}

/** The settings as they stand on the screen: the prompt's text and the labels chosen. @param {ParentNode} panel */
export function onScreen(panel) {
  /** @type {Record<string, string>} */
  const values = {};
  const prompt = panel.querySelector(".nb-banana-prompt textarea");
  if (prompt) values.prompt = /** @type {any} */ (prompt).value;
  for (const name of ["model", "aspect_ratio", "image_size", "takes"]) {
    const select = /** @type {any} */ (panel.querySelector(`.nb-banana-${name} select`));
    if (select && select.selectedIndex >= 0) values[name] = select.options[select.selectedIndex].text;
  }
  return values;
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const sign = h("span", { class: "nbb-sign", "aria-hidden": "true" });
  const line = h("div", { class: "nbb-line" });
  const hint = h("div", { class: "nbb-hint" });
  const body = h("pre", { tabindex: 0 });
  const summary = h("summary");
  const details = h("details", {}, summary, body);
  const said = h("div", { class: "nbb-hidden", role: "status" });
  const alert = h("div", { class: "nbb-hidden", role: "alert" });
  const root = h("div", { class: "nbb nbb-status" }, sign, h("div", { class: "nbb-words" }, line, hint, details),
    h("div", { class: "nbb-progress", "aria-hidden": "true" }), said, alert);
  el.append(root);

  /** @type {any} */
  let panel = null;
  /** @type {null | "queued" | "gone"} what only the page can know */
  let local = null;
  /** @type {any} */
  let waiting = null;
  /** @type {(() => void)[]} */
  const undo = [];
  const text = (/** @type {string} */ key) => model.get("strings")[key] ?? "";

  function draw() {
    const state = /** @type {keyof typeof SIGNS} */ (local ?? model.get("state"));
    root.dataset.state = state;
    panel?.setAttribute("data-state", state);
    sign.textContent = SIGNS[state] ?? "";
    line.textContent = local ? text(local) : model.get("text");
    hint.textContent = local ? "" : model.get("hint");
    hint.hidden = !hint.textContent;
    summary.textContent = text("details");
    body.textContent = model.get("details");
    details.hidden = !!local || !model.get("details");
  }

  function announce() {
    const urgent = ["error", "blocked", "gone"].includes(model.get("state"));
    alert.textContent = urgent ? model.get("announce") : "";
    said.textContent = urgent ? "" : model.get("announce");
  }

  function run() {
    if (waiting || local === "gone" || panel.querySelector("button.nb-banana-run")?.disabled) return;
    model.send({ t: "run", values: onScreen(panel) });
    waiting = setTimeout(() => { local = "queued"; draw(); }, ACK_MS);
  }

  function acked() {
    clearTimeout(waiting);
    waiting = null;
    if (local === "queued") local = null;
    draw();
  }

  function gone() {
    local = "gone";
    clearTimeout(waiting);
    waiting = null;
    for (const control of panel.querySelectorAll("button,input,select,textarea")) {
      if (!control.closest(".nbb-viewer, .nbb-code")) control.disabled = true;
    }
    alert.textContent = text("gone");
    draw();
  }

  /** @param {HTMLElement} found */
  function join(found) {
    panel = found;
    undo.push(guard(panel));
    /** @param {string} name @param {(event: any) => void} listener @param {boolean} [capture] */
    const on = (name, listener, capture = false) => {
      panel.addEventListener(name, listener, capture);
      undo.push(() => panel.removeEventListener(name, listener, capture));
    };
    on("click", (event) => {
      if (!event.target.closest?.("button.nb-banana-run")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      run();
    }, true);
    on("keydown", (event) => {
      if (event.target.closest?.("dialog")) return;
      const asked = command(event);
      const stop = panel.querySelector("button.nb-banana-stop");
      if (asked === "run" || (asked === "stop" && stop && !stop.disabled)) {
        event.preventDefault();
        event.stopPropagation();
        if (asked === "run") run();
        else stop.click();
      }
    }, true); // before ipywidgets' own listeners, which stop every key in a text field
    const hand = (/** @type {any} */ event, /** @type {DataTransfer | null} */ data) => {
      const found = carried(data);
      const tray = panel.querySelector(".nbb-tray");
      if (!tray || !(found.files.length || (found.addresses.length && event.type === "drop"))) return;
      event.preventDefault();
      event.stopPropagation();
      tray.dispatchEvent(new CustomEvent("nbb-take", { detail: found }));
    };
    on("paste", (event) => hand(event, event.clipboardData));
    on("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) { event.preventDefault(); event.stopPropagation(); } });
    on("drop", (event) => hand(event, event.dataTransfer));
    const living = new MutationObserver(() => { if (panel.classList.contains("jupyter-widgets-disconnected")) gone(); });
    living.observe(panel, { attributes: true, attributeFilter: ["class"] });
    undo.push(() => living.disconnect());
    draw();
  }

  // The view is made before it stands in the page, so the panel around it is looked for once it does.
  let tries = 0;
  const seek = () => {
    const found = /** @type {HTMLElement | null} */ (el.closest(".nb-banana-panel"));
    if (found) join(found);
    else if (tries++ < 600) setTimeout(seek, 15);
  };
  const heard = (/** @type {any} */ message) => { if (message.t === "ack") acked(); };
  model.on("msg:custom", heard);
  const watched = ["state", "text", "hint", "details", "strings"];
  for (const name of watched) model.on(`change:${name}`, draw);
  model.on("change:announce", announce);
  draw();
  seek();
  model.send({ t: "page", lang: document.documentElement.lang });
  return () => {
    tries = Infinity;
    clearTimeout(waiting);
    for (const action of undo) action();
    model.off("msg:custom", heard);
    for (const name of watched) model.off(`change:${name}`, draw);
    model.off("change:announce", announce);
  };
}

export default { render };
