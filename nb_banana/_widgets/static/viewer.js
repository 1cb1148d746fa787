// @ts-check
/**
 * The viewer: before and after as slider, side by side, blink or difference; zoom and pan; full screen.
 * The traits say which pictures there are (no pixels). A preview comes first, the original bytes when
 * they are needed: to zoom past the preview, to download, to copy. Both travel as binary messages.
 * A region is drawn with the pointer or typed as four numbers; it is kept in parts of the picture.
 */
import { blob, facts, fill, guard, h } from "./shared.js";

export const MODES = ["slider", "side", "blink", "difference"];
const MAX_SCALE = 32;
const BLINK_MS = 700; // under three flashes a second (WCAG 2.3.1)

/** @typedef {{s: number, x: number, y: number}} View scale over fit; offset in parts of the frame */

/** Keep the picture over the frame. @param {View} view @returns {View} */
export function settled({ s, x, y }) {
  const scale = Math.min(MAX_SCALE, Math.max(1, s));
  const inside = (/** @type {number} */ at) => Math.min(0, Math.max(1 - scale, at)) + 0; // no -0
  return { s: scale, x: inside(x), y: inside(y) };
}

/** Zoom by a factor so that the point (px, py), in parts of the frame, stays where it is.
 * @param {View} view @param {number} factor @param {number} [px] @param {number} [py] */
export function zoomed(view, factor, px = 0.5, py = 0.5) {
  const s = Math.min(MAX_SCALE, Math.max(1, view.s * factor));
  const grow = s / view.s;
  return settled({ s, x: px - (px - view.x) * grow, y: py - (py - view.y) * grow });
}

/** @param {View} view @param {number} dx @param {number} dy */
export function panned(view, dx, dy) {
  return settled({ ...view, x: view.x + dx, y: view.y + dy });
}

/** The scale at which one pixel of the picture is one pixel of the screen.
 * @param {{width: number, height: number}} picture @param {number} width @param {number} height of the frame
 * @param {number} ratio device pixels per CSS pixel */
export function actualScale(picture, width, height, ratio = 1) {
  return Math.max(1, 1 / (Math.min(width / picture.width, height / picture.height) * ratio));
}

/** @typedef {{left: number, top: number, width: number, height: number}} Box in parts of the frame */

/** Where a picture stands in a frame of another shape: centred and whole.
 * @param {{width: number, height: number}} picture @param {{width: number, height: number}} frame @returns {Box} */
export function fitted(picture, frame) {
  const rest = (picture.width * frame.height) / (picture.height * frame.width);
  const [width, height] = [Math.min(1, rest), Math.min(1, 1 / rest)];
  return { left: (1 - width) / 2, top: (1 - height) / 2, width, height };
}

/** A point of the frame in parts of the picture that stands at `box`, or the picture's nearest.
 * @param {View} view @param {Box} box @param {number[]} point */
export function inPicture(view, box, [x, y]) {
  const part = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  return [part(((x - view.x) / view.s - box.left) / box.width), part(((y - view.y) / view.s - box.top) / box.height)];
}

const fine = (/** @type {number} */ value) => Math.round(value * 1e4) / 1e4;

/** The region between two points of the picture; null for a mere click.
 * @param {number[]} from @param {number[]} to @returns {number[] | null} left, top, width, height */
export function between([x, y], [u, v]) {
  const region = [Math.min(x, u), Math.min(y, v), Math.abs(x - u), Math.abs(y - v)].map(fine);
  return Math.min(region[2], region[3]) < 0.005 ? null : region;
}

/** A region with one of its numbers changed and the number it touches kept inside the picture.
 * @param {number[] | null} region @param {number} at @param {number} value */
export function adjusted(region, at, value) {
  const next = [...(region ?? [0, 0, 1, 1])];
  const least = at < 2 ? 0 : 0.01;
  const other = at < 2 ? at + 2 : at - 2;
  next[at] = fine(Math.min(least + 0.99, Math.max(least, value || 0)));
  next[other] = fine(Math.min(next[other], 1 - next[at]));
  return next;
}

/** @param {HTMLElement} element @param {Box} box */
function lay(element, box) {
  for (const [name, value] of Object.entries(box)) element.style.setProperty(name, `${100 * value}%`);
}

const ICONS = {
  screen: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  download: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  region: "M2 5V2h3M7 2h2M11 2h3v3M14 7v2M14 11v3h-3M9 14H7M5 14H2v-3M2 9V7",
};

