// @ts-check
/** Drawing on a picture. A shape goes to Python at its end; until then only it is painted, over the rest. */
import { fill, guard, h, listen } from "./dom.js";
import { again, drawn, fine, INKS, kept, paint, standing, stepped } from "./shapes.js";

/** @typedef {import("./shapes.js").Shape} Shape */
/** @typedef {{picture: import("./types.js").Picture | null, shapes: Shape[], undone: Shape[], words: string, problem: string, active: boolean,
 *   strings: import("./types.js").Words}} Traits */
/** @typedef {import("./types.js").Model<Traits>} Model */
/** @typedef {import("./types.js").Child} Child */
/** @typedef {import("./shapes.js").Log} Log */

/** @type {Record<string, string>} */
const ICONS = {
  brush: "M13.5 2.5 7 9M3 13.5c0-2.5 1-4 3-4s2 3.5-.5 4H3", eraser: "M6 13.5 2.5 10l7-7L13 6.5l-7 7zM6 6.5l3.5 3.5M6 13.5h8",
  box: "M2.5 3.5h11v9h-11z", lasso: "M5.5 10C3 9.5 2 8.3 2 7c0-2.5 2.7-4.5 6-4.5s6 2 6 4.5-2.7 4-6 4c-3 0-3.5 1.5-2 3",
  arrow: "M2.5 13.5 13 3M7 3h6v6", text: "M3 4.5V3h10v1.5M8 3v10M6 13h4",
};
const TOOLS = Object.keys(ICONS);
const NUMBERS = ["left", "top", "width", "height"];
/** @type {Record<string, number[]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @param {number} share */
const percent = (share) => Math.round(100 * share);

