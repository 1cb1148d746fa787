// @ts-check
/** What hands do to a viewer: pointer, wheel and keys. The viewer knows what it looks like, this file what was meant. */
import { between, FIT, inPicture, panned, zoomed } from "./geometry.js";

/** @typedef {import("./viewer.js").Viewer} Viewer */

const STEP = 0.1;

/** A point of the screen in parts of one layer. @param {Viewer} viewer @param {PointerEvent | MouseEvent} event @returns {[number, number]} */
function place({ parts: { layers } }, event) {
  const box = (layers.after.root.hidden ? layers.before : layers.after).root.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width;
  return [x < 0 ? x + 1 : x, (event.clientY - box.top) / box.height];
}

/** One pointer slides, pans or draws a region; a second one beside it pinches. */
class Pointers {
  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    /** @type {Map<number, PointerEvent>} the fingers or the mouse on the picture */
    this.down = new Map();
    /** @type {number[] | null} where the drawing of a region began */
    this.corner = null;
  }

  /** @param {PointerEvent} event */
  inPicture(event) {
    return inPicture(this.viewer.view, this.viewer.ground(), place(this.viewer, event));
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { viewer, viewer: { parts: { main, frame, split, divider } } } = this;
    if (event.button !== 0) return;
    this.down.set(event.pointerId, event);
    frame.setPointerCapture(event.pointerId);
    this.corner = viewer.marking && this.down.size < 2 ? this.inPicture(event) : null;
    if (viewer.marking || split.hidden || (viewer.view.s !== 1 && event.target !== divider)) return;
    main.classList.add("nbb-sliding");
    viewer.moveSplit(100 * place(viewer, event)[0]);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { viewer, corner } = this;
    const from = this.down.get(event.pointerId);
    if (!from) return;
    const [other] = [...this.down.values()].filter((one) => one.pointerId !== event.pointerId);
    this.down.set(event.pointerId, event);
    const [x, y] = place(viewer, event);
    const [oldX, oldY] = place(viewer, from);
    if (other) this.pinch([x, y], [oldX, oldY], place(viewer, other));
    else if (corner) viewer.outline(between(corner, this.inPicture(event)));
    else if (viewer.sliding) viewer.moveSplit(100 * x);
    else viewer.look(panned(viewer.view, x - oldX, y - oldY));
  }

  /** @param {number[]} now @param {number[]} before @param {number[]} other where the other finger rests */
  pinch([x, y], [oldX, oldY], [otherX, otherY]) {
    const grow = Math.hypot(x - otherX, y - otherY) / (Math.hypot(oldX - otherX, oldY - otherY) || 1);
    this.viewer.look(zoomed(this.viewer.view, grow, (x + otherX) / 2, (y + otherY) / 2));
  }

  /** @param {PointerEvent} event */
  release(event) {
    const { viewer, corner, viewer: { parts: { main } } } = this;
    this.down.delete(event.pointerId);
    if (corner) viewer.keepRegion(between(corner, this.inPicture(event)));
    this.corner = null;
    if (main.classList.contains("nbb-sliding")) viewer.keepSplit();
    main.classList.remove("nbb-sliding");
  }
}

/** @param {Viewer} viewer */
function point(viewer) {
  const { frame } = viewer.parts;
  const pointers = new Pointers(viewer);
  frame.addEventListener("pointerdown", (event) => pointers.press(event));
  frame.addEventListener("pointermove", (event) => pointers.move(event));
  frame.addEventListener("pointerup", (event) => pointers.release(event));
  frame.addEventListener("pointercancel", (event) => pointers.release(event));
}

/** The wheel scrolls the notebook; with Ctrl or ⌘ (a trackpad's pinch) or full screen it zooms. @param {Viewer} viewer */
function zoomOn(viewer) {
  const { frame, dialog } = viewer.parts;
  frame.addEventListener("dblclick", (event) => {
    viewer.look(viewer.view.s > 1 ? FIT : zoomed(viewer.view, viewer.actual(), ...place(viewer, event)));
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !dialog.open) return;
    event.preventDefault();
    viewer.look(zoomed(viewer.view, Math.exp(-event.deltaY / 300), ...place(viewer, event)));
  }, { passive: false });
}

/** What each key does to the viewer whose frame has the focus. @param {Viewer} viewer @returns {Record<string, () => void>} */
function keys(viewer) {
  const { split, bar } = viewer.parts;
  /** @param {number} factor */
  const zoom = (factor) => () => viewer.look(zoomed(viewer.view, factor));
  /** @param {number} x @param {number} y */
  const pan = (x, y) => viewer.look(panned(viewer.view, x, y));
  /** @param {number} by */
  const slide = (by) => viewer.moveSplit(Number(split.value) + by);
  return {
    "+": zoom(1.5), "=": zoom(1.5), "-": zoom(1 / 1.5),
    0: () => bar.fit.click(), 1: () => bar.actual.click(),
    ArrowLeft: () => (viewer.view.s > 1 ? pan(STEP, 0) : slide(-2)),
    ArrowRight: () => (viewer.view.s > 1 ? pan(-STEP, 0) : slide(2)),
    ArrowUp: () => pan(0, STEP), ArrowDown: () => pan(0, -STEP),
    Home: () => viewer.moveSplit(0), End: () => viewer.moveSplit(100),
  };
}

/** @param {Viewer} viewer */
function press(viewer) {
  const { frame } = viewer.parts;
  const all = keys(viewer);
  frame.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in all)) return;
    event.preventDefault();
    all[event.key]();
  });
}

/** The space bar shows the picture before for as long as it is down. @param {Viewer} viewer */
function hold(viewer) {
  const { main, frame, split } = viewer.parts;
  const held = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== " " || (event.target !== frame && event.target !== split)) return;
    event.preventDefault();
    if (event.repeat) return;
    viewer.stopBlinking();
    main.classList.toggle("nbb-held", event.type === "keydown");
    if (event.type === "keyup") viewer.blink();
  };
  main.addEventListener("keydown", held);
  main.addEventListener("keyup", held);
  frame.addEventListener("blur", () => viewer.blink());
}

/** @param {Viewer} viewer */
export function handle(viewer) {
  for (const part of [point, zoomOn, press, hold]) part(viewer);
}
