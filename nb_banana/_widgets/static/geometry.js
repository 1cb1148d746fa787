// @ts-check
/** Where a picture stands on the screen, and where a point of the screen lies in the picture: numbers only. */

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{s: number, x: number, y: number}} View scale over fit; offset in parts of the frame */
/** @type {View} */
export const FIT = { s: 1, x: 0, y: 0 };
const MAX_SCALE = 32;

/** Keep the picture over the frame. @param {View} view @returns {View} */
export function settled({ s, x, y }) {
  const scale = Math.min(MAX_SCALE, Math.max(1, s));
  // no -0
  const inside = (/** @type {number} */ at) => Math.min(0, Math.max(1 - scale, at)) + 0;
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
 * @param {Size} picture @param {number} width @param {number} height of the frame
 * @param {number} ratio device pixels per CSS pixel */
export function actualScale(picture, width, height, ratio = 1) {
  return Math.max(1, 1 / (Math.min(width / picture.width, height / picture.height) * ratio));
}

/** @typedef {{left: number, top: number, width: number, height: number}} Box in parts of the frame */

/** Where a picture stands in a frame of another shape: centred and whole.
 * @param {Size} picture @param {Size} frame @returns {Box} */
export function fitted(picture, frame) {
  const rest = (picture.width * frame.height) / (picture.height * frame.width);
  const [width, height] = [Math.min(1, rest), Math.min(1, 1 / rest)];
  return { left: (1 - width) / 2, top: (1 - height) / 2, width, height };
}

const fine = (/** @type {number} */ value) => Math.round(value * 1e4) / 1e4;

/** A point of the frame in parts of the picture that stands at `box`, or the picture's nearest. It is rounded here, not
 * the sides between two such points: those could end beyond the picture.
 * @param {View} view @param {Box} box @param {number[]} point */
export function inPicture(view, box, [x, y]) {
  const part = (/** @type {number} */ value) => fine(Math.min(1, Math.max(0, value)));
  return [part(((x - view.x) / view.s - box.left) / box.width), part(((y - view.y) / view.s - box.top) / box.height)];
}

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