class Easel {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.tool = "brush";
    /** @type {Shape | null} */
    this.live = null;
    this.at = [0.5, 0.5];
    this.wanted = this.url = "";
    this.own = false;
    /** @type {Record<string, HTMLElement>} */
    this.words = {};
    /** @param {string} name */
    const worded = (name) => (this.words[name] = h("span"));
    /** @param {string} name @param {...Child} parts */
    const field = (name, ...parts) => h("label", {}, worded(name), ...parts);
    /** @param {string} name @param {() => void} pressed */
    const tool = (name, pressed) => {
      const icon = name in ICONS && h("span", { class: "nbb-svg", "aria-hidden": "true" });
      if (icon) icon.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5"><path d="${ICONS[name]}"/></svg>`;
      return h("button", { type: "button", onclick: pressed }, icon, worded(name));
    };
    this.tools = TOOLS.map((name) => tool(name, () => this.choose(name)));
    this.size = h("input", { type: "range", min: 1, max: 20, value: 4 });
    this.colour = h("select", {}, ...Object.keys(INKS).map((name) => h("option", { value: name })));
    this.dot = h("span", { class: "nbb-dot", "aria-hidden": "true" });
    this.label = h("input", { type: "text", maxlength: 200 });
    this.labelled = field("label", this.label);
    this.undo = tool("undo", () => this.go(stepped));
    this.redo = tool("redo", () => this.go(again));
    this.clear = tool("clear", () => this.go((log) => drawn(log, { kind: "clear", points: [] })));
    this.screen = tool("screen", () => this.toggleScreen());
    this.image = h("img", { draggable: "false", alt: "" });
    this.base = h("canvas");
    this.over = h("canvas");
    this.cross = h("div", { class: "nbb-cross" });
    const help = h("p", { class: "nbb-hint", id: `nbb-help-${Math.random().toString(36).slice(2)}` });
    this.words.help = help;
    this.frame = h("div", { class: "nbb-frame", tabindex: 0, role: "application", "aria-describedby": help.id }, this.image, this.base, this.over, this.cross);
    this.said = h("div", { class: "nbb-hint", role: "status" });
    this.numbers = NUMBERS.map(() => h("input", { type: "number", min: 0, max: 100 }));
    this.told = h("input", { type: "text", maxlength: 200, onchange: () => this.set({ words: this.told.value }) });
    /** @param {...Child} parts */
    const row = (...parts) => h("div", { class: "nbb-row" }, ...parts);
    this.bar = h("div", { class: "nbb-tools", role: "group" }, ...this.tools);
    this.main = h("div", { class: "nbb-main" }, this.bar,
      row(field("size", this.size), field("colour", this.dot, this.colour), this.labelled),
      h("div", { class: "nbb-stage" }, this.frame),
      row(this.undo, this.redo, this.clear, this.screen), this.said,
      h("details", {}, h("summary", {}, worded("describe")),
        row(...this.numbers.map((input, at) => field(NUMBERS[at], input, "%")), tool("add", () => this.addBox())),
        field("words", this.told)),
      h("details", {}, h("summary", {}, worded("keys")), help));
    this.dialog = h("dialog", { class: "nbb nbb-dialog", onclose: () => { this.root.prepend(this.main); this.screen.focus(); } });
    /** @type {[Element, string][]} */
    this.named = [[this.frame, "stage"], [this.dialog, "stage"], [this.bar, "tools"]];
    this.root = h("div", { class: "nbb nbb-easel" }, this.main, this.dialog);
  }

  /** @param {string} key @param {Record<string, unknown>} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], values);
  }

  /** @param {Partial<Traits>} traits */
  set(traits) {
    const { model } = this;
    // @ts-expect-error - each value is of its own trait
    for (const [name, value] of Object.entries(traits)) model.set(name, value);
    model.save_changes();
    // While the kernel is busy ipywidgets holds all changes but the first back, and a click would overtake them.
    model.send({ t: "drawn", ...traits });
  }

  /** @returns {Log} */
  get log() {
    return { shapes: this.model.get("shapes"), undone: this.model.get("undone") };
  }

  /** @param {(log: Log) => Log} step */
  go(step) {
    this.drop();
    this.set(step(this.log));
    this.told_();
  }

  /** @param {string} name of a tool */
  choose(name) {
    this.drop();
    this.tool = name;
    this.tools.forEach((button, at) => button.setAttribute("aria-pressed", String(TOOLS[at] === name)));
    this.labelled.hidden = name !== "text";
    this.over.style.opacity = name === "brush" ? "0.5" : "1";
  }

  /** The shape that begins at a point. @param {number[]} point */
  begin(point) {
    const text = this.label.value.trim();
    if (this.tool === "text" && !text) {
      this.said.textContent = this.text("label_first");
      this.label.focus();
      return;
    }
    const corner = this.tool === "box" || this.tool === "arrow" ? point : [];
    this.live = { kind: this.tool, points: [...point, ...corner], width: Number(this.size.value) / 100 / (this.tool === "text" ? 1.5 : 1), colour: this.colour.value, text };
    this.show(0);
    if (this.tool === "text") this.finish();
  }

  /** @param {number[]} points the shape goes on through them */
  extend(points) {
    const { live } = this;
    if (!live) return;
    const from = live.points.length;
    if (live.kind === "box" || live.kind === "arrow") live.points.splice(2, 2, ...points.slice(-2));
    else live.points.push(...points);
    this.show(from);
  }

  /** Paint the live shape; of a stroke only what came after a place in its points. @param {number} from */
  show(from) {
    const { live } = this;
    if (!live) return;
    const stroke = live.kind === "brush" || live.kind === "eraser";
    const ctx = this.context(live.kind === "eraser" ? this.base : this.over);
    if (!stroke) ctx.clearRect(0, 0, this.over.width, this.over.height);
    const part = stroke ? { ...live, points: live.points.slice(Math.max(0, from - 2)) } : live;
    paint(ctx, part, this.over.width, this.over.height, true);
  }

  finish() {
    const shape = this.live && kept(this.live);
    const erased = this.live?.kind === "eraser";
    this.drop(!!shape && erased);
    if (!shape) return;
    if (!erased) paint(this.context(this.base), shape, this.base.width, this.base.height);
    this.own = true;
    this.set(drawn(this.log, shape));
    this.own = false;
    this.told_();
  }

  /** Give the shape up that is being drawn. @param {boolean} [stays] what it did to the others stays */
  drop(stays = false) {
    const erased = this.live?.kind === "eraser" && !stays;
    this.live = null;
    this.context(this.over).clearRect(0, 0, this.over.width, this.over.height);
    if (erased) this.redraw();
  }

  /** @param {HTMLCanvasElement} canvas */
  context(canvas) {
    return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  redraw() {
    if (this.own) return;
    const { width, height } = this.base;
    this.context(this.base).clearRect(0, 0, width, height);
    for (const shape of standing(this.model.get("shapes"))) paint(this.context(this.base), shape, width, height);
    this.buttons();
  }

  buttons() {
    const { shapes, undone } = this.log;
    this.undo.disabled = !shapes.length;
    this.redo.disabled = !undone.length;
    this.clear.disabled = !standing(shapes).length;
  }

  told_() {
    const all = standing(this.model.get("shapes"));
    const last = all.at(-1);
    this.said.textContent = last ? this.text("drawn", { what: this.text(last.kind), count: all.length }) : this.text("none");
    this.buttons();
  }

  /** The canvases have the pixels of the screen. */
  resize() {
    const [width, height] = [this.frame.clientWidth, this.frame.clientHeight].map((edge) => Math.round(edge * Math.min(2, devicePixelRatio)));
    if (!width || (this.base.width === width && this.base.height === height)) return;
    for (const canvas of [this.base, this.over]) Object.assign(canvas, { width, height });
    this.redraw();
    this.show(0);
  }

  addBox() {
    const [left, top, width, height] = this.numbers.map((input) => Number(input.value) / 100);
    const shape = kept({ kind: "box", points: [left, top, left + width, top + height], colour: this.colour.value });
    if (shape) this.go((log) => drawn(log, shape));
  }

  toggleScreen() {
    if (this.dialog.open) return this.dialog.close();
    this.dialog.append(this.main);
    this.dialog.showModal();
    this.screen.focus();
  }

  draw() {
    const picture = this.model.get("picture");
    this.main.hidden = !picture || !this.model.get("active");
    if (this.main.hidden || !picture) return;
    this.frame.style.setProperty("--nbb-ratio", String(picture.width / picture.height));
    if (this.wanted !== picture.key) {
      this.wanted = picture.key;
      this.image.removeAttribute("src");
      this.model.send({ t: "want", key: picture.key });
    }
    this.told.value = this.model.get("words");
    if (this.model.get("problem")) this.said.textContent = this.model.get("problem");
    this.resize();
    this.redraw();
  }

  /** @param {{key: string, mime: string}} message @param {DataView<ArrayBuffer>} buffer */
  came({ key, mime }, buffer) {
    if (key !== this.wanted) return;
    URL.revokeObjectURL(this.url);
    this.image.src = this.url = URL.createObjectURL(new Blob([buffer], { type: mime }));
  }

  name() {
    for (const [key, part] of Object.entries(this.words)) part.textContent = this.text(key);
    for (const option of this.colour.options) option.textContent = this.text(option.value);
    for (const [part, key] of this.named) part.setAttribute("aria-label", this.text(key));
    this.told.placeholder = this.text("words_like");
    this.draw();
  }
}

