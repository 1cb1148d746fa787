// @ts-check
/** Before and after: slider, side by side, blink or difference; zoom, full screen, a region. A preview comes
 * first, the original bytes when needed. */
import { actualScale, adjusted, FIT, fitted, zoomed } from "./geometry.js";
import { handle } from "./gestures.js";
import { MODES, NUMBERS, parts } from "./parts.js";
import { asPng, Pixels } from "./pixels.js";
import { fill, guard, h, listen } from "./dom.js";
import { facts } from "./files.js";

/** @typedef {import("./geometry.js").Size} Size @typedef {import("./geometry.js").View} View */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {{before: Picture | null, after: Picture | null, pending: Size | null, mode: string, position: number,
 *   region: number[] | null, caption: string, drawable: boolean, twin: boolean,
 *   change: Picture & {words: string} | null, strings: import("./types.js").Words}} Pictures */
/** @typedef {import("./types.js").Model<Pictures>} Model */

// under three flashes a second (WCAG 2.3.1)
const BLINK_MS = 700;
const SIDES = /** @type {const} */ (["before", "after", "map"]);
/** @typedef {typeof SIDES[number]} Side */

/** @param {HTMLElement} element @param {import("./geometry.js").Box} box */
function lay(element, box) {
  for (const [name, value] of Object.entries(box)) element.style.setProperty(name, `${100 * value}%`);
}

export class Viewer {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.parts = parts();
    this.pixels = new Pixels(model);
    /** @type {View} */
    this.view = FIT;
    this.blinking = 0;
    /** @type {Element | null} what had the focus before the whole screen did */
    this.back = null;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** @param {string} key @param {Record<string, unknown>} [values] */
  text(key, values = {}) {
    return fill(this.model.get("strings")[key], values);
  }

  get shown() { return this.model.get("after") ?? this.model.get("before"); }

  /** What a layer shows. @param {Side} side @returns {Picture | null} */
  picture(side) {
    if (side !== "map") return this.model.get(side);
    const change = this.model.get("change");
    return this.model.get("mode") === "difference" && change?.key ? change : null;
  }

  get marking() { return this.parts.main.classList.contains("nbb-marking"); }

  get sliding() {
    return !this.parts.split.hidden && (this.view.s === 1 || this.parts.main.classList.contains("nbb-sliding"));
  }

  /** Where the picture stands that a region is measured on. */
  ground() {
    const [picture, frame] = [this.model.get("before") ?? this.shown, this.model.get("pending") ?? this.shown];
    return picture && frame ? fitted(picture, frame) : { left: 0, top: 0, width: 1, height: 1 };
  }

  /** The scale over fit at which one pixel is one pixel of the screen. */
  actual() {
    const { before, after } = this.parts.layers;
    const [width, height] = [after.root.clientWidth || before.root.clientWidth, after.root.clientHeight || before.root.clientHeight];
    return this.shown ? actualScale(this.shown, width, height, devicePixelRatio) : 1;
  }

  /** @param {View} view */
  look(view) {
    const { layers, main, frame, bar } = this.parts;
    // before anything is written
    const actual = this.actual();
    this.view = view;
    for (const { mover } of Object.values(layers)) {
      mover.style.transform = view.s === 1 ? "" : `translate(${100 * view.x}%, ${100 * view.y}%) scale(${view.s})`;
    }
    main.classList.toggle("nbb-zoomed", view.s > 1);
    main.style.setProperty("--nbb-scale", String(view.s));
    frame.style.touchAction = view.s > 1 || this.marking ? "none" : "pan-y";
    if (view.s > 1.2) for (const side of SIDES) this.sharpen(side);
    bar.actual.setAttribute("aria-pressed", String(!!this.shown && view.s > 1 && Math.abs(view.s - actual) < 0.01));
    bar.fit.setAttribute("aria-pressed", String(view.s === 1));
  }

  /** @param {number} value */
  moveSplit(value) {
    const { split, main } = this.parts;
    const at = Math.round(Math.min(100, Math.max(0, value)));
    split.value = String(at);
    split.setAttribute("aria-valuetext", this.text("split_value", { percent: 100 - at }));
    main.style.setProperty("--nbb-split", `${at}%`);
  }

  keepSplit() {
    this.model.set("position", Number(this.parts.split.value));
    this.model.save_changes();
  }

  /** @param {number[] | null} area */
  outline(area) {
    const { layers, region } = this.parts;
    const box = this.ground();
    for (const { outline } of Object.values(layers)) {
      outline.hidden = !area;
      if (area) lay(outline, { left: box.left + area[0] * box.width, top: box.top + area[1] * box.height, width: area[2] * box.width, height: area[3] * box.height });
    }
    region.numbers.forEach(({ input }, at) => { input.value = area ? String(Math.round(area[at] * 1000) / 10) : ""; });
    region.clear.disabled = !area;
  }

