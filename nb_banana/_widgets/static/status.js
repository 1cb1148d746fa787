// @ts-check
/**
 * The status line: what goes on, a word when the kernel is busy or gone.
 *
 * A click on Run is sent from here with the values as they stand on the screen: ipywidgets may hold
 * back a changed value while the kernel is busy, and would run the old prompt.
 */
import { buttonOf, disable, join, onScreen } from "./panel.js";
import { h, listen } from "./dom.js";
import { attend } from "./focus.js";
import { openSheet, teller } from "./sheet.js";

/** @typedef {{state: string, text: string, hint: string, details: string, announce: string,
 *   blanks: string[], strings: import("./types.js").Words}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */

/** @type {Record<string, string>} */
export const SIGNS = {
  empty: "○", loaded: "●", running: "", long: "", done: "✓", partial: "◐", no_image: "¶", blocked: "⊘",
  error: "!", cancelled: "■", queued: "…", gone: "✕",
};
const ACK_MS = 500;
const LOOK_MS = 500;

/** Whether the page knows that there is no kernel any more. Jupyter tells no widget when one is shut down: its manager has
 * none then. @param {Model} model */
function isGone({ widget_manager: manager }) {
  const kernel = manager?.kernel;
  return kernel === null || !!kernel?.isDisposed || kernel?.status === "dead";
}

/** Ask how things stand whenever a broken connection is mended: Jupyter itself asks once, and gives up on a kernel that is
 * busy for some seconds; what was said meanwhile is lost then. @param {Model} model @param {() => void} ask @returns {() => void} what stops it */
function whenBack({ widget_manager: manager }, ask) {
  const signal = manager?.kernel?.connectionStatusChanged;
  /** @type {(kernel: unknown, status: string) => void} */
  const heard = (_, status) => { if (status === "connected") ask(); };
  signal?.connect(heard);
  return () => signal?.disconnect(heard);
}

function parts() {
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
  return { sign, line, hint, body, summary, details, said, alert, root };
}

class Status {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.parts = parts();
    /** @type {HTMLElement | null} */
    this.panel = null;
    /** @type {"" | "queued" | "gone"} what only the page can know */
    this.local = "";
    this.waiting = 0;
    /** @type {ReturnType<typeof join> | null} */
    this.joined = null;
    this.tell = teller((key) => this.text(key));
    this.looking = setInterval(() => { if (isGone(model)) this.gone(); }, LOOK_MS);
    this.leave = () => {};
    this.ask = () => this.send({ t: "earlier" });
    this.names = () => model.get("blanks");
  }

  /** @param {string} key */
  text(key) {
    return this.model.get("strings")[key] ?? "";
  }

  /** @param {object} message @returns {boolean} whether it could be sent at all */
  send(message) {
    try {
      this.model.send(message);
      return true;
    } catch {
      this.gone();
      return false;
    }
  }

  /** The focus goes to what is chosen so, on the surface this line is part of. @param {string} way a selector */
  point(way) {
    attend(this.parts.root.closest(`:has(${way})`)?.querySelector(way));
  }

  sheet() {
    openSheet(this.parts.root, this.model.get("strings"));
  }

  draw() {
    const { sign, line, hint, body, summary, details, root } = this.parts;
    const state = this.local || this.model.get("state");
    root.dataset.state = state;
    this.tell(state);
    this.panel?.setAttribute("data-state", state);
    sign.textContent = SIGNS[state] ?? "";
    line.textContent = this.local ? this.text(this.local) : this.model.get("text");
    hint.textContent = this.local ? "" : this.model.get("hint");
    hint.hidden = !hint.textContent;
    summary.textContent = this.text("details");
    body.textContent = this.model.get("details");
    details.hidden = !!this.local || !this.model.get("details");
  }

  announce() {
    const urgent = ["error", "blocked", "gone"].includes(this.model.get("state"));
    this.parts.alert.textContent = urgent ? this.model.get("announce") : "";
    this.parts.said.textContent = urgent ? "" : this.model.get("announce");
  }

  run() {
    const { panel } = this;
    if (!panel || this.waiting || this.local === "gone" || buttonOf(panel, "run")?.disabled) return;
    // A field that tells what was typed only when it is left, as the budget does, tells it now.
    const typing = /** @type {HTMLElement | null} */ (panel.querySelector("input:focus"));
    typing?.blur();
    typing?.focus();
    /** @type {HTMLInputElement | null} */
    const source = panel.querySelector(".nbb-source");
    if (!this.send({ t: "run", values: { ...onScreen(panel), source: source?.value } })) return;
    if (source) source.value = "";
    this.joined?.prompt.sent();
    this.waiting = setTimeout(() => {
      this.local = "queued";
      this.draw();
    }, ACK_MS);
  }

  answered() {
    clearTimeout(this.waiting);
    this.waiting = 0;
  }

  acked() {
    this.answered();
    if (this.local === "queued") this.local = "";
    this.draw();
  }

  gone() {
    if (this.local === "gone") return;
    this.answered();
    clearInterval(this.looking);
    this.local = "gone";
    if (this.panel) disable(this.panel);
    this.parts.alert.textContent = this.text("gone");
    this.draw();
  }

  /** The view is made before it stands in the page: the panel around it is there once the line has a size. */
  settle() {
    const placed = new ResizeObserver(() => {
      this.panel = this.parts.root.closest(".nb-banana-panel");
      if (!this.panel) return;
      placed.disconnect();
      this.joined = join(this.panel, this);
      this.leave = this.joined.leave;
      if (this.local === "gone") disable(this.panel);
      this.draw();
    });
    placed.observe(this.parts.root);
    this.leave = () => placed.disconnect();
  }
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const status = new Status(model);
  const draw = () => status.draw();
  const unheard = listen(model, {
    "msg:custom": (message) => {
      if (message.t === "ack") status.acked();
      else if (message.t === "point") setTimeout(() => status.point(message.way), 30);
      else if (message.t === "earlier") status.joined?.prompt.earlier(message.prompts);
    },
    "change:blanks": () => status.joined?.prompt.fill(),
    ...Object.fromEntries(["state", "text", "hint", "details", "strings"].map((name) => [`change:${name}`, draw])),
    "change:announce": () => status.announce(),
  });
  el.append(status.parts.root);
  draw();
  status.settle();
  status.send({ t: "page", lang: document.documentElement.lang });
  const unasked = whenBack(model, () => status.send({ t: "again" }));
  return () => {
    unasked();
    status.answered();
    clearInterval(status.looking);
    status.leave();
    unheard();
  };
}

export default { render };