/** @param {Easel} easel */
function point(easel) {
  const { frame } = easel;
  let held = 0;
  /** @param {PointerEvent[]} events */
  const places = (events) => {
    const box = frame.getBoundingClientRect();
    return events.flatMap(({ clientX, clientY }) => [(clientX - box.left) / box.width, (clientY - box.top) / box.height].map((at) => Math.min(1, Math.max(0, at))));
  };
  frame.addEventListener("pointerdown", (event) => {
    if (event.button || held) return;
    frame.setPointerCapture(held = event.pointerId);
    frame.classList.remove("nbb-keyed");
    easel.drop();
    easel.begin(places([event]));
  });
  frame.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held) return;
    const all = event.getCoalescedEvents?.() ?? [];
    easel.extend(places(all.length ? all : [event]));
  });
  /** @param {PointerEvent} event @param {() => void} ends */
  const over = (event, ends) => {
    if (event.pointerId !== held) return;
    held = 0;
    ends();
  };
  frame.addEventListener("pointerup", (event) => over(event, () => easel.finish()));
  frame.addEventListener("pointercancel", (event) => over(event, () => easel.drop()));
}

/** Enter or Space, where the crosshair stands. @param {Easel} easel */
function act(easel) {
  const { live, at } = easel;
  const what = easel.text(easel.tool);
  if (!live) {
    easel.begin(at);
    if (easel.live) easel.said.textContent = easel.text("begun", { what, x: percent(at[0]), y: percent(at[1]) });
  } else if (live.kind === "lasso" && (live.points.at(-2) !== at[0] || live.points.at(-1) !== at[1])) easel.extend(at);
  else easel.finish();
}

