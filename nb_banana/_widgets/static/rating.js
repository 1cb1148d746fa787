// @ts-check
/**
 * Blind rating: two results, or one, beside their input, and a vote by key or button. The page knows pictures and a
 * key drawn by lot; whose they are it is told when the names are revealed.
 */
import { FIT, panned, zoomed } from "./geometry.js";
import { around, fill, guard, h, listen } from "./dom.js";

/** @typedef {{head: string[], rows: string[][]}} Counted */
/** @typedef {{phase: "name" | "rate" | "done" | "revealed" | "nothing", mode: "pairs" | "single", question: string, said: {text: string, problem: boolean, at: number},
 *   rater: string, done: number, count: number, progress: string, left_out: string, undo: boolean, told: string, key: string, pair: string, criterion: string,
 *   step: number[], instruction: string, inputs: number, findings: string[], own: string[][], tally: Counted[]}} RatingState */
/** @typedef {import("./types.js").Model<{state: RatingState, strings: import("./types.js").Words}>} RatingModel */

const CONTROL = /Mac|iP/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl";
const SILENT_MS = 4000;
const PAN = 0.1;
/** @type {Record<string, Record<string, object>>} what each key says, by the kind of rating */
export const SAID = {
  pairs: { 1: { choice: "left" }, 0: { choice: "tie" }, 2: { choice: "right" }, b: { choice: "both_bad" }, s: { choice: "skip" } },
  single: { ...Object.fromEntries([1, 2, 3, 4, 5].map((at) => [at, { score: at }])), s: { choice: "skip" } },
};

/** What a key does: a vote, `undo`, a zoom, or nothing. @param {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, repeat?: boolean}} event @param {"pairs" | "single"} mode */
export function meant({ key, ctrlKey, metaKey, altKey, repeat }, mode) {
  const name = key.toLowerCase();
  if (altKey) return null;
  if (ctrlKey || metaKey) return name === "z" && !repeat ? { undo: true } : null;
  const zoom = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 }[name];
  if (zoom) return { zoom };
  if (name in ARROWS) return { pan: ARROWS[name] };
  if (repeat) return null;
  if (name === "u") return { undo: true };
  return name in SAID[mode] ? { vote: SAID[mode][name] } : null;
}

/** @type {Record<string, number[]>} */
const ARROWS = { arrowleft: [PAN, 0], arrowright: [-PAN, 0], arrowup: [0, PAN], arrowdown: [0, -PAN] };

/** @param {string} act @param {import("./types.js").Child[]} inside */
const act = (act, ...inside) => h("button", { type: "button", "data-act": act }, ...inside);

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) => h("table", {}, head.length ? h("thead", {}, h("tr", {}, ...head.map((one) => h("th", { scope: "col" }, one)))) : null,
  h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((one) => h("td", { dir: "auto" }, one))))));