/** @param {string} name */
function icon(name) {
  const box = h("span", { class: "nbb-svg", "aria-hidden": "true" });
  box.innerHTML = `<svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.5"><path d="${ICONS[/** @type {keyof typeof ICONS} */ (name)]}"/></svg>`;
  return box;
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  /** @type {Map<string, {preview?: string, full?: Blob, waiting: ((full: Blob) => void)[]}>} */
  const store = new Map();
  /** @type {View} */
  let view = { s: 1, x: 0, y: 0 };
  /** @type {any} */
  let blinking = null;
  const text = (/** @type {string} */ key, values = {}) => fill(model.get("strings")[key], values);
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const images = { before: h("img", { draggable: "false" }), after: h("img", { draggable: "false" }) };
  const tags = { before: h("span", { class: "nbb-tag" }), after: h("span", { class: "nbb-tag" }) };
  const outlines = { before: h("div", { class: "nbb-outline" }), after: h("div", { class: "nbb-outline" }) };
  const movers = { before: h("div", { class: "nbb-mover" }, images.before, outlines.before), after: h("div", { class: "nbb-mover" }, images.after, outlines.after) };
  const layers = {
    before: h("div", { class: "nbb-layer nbb-before" }, movers.before, tags.before),
    after: h("div", { class: "nbb-layer nbb-after" }, movers.after, tags.after),
  };
  const divider = h("div", { class: "nbb-divider", "aria-hidden": "true" });
  const empty = h("p", { class: "nbb-empty-text" });
  const frame = h("div", { class: "nbb-frame", tabindex: 0, role: "group" }, layers.before, layers.after, divider);
  const split = h("input", { type: "range", min: 0, max: 100, step: 1, class: "nbb-split",
    oninput: () => moveSplit(Number(split.value)) });
  const group = `nbb-mode-${Math.random().toString(36).slice(2)}`;
  const radios = MODES.map((mode) => h("label", {}, h("input", { type: "radio", name: group, value: mode,
    onchange: () => { model.set("mode", mode); model.save_changes(); } }), h("span", {})));
  const modes = h("div", { class: "nbb-modes", role: "radiogroup" }, ...radios);
  const button = (/** @type {() => void} */ onclick, /** @type {any[]} */ ...content) =>
    h("button", { type: "button", class: "nbb-small", onclick }, ...content);
  const fit = button(() => look({ s: 1, x: 0, y: 0 }));
  const actual = button(() => look(zoomed({ s: 1, x: 0, y: 0 }, actualScale(shown(), ...frameSize(), devicePixelRatio))));
  const smaller = button(() => look(zoomed(view, 1 / 1.5)), "−");
  const larger = button(() => look(zoomed(view, 1.5)), "+");
  const words = { copy: h("span"), download: h("span"), region: h("span"), screen: h("span", { class: "nbb-hidden" }) };
  const screen = button(toggleScreen, icon("screen"), words.screen);
  const download = button(save, icon("download"), words.download);
  const copy = button(copyOut, icon("copy"), words.copy);
  const region = button(() => { main.classList.toggle("nbb-marking"); draw(); }, icon("region"), words.region);
  const numbers = [0, 1, 2, 3].map((at) => h("input", { type: "number", min: 0, max: 100, step: 1,
    onchange: () => keepRegion(adjusted(model.get("region"), at, numbers[at].value / 100)) }));
  const clear = button(() => keepRegion(null));
  const fields = h("div", { class: "nbb-row", role: "group" }, ...numbers.map((input) => h("label", {}, h("span"), input, " %")), clear);
  const zoom = h("div", { class: "nbb-zoom" }, smaller, fit, actual, larger);
  const bar = h("div", { class: "nbb-bar" }, modes, h("div", { class: "nbb-right" }, zoom, h("div", { class: "nbb-take" }, region, download, copy, screen)));
  const info = h("div", { class: "nbb-info" });
  const said = h("div", { class: "nbb-hidden", role: "status" });
  const main = h("div", { class: "nbb-main" }, bar, fields, h("div", { class: "nbb-stage" }, frame, empty), split, info, said);
  const dialog = h("dialog", { class: "nbb nbb-dialog", onclose: () => { root.prepend(main); look({ s: 1, x: 0, y: 0 }); screen.focus(); } });
  const root = h("div", { class: "nbb nbb-viewer" }, main, dialog);
  el.append(root);

  const shown = () => model.get("after") ?? model.get("before");
  const marking = () => main.classList.contains("nbb-marking");
  /** Where the picture stands that a region is measured on: the one before, if there is one. */
  const ground = () => fitted(model.get("before") ?? shown(), model.get("pending") ?? shown());
  /** @returns {[number, number]} */
  const frameSize = () => [layers.after.clientWidth || layers.before.clientWidth, layers.after.clientHeight || layers.before.clientHeight];

  /** @param {View} next */
  function look(next) {
    view = next;
    for (const mover of Object.values(movers)) {
      mover.style.transform = view.s === 1 ? "" : `translate(${100 * view.x}%, ${100 * view.y}%) scale(${view.s})`;
    }
    main.classList.toggle("nbb-zoomed", view.s > 1);
    main.style.setProperty("--nbb-scale", String(view.s));
    frame.style.touchAction = view.s > 1 || marking() ? "none" : "pan-y";
    if (view.s > 1.2) for (const side of /** @type {const} */ (["before", "after"])) sharpen(side);
    const pictured = shown();
    actual.setAttribute("aria-pressed", String(!!pictured && view.s > 1 && Math.abs(view.s - actualScale(pictured, ...frameSize(), devicePixelRatio)) < 0.01));
    fit.setAttribute("aria-pressed", String(view.s === 1));
  }

  /** @param {number} value */
  function moveSplit(value) {
    const at = Math.round(Math.min(100, Math.max(0, value)));
    split.value = String(at);
    split.setAttribute("aria-valuetext", text("split_value", { percent: 100 - at }));
    main.style.setProperty("--nbb-split", `${at}%`);
  }

  /** @param {number[] | null} area */
  function outline(area) {
    const box = area && ground();
    for (const each of Object.values(outlines)) {
      each.hidden = !box;
      if (box) lay(each, { left: box.left + area[0] * box.width, top: box.top + area[1] * box.height, width: area[2] * box.width, height: area[3] * box.height });
    }
    numbers.forEach((input, at) => { input.value = area ? String(Math.round(area[at] * 1000) / 10) : ""; });
    clear.disabled = !area;
  }

  /** @param {number[] | null} area */
  function keepRegion(area) {
    model.set("region", area);
    model.save_changes();
    outline(area);
  }

  function keepSplit() {
    model.set("position", Number(split.value));
    model.save_changes();
  }

  /** The stored pixels of a picture, asked for once. @param {any} picture @param {boolean} full */
  function ask(picture, full) {
    const had = store.get(picture.key);
    const entry = had ?? { waiting: [] };
    store.set(picture.key, entry);
    if (full ? !entry.full : !had) model.send({ t: "want", key: picture.key, full });
    return entry;
  }

  /** The original bytes. @param {any} picture @returns {Promise<Blob>} */
  function original(picture) {
    const entry = ask(picture, true);
    return entry.full ? Promise.resolve(entry.full) : new Promise((resolve) => entry.waiting.push(resolve));
  }

  /** Show the original where the preview is no longer enough. @param {"before" | "after"} side */
  async function sharpen(side) {
    const picture = model.get(side);
    if (!picture || images[side].dataset.full === picture.key) return;
    images[side].dataset.full = picture.key;
    const sharp = new Image();
    sharp.src = URL.createObjectURL(await original(picture));
    try {
      await sharp.decode();
      if (model.get(side)?.key === picture.key) images[side].src = sharp.src;
    } catch { /* a type this browser cannot show, HEIC say: the preview stays */ }
  }

  async function save() {
    const picture = shown();
    const link = h("a", { href: URL.createObjectURL(await original(picture)), download: picture.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  async function copyOut() {
    const picture = shown();
    try {
      // A browser's clipboard takes PNG only: other types are drawn once, the file itself stays as it is.
      const png = original(picture).then((bytes) => (bytes.type === "image/png" ? bytes : redrawn(bytes)));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      note("copied");
    } catch {
      note("copy_failed");
    }
  }

  /** @param {Blob} bytes @returns {Promise<Blob>} */
  async function redrawn(bytes) {
    const bitmap = await createImageBitmap(bytes);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    return canvas.convertToBlob({ type: "image/png" });
  }

  /** @param {string} key */
  function note(key) {
    said.textContent = text(key);
    words.copy.textContent = text(key);
    setTimeout(() => { words.copy.textContent = text("copy"); }, 2500);
  }

  function toggleScreen() {
    if (dialog.open) return dialog.close();
    dialog.append(main);
    dialog.showModal();
    look({ s: 1, x: 0, y: 0 });
    screen.focus();
  }

  function blink() {
    clearInterval(blinking);
    main.classList.remove("nbb-held");
    if (model.get("mode") !== "blink" || !model.get("before") || !model.get("after") || still.matches) return;
    blinking = setInterval(() => main.classList.toggle("nbb-held"), BLINK_MS);
  }

  function draw() {
    const [before, after, pending] = [model.get("before"), model.get("after"), model.get("pending")];
    const [both, any, mode] = [before && after, shown(), model.get("mode")];
    for (const side of /** @type {const} */ (["before", "after"])) {
      const picture = model.get(side);
      layers[side].hidden = !picture || (side === "before" && !!after && !both);
      if (!picture) { images[side].removeAttribute("src"); delete images[side].dataset.key; continue; }
      const entry = ask(picture, false);
      images[side].alt = text(`${side}_alt`, { name: picture.name });
      if (entry.preview && images[side].dataset.key !== picture.key) {
        images[side].src = entry.preview;
        images[side].dataset.key = picture.key;
        delete images[side].dataset.full;
      }
    }
    for (const [key, entry] of store) {
      if (key === before?.key || key === after?.key) continue;
      if (entry.preview) URL.revokeObjectURL(entry.preview);
      store.delete(key);
    }
    main.className = `nbb-main nbb-mode-${both ? mode : "single"}${pending ? " nbb-pending" : ""}${marking() && any ? " nbb-marking" : ""}`;
    region.setAttribute("aria-pressed", String(marking()));
    fields.hidden = !marking();
    const shape = pending ?? any;
    frame.hidden = !shape;
    empty.hidden = !!shape;
    bar.hidden = !any;
    modes.hidden = !both;
    split.hidden = divider.hidden = !both || mode !== "slider";
    tags.before.hidden = tags.after.hidden = !both;
    if (shape) frame.style.setProperty("--nbb-ratio", String(shape.width / shape.height));
    for (const side of /** @type {const} */ (["before", "after"])) {
      const picture = model.get(side);
      if (picture) lay(images[side], fitted(picture, shape));
    }
    outline(any && model.get("region"));
    for (const radio of radios) radio.firstChild.checked = radio.firstChild.value === mode;
    info.replaceChildren(...[after && h("span", {}, facts(after)), both && h("span", { class: "nbb-quiet" }, text("from", { facts: facts(before) }))].filter(Boolean));
    blink();
    look(view);
  }

  function label() {
    modes.setAttribute("aria-label", text("modes"));
    radios.forEach((radio, at) => { radio.lastChild.textContent = text(MODES[at]); });
    frame.setAttribute("aria-label", text("stage"));
    split.setAttribute("aria-label", text("split"));
    fit.textContent = text("fit");
    actual.textContent = "100 %";
    smaller.setAttribute("aria-label", text("out"));
    larger.setAttribute("aria-label", text("in"));
    words.copy.textContent = text("copy");
    words.download.textContent = text("download");
    words.screen.textContent = text("screen");
    words.region.textContent = text("region");
    for (const [key, tool] of Object.entries({ screen, copy, download, region })) tool.title = text(key);
    fields.setAttribute("aria-label", text("region"));
    numbers.forEach((input, at) => { input.previousSibling.textContent = text(["left", "top", "width", "height"][at]); });
    clear.textContent = text("clear");
    dialog.setAttribute("aria-label", text("screen"));
    tags.before.textContent = text("before");
    tags.after.textContent = text("after");
    empty.textContent = text("empty");
    moveSplit(model.get("position"));
    draw();
  }

  /** @type {Map<number, PointerEvent>} the fingers or the mouse on the picture */
  const pointers = new Map();
  /** @param {PointerEvent} event @returns {[number, number]} in parts of one layer */
  function place(event) {
    const box = (layers.after.hidden ? layers.before : layers.after).getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    return [x < 0 ? x + 1 : x, (event.clientY - box.top) / box.height];
  }
  const sliding = () => !split.hidden && (view.s === 1 || main.classList.contains("nbb-sliding"));
  /** @type {number[] | null} where the drawing of a region began */
  let corner = null;
  const drawn = (/** @type {PointerEvent} */ event) => between(/** @type {number[]} */ (corner), inPicture(view, ground(), place(event)));
  const release = (/** @type {PointerEvent} */ event) => {
    pointers.delete(event.pointerId);
    if (corner) keepRegion(drawn(event));
    corner = null;
    if (main.classList.contains("nbb-sliding")) keepSplit();
    main.classList.remove("nbb-sliding");
  };
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event);
    frame.setPointerCapture(event.pointerId);
    corner = marking() && pointers.size < 2 ? inPicture(view, ground(), place(event)) : null;
    if (!marking() && !split.hidden && (view.s === 1 || event.target === divider)) {
      main.classList.add("nbb-sliding");
      moveSplit(100 * place(event)[0]);
    }
  });
  frame.addEventListener("pointermove", (event) => {
    const from = pointers.get(event.pointerId);
    if (!from) return;
    const others = [...pointers.values()].filter((one) => one.pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    const [[x, y], [oldX, oldY]] = [place(event), place(from)];
    if (others.length) {
      const [otherX, otherY] = place(others[0]);
      const grow = Math.hypot(x - otherX, y - otherY) / (Math.hypot(oldX - otherX, oldY - otherY) || 1);
      look(zoomed(view, grow, (x + otherX) / 2, (y + otherY) / 2));
    } else if (corner) outline(drawn(event));
    else if (sliding()) moveSplit(100 * x);
    else look(panned(view, x - oldX, y - oldY));
  });
  frame.addEventListener("pointerup", release);
  frame.addEventListener("pointercancel", release);
  frame.addEventListener("dblclick", (event) => look(view.s > 1 ? { s: 1, x: 0, y: 0 } : zoomed(view, actualScale(shown(), ...frameSize(), devicePixelRatio), ...place(event))));
  frame.addEventListener("wheel", (event) => {
    // The wheel scrolls the notebook; it zooms only with Ctrl or ⌘ (a trackpad's pinch), or full screen.
    if (!event.ctrlKey && !event.metaKey && !dialog.open) return;
    event.preventDefault();
    look(zoomed(view, Math.exp(-event.deltaY / 300), ...place(event)));
  }, { passive: false });

  const STEP = 0.1;
  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => look(zoomed(view, 1.5)), "=": () => look(zoomed(view, 1.5)), "-": () => look(zoomed(view, 1 / 1.5)),
    0: () => fit.click(), 1: () => actual.click(),
    ArrowLeft: () => (view.s > 1 ? look(panned(view, STEP, 0)) : moveSplit(Number(split.value) - 2)),
    ArrowRight: () => (view.s > 1 ? look(panned(view, -STEP, 0)) : moveSplit(Number(split.value) + 2)),
    ArrowUp: () => look(panned(view, 0, STEP)), ArrowDown: () => look(panned(view, 0, -STEP)),
    Home: () => moveSplit(0), End: () => moveSplit(100),
  };
  frame.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const hold = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== " " || (event.target !== frame && event.target !== split)) return;
    event.preventDefault();
    if (event.repeat) return;
    clearInterval(blinking);
    main.classList.toggle("nbb-held", event.type === "keydown");
    if (event.type === "keyup") blink();
  };
  main.addEventListener("keydown", hold);
  main.addEventListener("keyup", hold);
  frame.addEventListener("blur", blink);

  const heard = (/** @type {any} */ message, /** @type {any[]} */ buffers) => {
    if (message.t !== "pixels") return;
    const entry = store.get(message.key) ?? { waiting: [] };
    store.set(message.key, entry);
    const bytes = blob(buffers[0], message.mime);
    if (!entry.preview) entry.preview = URL.createObjectURL(bytes);
    if (message.full) {
      entry.full = bytes;
      for (const resolve of entry.waiting.splice(0)) resolve(bytes);
    }
    draw();
  };
  model.on("msg:custom", heard);
  const watched = ["before", "after", "pending", "mode", "region"];
  for (const name of watched) model.on(`change:${name}`, draw);
  const moved = () => moveSplit(model.get("position"));
  model.on("change:position", moved);
  split.addEventListener("change", keepSplit);
  model.on("change:strings", label);
  label();
  const unguard = guard(root);
  return () => {
    clearInterval(blinking);
    unguard();
    model.off("msg:custom", heard);
    for (const name of watched) model.off(`change:${name}`, draw);
    model.off("change:position", moved);
    model.off("change:strings", label);
    for (const { preview } of store.values()) if (preview) URL.revokeObjectURL(preview);
  };
}

export default { render };