/** @param {Easel} easel @param {KeyboardEvent} event @returns {boolean} whether it was meant for the picture */
function key(easel, event) {
  const { live } = easel;
  if (event.key in MOVES) {
    const step = event.shiftKey ? 0.05 : 0.01;
    easel.at = easel.at.map((at, n) => fine(at + MOVES[event.key][n] * step));
    easel.cross.style.left = `${100 * easel.at[0]}%`;
    easel.cross.style.top = `${100 * easel.at[1]}%`;
    easel.frame.classList.add("nbb-keyed");
    if (live && live.kind !== "lasso") easel.extend(easel.at);
    easel.said.textContent = easel.text("at", { x: percent(easel.at[0]), y: percent(easel.at[1]) });
  } else if (event.key === "Enter" || event.key === " ") act(easel);
  else if (event.key === "[" || event.key === "]") easel.size.value = String(Number(easel.size.value) + (event.key === "]" ? 1 : -1));
  else if (event.key.toLowerCase() === "e") easel.choose(easel.tool === "eraser" ? "brush" : "eraser");
  else if (event.key === "Escape" && live) easel.drop();
  else return false;
  return true;
}

/** Nobody else gets it. @param {Event} event */
function took(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** @param {Easel} easel */
function wire(easel) {
  const { root, frame, main, colour, dot } = easel;
  point(easel);
  const seen = new ResizeObserver(() => easel.resize());
  seen.observe(frame);
  colour.addEventListener("change", () => { dot.style.background = INKS[colour.value]; });
  frame.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey) && key(easel, event)) took(event);
  });
  main.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type !== "range";
    if (!(event.ctrlKey || event.metaKey) || !/^[zy]$/i.test(event.key) || typing) return;
    took(event);
    easel.go(event.shiftKey || /y/i.test(event.key) ? again : stepped);
  });
  dot.style.background = INKS.red;
  easel.choose("brush");
  const unguard = guard(root);
  return () => {
    seen.disconnect();
    unguard();
    URL.revokeObjectURL(easel.url);
  };
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const easel = new Easel(model);
  el.append(easel.root);
  const unwire = wire(easel);
  const draw = () => easel.draw();
  const unheard = listen(model, {
    "msg:custom": (message, [buffer]) => message.t === "pixels" && easel.came(message, buffer),
    ...Object.fromEntries(["picture", "active", "words", "problem"].map((name) => [`change:${name}`, draw])),
    "change:shapes": () => easel.redraw(), "change:undone": () => easel.buttons(), "change:strings": () => easel.name(),
  });
  easel.name();
  return () => {
    unheard();
    unwire();
  };
}

export default { render };