  /** @param {number[] | null} area */
  keepRegion(area) {
    this.model.set("region", area);
    this.model.save_changes();
    this.outline(area);
  }

  /** Show the original where the preview is no longer enough. @param {Side} side */
  async sharpen(side) {
    const picture = this.picture(side);
    const { image: { dataset } } = this.parts.layers[side];
    if (!picture || dataset.full === picture.key) return;
    dataset.full = picture.key;
    this.put(side, picture, URL.createObjectURL(await this.pixels.original(picture)), true);
  }

  /** Show pixels once they are decoded: a large picture holds no frame up.
   * @param {Side} side @param {Picture} picture @param {string} src @param {boolean} [full] */
  async put(side, picture, src, full = false) {
    const [ready, { image }] = [new Image(), this.parts.layers[side]];
    ready.src = src;
    try {
      await ready.decode();
    } catch {
      // HEIC, say: the preview stays
      if (full) return;
    }
    if (this.picture(side)?.key === picture.key) image.src = src;
  }

  async save() {
    const picture = this.shown;
    if (!picture) return;
    const link = h("a", { href: URL.createObjectURL(await this.pixels.original(picture)), download: picture.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async copy() {
    const picture = this.shown;
    if (!picture) return;
    try {
      const png = this.pixels.original(picture).then(asPng);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      this.note("copied");
    } catch {
      this.note("copy_failed");
    }
  }

  /** @param {string} key */
  note(key) {
    const { said, bar: { tools: { copy } } } = this.parts;
    said.textContent = copy.word.textContent = this.text(key);
    copy.root.classList.add("nbb-noted");
    setTimeout(() => {
      copy.word.textContent = this.text("copy");
      copy.root.classList.remove("nbb-noted");
    }, 2500);
  }

  toggleScreen() {
    const { dialog, main, bar: { tools: { screen } } } = this.parts;
    if (dialog.open) return dialog.close();
    this.back = document.activeElement;
    dialog.append(main);
    dialog.showModal();
    this.look(FIT);
    screen.root.focus();
  }

  screenLeft() {
    const { root, main } = this.parts;
    root.prepend(main);
    this.look(FIT);
    if (this.back instanceof HTMLElement) this.back.focus();
  }

  toggleMarking() {
    this.parts.main.classList.toggle("nbb-marking");
    this.draw();
  }

  stopBlinking() { clearInterval(this.blinking); }

  blink() {
    const { classList } = this.parts.main;
    this.stopBlinking();
    classList.remove("nbb-held");
    if (this.model.get("mode") !== "blink" || !this.model.get("before") || !this.model.get("after") || this.still.matches) return;
    this.blinking = setInterval(() => classList.toggle("nbb-held"), BLINK_MS);
  }

  /** @param {Side} side @param {Size | null} shape of the frame */
  drawSide(side, shape) {
    const picture = this.picture(side);
    const { root, image } = this.parts.layers[side];
    root.hidden = !picture;
    if (!picture) {
      image.removeAttribute("src");
      delete image.dataset.key;
      return;
    }
    const entry = this.pixels.ask(picture);
    image.alt = this.text(`${side}_alt`, { name: picture.name });
    if (entry.preview && image.dataset.key !== picture.key) {
      image.dataset.key = picture.key;
      delete image.dataset.full;
      this.put(side, picture, entry.preview);
    }
    if (shape) lay(image, fitted(picture, shape));
  }

  /** What is there: a frame or a word, tools for one picture or two. @param {Size | null} shape */
  drawParts(shape) {
    const { root, main, frame, empty, bar, region, split, divider, layers, legend, scale } = this.parts;
    const [any, after, mode] = [this.shown, this.model.get("after"), this.model.get("mode")];
    const both = this.model.get("before") && after;
    const change = both && mode === "difference" ? this.model.get("change") : null;
    const on = { pending: this.model.get("pending"), marking: this.marking && any && !this.model.get("drawable"), mapped: change?.key };
    main.className = `nbb-main nbb-mode-${both ? mode : "single"}`;
    for (const [name, is] of Object.entries(on)) main.classList.toggle(`nbb-${name}`, !!is);
    // the same picture stands below: hidden while this one is seen
    const twin = this.model.get("twin") && !!after;
    root.classList.toggle("nbb-twin", twin);
    root.classList.toggle("nbb-told", twin && !!this.model.get("caption"));
    scale.hidden = !change?.key;
    legend.words.textContent = change?.words ?? "";
    bar.tools.region.root.hidden = this.model.get("drawable");
    bar.tools.region.root.setAttribute("aria-pressed", String(this.marking));
    region.root.hidden = !this.marking;
    frame.hidden = !shape;
    empty.hidden = !!shape;
    bar.root.hidden = !any;
    bar.modes.hidden = !both;
    split.hidden = divider.hidden = !both || mode !== "slider";
    layers.after.tag.hidden = !both;
    layers.map.tag.hidden = true;
    layers.before.tag.textContent = this.text(after ? "before" : "input");
    if (shape) frame.style.setProperty("--nbb-ratio", String(shape.width / shape.height));
    for (const { input } of bar.choices) input.checked = input.value === mode;
  }

  draw() {
    const [before, after] = [this.model.get("before"), this.model.get("after")];
    const shape = this.model.get("pending") ?? this.shown;
    for (const side of SIDES) this.drawSide(side, shape);
    this.pixels.keep([before?.key, after?.key, this.model.get("change")?.key]);
    this.drawParts(shape);
    this.outline(this.shown && this.model.get("region"));
    const caption = this.model.get("caption") || (after && facts(after));
    this.parts.info.replaceChildren(h("span", {}, caption), after && before ? h("span", { class: "nbb-quiet" }, this.text("from", { facts: facts(before) })) : "");
    this.blink();
    this.look(this.view);
  }

  label() {
    const { bar, frame, split, region, dialog, layers, empty, legend } = this.parts;
    const named = { modes: bar.modes, stage: frame, split, out: bar.smaller, in: bar.larger, region: region.root, screen: dialog };
    for (const [key, part] of Object.entries(named)) part.setAttribute("aria-label", this.text(key));
    for (const [key, { root, word }] of Object.entries(bar.tools)) root.title = word.textContent = this.text(key);
    const worded = { fit: bar.fit, clear: region.clear, after: layers.after.tag, empty, same: legend.same, strong: legend.strong };
    for (const [key, part] of Object.entries(worded)) part.textContent = this.text(key);
    bar.choices.forEach(({ word }, at) => { word.textContent = this.text(MODES[at]); });
    region.numbers.forEach(({ word }, at) => { word.textContent = this.text(NUMBERS[at]); });
    this.moveSplit(this.model.get("position"));
    this.draw();
  }
}

/** What the buttons and fields do. @param {Viewer} viewer */
function wire(viewer) {
  const { model, parts: { bar, region, split, dialog } } = viewer;
  const clicks = /** @type {[HTMLElement, () => void][]} */ ([
    [bar.fit, () => viewer.look(FIT)], [bar.actual, () => viewer.look(zoomed(FIT, viewer.actual()))],
    [bar.smaller, () => viewer.look(zoomed(viewer.view, 1 / 1.5))], [bar.larger, () => viewer.look(zoomed(viewer.view, 1.5))],
    [bar.tools.screen.root, () => viewer.toggleScreen()], [bar.tools.download.root, () => viewer.save()],
    [bar.tools.copy.root, () => viewer.copy()], [bar.tools.region.root, () => viewer.toggleMarking()],
    [region.clear, () => viewer.keepRegion(null)],
  ]);
  for (const [part, action] of clicks) part.addEventListener("click", action);
  for (const { input } of bar.choices) input.addEventListener("change", () => { model.set("mode", input.value); model.save_changes(); });
  region.numbers.forEach(({ input }, at) => {
    input.addEventListener("change", () => viewer.keepRegion(adjusted(model.get("region"), at, Number(input.value) / 100)));
  });
  split.addEventListener("input", () => viewer.moveSplit(Number(split.value)));
  split.addEventListener("change", () => viewer.keepSplit());
  dialog.addEventListener("close", () => viewer.screenLeft());
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const viewer = new Viewer(model);
  const draw = () => viewer.draw();
  wire(viewer);
  handle(viewer);
  el.append(viewer.parts.root);
  const unheard = listen(model, {
    "msg:custom": (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => {
      if (message.t === "screen" && !viewer.parts.dialog.open && viewer.parts.root.checkVisibility()) viewer.toggleScreen();
      if (message.t !== "pixels") return;
      viewer.pixels.came(message, buffers[0]);
      draw();
    },
    change: draw,
    "change:position": () => viewer.moveSplit(model.get("position")),
    "change:strings": () => viewer.label(),
  });
  viewer.label();
  // from here on the kernel sends what it shows
  viewer.pixels.pause = 500;
  const unguard = guard(viewer.parts.root);
  return () => {
    viewer.stopBlinking();
    unguard();
    unheard();
    viewer.pixels.keep();
  };
}

export default { render };