class Rating {
  /** @param {RatingModel} model */
  constructor(model) {
    this.model = model;
    this.view = FIT;
    /** @type {{key: string, urls: string[], width: number, height: number} | null} the pictures that came last */
    this.came = null;
    this.shown = "";
    this.input = 0;
    this.since = 0;
    this.waiting = 0;
    this.heard = -1;
    this.drawn = this.key = "";
    /** @type {ReturnType<Rating["pane"]>[]} the results, and after them the input */
    this.all = [];
    this.status = h("p", { class: "nbb-hint nbb-said", role: "status" });
    this.alert = h("p", { class: "nbb-problem", role: "alert" });
    this.body = h("div", { class: "nbb-body" });
    this.dialog = h("dialog", { "aria-labelledby": "" });
    this.root = h("div", {
      class: "nbb nbb-rate", role: "group", tabindex: -1,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event),
      onkeyup: (/** @type {KeyboardEvent} */ event) => { if (event.key === " ") this.root.classList.remove("nbb-held"); },
      onfocusout: () => this.root.classList.remove("nbb-held"),
      onclick: (/** @type {MouseEvent} */ event) => this.clicked(event),
    }, this.body, this.status, this.alert, this.dialog);
  }

  /** @param {string} key @param {Record<string, unknown>} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], { ctrl: CONTROL, ...values });
  }

  get state() { return this.model.get("state"); }

  /** @param {object} message */
  send(message) {
    try {
      this.model.send(message);
    } catch {
      // no kernel: the waiting says so
    }
  }

  /** Send what changes something, and wait until Python says that it is kept. @param {object} message */
  ask(message) {
    if (this.waiting) return;
    this.alert.textContent = "";
    this.status.textContent = this.text("saving");
    this.waiting = setTimeout(() => {
      // asked again it is still done once
      this.waiting = 0;
      this.buttons();
      this.status.textContent = "";
      this.alert.textContent = `⚠ ${this.text("silent")}`;
    }, SILENT_MS);
    this.send({ at: this.state.said.at, ...message });
    this.buttons();
  }

  /** Python has answered. */
  answered() {
    clearTimeout(this.waiting);
    this.waiting = 0;
    const { said } = this.state;
    if (!said || said.at === this.heard) return;
    this.heard = said.at;
    this.status.textContent = said.problem ? "" : said.text;
    this.alert.textContent = said.problem ? `⚠ ${said.text}` : "";
  }

  draw() {
    const { state } = this;
    if (!state.phase) return;
    const within = this.root.contains(document.activeElement);
    const other = `${state.phase}/${state.mode}/${state.inputs}/${state.step?.[1]}`;
    this.root.ariaLabel = this.text("title");
    if (other !== this.drawn || state.phase !== "rate") {
      this.drawn = other;
      this.shown = "";
      this.dialog.close();
      this.body.replaceChildren(...this[state.phase]());
      if (state.phase === "rate") this.gestures();
    }
    if (state.phase === "rate") this.fill();
    else this.forget();
    this.answered();
    this.buttons();
    if (within && !this.root.contains(document.activeElement)) this.focus();
  }

  focus() {
    /** @type {HTMLElement} */ (this.body.querySelector("input, [data-focus]") ?? this.root).focus({ preventScroll: true });
  }

  // --- the pages ---------------------------------------------------------------------------------

  nothing() {
    return [h("p", {}, this.state.told), h("p", { class: "nbb-hint" }, this.state.left_out)];
  }

  name() {
    const begin = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (field.value.trim()) this.ask({ t: "begin", name: field.value });
    };
    // JupyterLab keeps Enter from a form
    const enter = (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" && !event.isComposing) begin(event); };
    const field = h("input", { type: "text", maxlength: 80, required: true, autocomplete: "name", onkeydown: enter });
    return [h("form", { class: "nbb-start", onsubmit: begin },
      h("h2", {}, this.state.question), h("p", {}, this.text(`intro_${this.state.mode}`)),
      h("label", {}, h("span", {}, this.text("name")), field),
      h("p", { class: "nbb-hint" }, this.text("name_hint")),
      h("button", { type: "submit", class: "nbb-main" }, this.text("begin")))];
  }

  /** Who rates, how far, and what can be done at any time. @param {import("./types.js").Child[]} more */
  head(...more) {
    const { rater } = this.state;
    return h("div", { class: "nbb-row nbb-head" }, this.bar = h("progress", {}), this.far = h("strong", { class: "nbb-far" }),
      h("span", { class: "nbb-hint" }, this.text("rater", { rater })), h("span", { class: "nbb-row nbb-end" }, ...more));
  }

  /** What is seldom done, and what is not shown. @param {import("./types.js").Child[]} more */
  foot(...more) {
    this.rest = h("span", { class: "nbb-hint" }, this.state.left_out);
    return h("div", { class: "nbb-row nbb-foot" }, act("change", this.text("change")), ...more, this.rest);
  }

  rate() {
    const { mode, inputs } = this.state;
    const names = mode === "pairs" ? [this.text("picture", { at: 1 }), this.text("picture", { at: 2 })] : [this.text("result")];
    this.panes = names.map((name, at) => this.pane(name, `nbb-result nbb-at${at}`));
    const input = inputs ? [this.pane(this.text("input"), "nbb-input")] : [];
    this.inputs = inputs > 1 ? Array.from({ length: inputs }, (_, at) => h("button", { type: "button", "data-input": at, title: this.text("input_at", { at: at + 1 }), "aria-label": this.text("input_at", { at: at + 1 }) }, String(at + 1))) : [];
    if (input.length) input[0].figure.append(h("div", { class: "nbb-row nbb-inputs" }, ...this.inputs));
    this.all = [...this.panes, ...input];
    this.question = h("h2", { "data-focus": true, tabindex: -1 });
    this.step = h("span", { class: "nbb-hint" });
    this.instruction = h("p", { class: "nbb-instruction", dir: "auto" });
    this.loading = h("p", { class: "nbb-hint nbb-loading" });
    const zooms = h("span", { class: "nbb-row nbb-zooms", role: "group", "aria-label": this.text("zoom") }, ...["zoom_out", "fit", "zoom_in"].map((name, at) =>
      h("button", { type: "button", "data-act": name, title: this.text(name), "aria-label": this.text(name) }, ["−", this.text("fit"), "+"][at])));
    return [this.head(zooms, act("undo", "↶ ", this.text("undo"), h("kbd", {}, "U"))),
      h("div", { class: "nbb-ask" }, this.question, this.step, this.instruction),
      h("div", { class: `nbb-panes nbb-${mode}${inputs ? " nbb-with" : ""}` }, ...[...input, ...this.panes].map(({ figure }) => figure), this.loading),
      h("div", { class: "nbb-row nbb-votes", role: "group" }, ...this.choices()),
      h("p", { class: "nbb-hint nbb-keys" }, h("strong", {}, this.text("click")), " ", this.text(`keys_${mode}`)), this.foot(act("reveal", this.text("reveal")))];
  }

  choices() {
    const single = this.state.mode === "single";
    const words = /** @type {Record<string, string>} */ ({ 1: "left", 0: "tie", 2: "right", b: "both_bad", s: "skip" });
    const signs = /** @type {Record<string, string>} */ ({ 1: "◀", 0: "=", 2: "▶", b: "✕", s: "»" });
    const keys = single ? ["1", "2", "3", "4", "5", "s"] : ["1", "0", "2", "b", "s"];
    return keys.map((key) => h("button", {
      type: "button", "data-vote": key, class: key === "s" ? "nbb-less" : "", "aria-keyshortcuts": key.toUpperCase(),
      "aria-label": single && key !== "s" ? this.text("stars", { at: key }) : null,
    }, h("kbd", {}, key.toUpperCase()), single && key !== "s" ? "★".repeat(Number(key)) : h("span", { class: "nbb-sign", "aria-hidden": "true" }, signs[key]), single && key !== "s" ? "" : this.text(words[key])));
  }

  done() {
    return [this.head(act("undo", "↶ ", this.text("undo"), h("kbd", {}, "U"))), h("h2", { "data-focus": true, tabindex: -1 }, `✓ ${this.text("done", { count: this.state.count })}`),
      h("p", {}, this.text("done_hint")), this.foot(act("reveal", this.text("reveal")))];
  }

  revealed() {
    const { rater, findings, tally, own } = this.state;
    const asked = own.some(([, criterion]) => criterion);
    const names = this.state.mode === "pairs" ? "own_names" : "own_name";
    const heads = ["own_what", "own_asked", names, "own_said"].map((one) => this.text(one));
    const shorter = (/** @type {string[]} */ row) => row.filter((_, at) => asked || at !== 1);
    return [this.head(), h("h2", { "data-focus": true, tabindex: -1 }, this.text("revealed", { rater })), ...findings.map((one) => h("p", { dir: "auto" }, one)),
      h("h3", {}, this.text("tally")), ...tally.map(({ head, rows: counts }) => table(head, counts)),
      h("details", {}, h("summary", {}, this.text("own", { rater })), table(shorter(heads), own.map(shorter))), this.foot()];
  }

  /** One picture with its name, and the input over it while that is held. @param {string} name @param {string} kind */
  pane(name, kind) {
    const [image, over] = [h("img", { alt: name, draggable: "false" }), h("img", { alt: "", class: "nbb-over", draggable: "false" })];
    const mover = h("div", { class: "nbb-mover" }, image, over);
    const tag = h("figcaption", { class: "nbb-tag" }, name);
    return { image, over, mover, tag, figure: h("figure", { class: `nbb-pane ${kind}` }, h("div", { class: "nbb-frame" }, mover), tag) };
  }

  // --- one pair ----------------------------------------------------------------------------------

  fill() {
    const { question, criterion, step: [at, count], instruction } = this.state;
    /** @type {HTMLElement} */ (this.question).textContent = criterion || question;
    /** @type {HTMLElement} */ (this.step).textContent = count > 1 ? `${criterion ? `${question} · ` : ""}${this.text("step", { at, count })}` : "";
    /** @type {HTMLElement} */ (this.instruction).textContent = instruction && this.text("instruction", { text: instruction });
    /** @type {HTMLElement} */ (this.rest).textContent = this.state.left_out;
    if (this.key !== this.state.key) this.since = performance.now();
    this.key = this.state.key;
    this.picture();
  }

  /** Show the pictures together, once all of them are here and decoded. */
  async picture() {
    const { state, came } = this;
    const ready = came?.key === state.pair;
    const loading = /** @type {HTMLElement} */ (this.loading);
    if (this.shown === state.pair) return;
    loading.textContent = this.text("loading");
    this.root.classList.add("nbb-late");
    if (!ready || !came) return;
    const { all } = this;
    try {
      await Promise.all(came.urls.map((src) => Object.assign(new Image(), { src }).decode()));
    } catch {
      loading.textContent = this.text("unseen");
      return;
    }
    if (this.came !== came || this.state.pair !== came.key || this.all !== all) return;
    this.input = 0;
    this.panes?.forEach(({ image }, at) => { image.src = came.urls[at]; });
    this.root.style.setProperty("--nbb-ratio", String(came.width / came.height));
    this.before();
    this.look(FIT);
    this.shown = state.pair;
    this.since = performance.now();
    loading.textContent = "";
    this.root.classList.remove("nbb-late");
    this.buttons();
  }

  /** The input that is looked at, in its own pane and, while held, over the results. */
  before() {
    const results = this.panes?.length ?? 0;
    const src = this.came?.urls[results + this.input];
    for (const { over } of this.panes ?? []) if (src) over.src = src;
    const own = this.all[results];
    if (own && src) own.image.src = src;
    this.inputs?.forEach((button, at) => { button.ariaPressed = String(at === this.input); });
  }

  /** @param {{key: string, mime: string, width: number, height: number}} told @param {DataView<ArrayBuffer>[]} buffers */
  take({ key, mime, width, height }, buffers) {
    if (this.came?.key === key) return;
    this.forget();
    this.came = { key, width, height, urls: buffers.map((data) => URL.createObjectURL(new Blob([data], { type: mime }))) };
    if (this.state.phase === "rate" && this.panes) this.picture();
  }

  forget() {
    for (const url of this.came?.urls ?? []) URL.revokeObjectURL(url);
    this.came = null;
  }

  /** @param {import("./geometry.js").View} view */
  look(view) {
    this.view = view;
    for (const { mover } of this.all) mover.style.transform = view.s === 1 ? "" : `translate(${100 * view.x}%, ${100 * view.y}%) scale(${view.s})`;
    this.root.classList.toggle("nbb-zoomed", view.s > 1);
    for (const { figure } of this.all) figure.style.touchAction = view.s > 1 ? "none" : "pan-y";
  }

  /** A point of the screen in parts of the picture it lies on. @param {PointerEvent | MouseEvent} event */
  place(event) {
    const box = around(event, ".nbb-frame")?.getBoundingClientRect();
    return box ? [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] : null;
  }

  gestures() {
    /** @type {number[] | null} */
    let from = null;
    for (const { figure } of this.all) {
      const frame = /** @type {HTMLElement} */ (figure.firstElementChild);
      frame.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        from = this.place(event);
        frame.setPointerCapture(event.pointerId);
      });
      frame.addEventListener("pointermove", (event) => {
        const to = from && this.place(event);
        if (!from || !to) return;
        this.look(panned(this.view, to[0] - from[0], to[1] - from[1]));
        from = to;
      });
      for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => { from = null; });
      frame.addEventListener("dblclick", (event) => this.look(this.view.s > 1 ? FIT : zoomed(this.view, 3, ...this.place(event) ?? [])));
      frame.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.look(zoomed(this.view, Math.exp(-event.deltaY / 300), ...this.place(event) ?? []));
      }, { passive: false });
    }
  }

  // --- what people do ----------------------------------------------------------------------------

  /** Whether a vote can be given now: the pictures are seen, and the last vote is kept. */
  get open() {
    return this.state.phase === "rate" && this.shown === this.state.pair && !this.waiting;
  }

  buttons() {
    const { state } = this;
    const seen = this.body.querySelectorAll("[data-vote]");
    for (const button of seen) button.toggleAttribute("disabled", !this.open && !(button.getAttribute("data-vote") === "s" && !this.waiting));
    for (const button of this.body.querySelectorAll("[data-act=undo]")) button.toggleAttribute("disabled", !state.undo || !!this.waiting);
    if (this.bar) Object.assign(this.bar, { max: state.count || 1, value: state.done || 0, ariaLabel: state.progress ?? "" });
    if (this.far) this.far.textContent = state.progress ?? "";
    // a button that is disabled under the focus takes the keys with it
    if (this.root.querySelector(":disabled:focus")) this.focus();
  }

  /** @param {object} said */
  vote(said) {
    const skips = "choice" in said && said.choice === "skip" && this.state.phase === "rate" && !this.waiting;
    if (!this.open && !skips) return;
    this.ask({ t: "vote", key: this.state.key, seconds: Math.round(performance.now() - this.since) / 1000, ...said });
  }

  undo() {
    if (this.state.undo && !this.waiting && ["rate", "done"].includes(this.state.phase)) this.ask({ t: "undo" });
  }

  reveal() {
    const { count, done } = this.state;
    const sure = h("p", { id: `nbb-${this.state.pair ?? "sure"}` }, `⚠ ${this.text("reveal_sure", { left: count - done })}`);
    this.dialog.replaceChildren(sure, h("div", { class: "nbb-row" }, act("keep", this.text("reveal_no")), act("told", this.text("reveal_yes"))));
    this.dialog.setAttribute("aria-labelledby", sure.id);
    this.dialog.showModal();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const button = around(event, "button");
    if (!(button instanceof HTMLElement)) {
      // a click on the pictures brings the keys here
      if (around(event, ".nbb-panes, .nbb-ask")) this.focus();
      return;
    }
    const { vote, input, act: does } = button.dataset;
    if (vote) this.vote(SAID[this.state.mode][vote]);
    else if (input) {
      this.input = Number(input);
      this.before();
    } else if (does === "undo") this.undo();
    else if (does === "change") this.ask({ t: "change" });
    else if (does === "reveal") this.reveal();
    else if (does === "keep" || does === "told") {
      this.dialog.close();
      if (does === "told") this.ask({ t: "reveal" });
    } else if (does === "fit") this.look(FIT);
    else if (does === "zoom_in" || does === "zoom_out") this.look(zoomed(this.view, does === "zoom_in" ? 1.5 : 1 / 1.5));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (around(event, "input, dialog, summary") || !["rate", "done"].includes(this.state.phase)) return;
    if (event.key === " " && !around(event, "button")) {
      event.preventDefault();
      if (this.state.inputs) this.root.classList.add("nbb-held");
      return;
    }
    const does = meant(event, this.state.mode);
    if (!does || (does.pan && this.view.s === 1)) return;
    event.preventDefault();
    event.stopPropagation();
    if (does.vote) this.vote(does.vote);
    else if (does.undo) this.undo();
    else if (does.zoom) this.look(zoomed(this.view, does.zoom));
    else if (does.pan) this.look(panned(this.view, does.pan[0], does.pan[1]));
  }
}

/** @param {{model: RatingModel, el: HTMLElement}} context */
function render({ model, el }) {
  const rating = new Rating(model);
  const unheard = listen(model, {
    "change:state": () => rating.draw(),
    "change:strings": () => {
      rating.drawn = "";
      rating.draw();
    },
    "msg:custom": (/** @type {any} */ told, /** @type {DataView<ArrayBuffer>[]} */ buffers) => { if (told.t === "pair") rating.take(told, buffers); },
  });
  el.append(rating.root);
  const unguard = guard(rating.root);
  rating.draw();
  rating.send({ t: "page", lang: document.documentElement.lang });
  rating.send({ t: "want" });
  return () => {
    unguard();
    unheard();
    clearTimeout(rating.waiting);
    rating.forget();
  };
}

export default { render };
