// @ts-check
/** What is drawn, as values: points in shares of the picture, strokes thinned, undo and redo; and how a shape is painted. */

/** @typedef {{kind: string, points: number[], width?: number, colour?: string, text?: string}} Shape a flat list: x, y, x, y … */
/** @typedef {{shapes: Shape[], undone: Shape[]}} Log */

/** @type {Record<string, string>} */
export const INKS = { red: "#e60000", yellow: "#ffcc00", green: "#009646", blue: "#145ae6" };
const MOST_POINTS = 120;

export const fine = (/** @type {number} */ value) => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;

/** How far a point lies from the line between two others. @param {number[]} p @param {number} at @param {number} a @param {number} b */
function off(p, at, a, b) {
  const [dx, dy] = [p[2 * b] - p[2 * a], p[2 * b + 1] - p[2 * a + 1]];
  const [x, y] = [p[2 * at] - p[2 * a], p[2 * at + 1] - p[2 * a + 1]];
  const long = Math.hypot(dx, dy);
  return long ? Math.abs(dx * y - dy * x) / long : Math.hypot(x, y);
}

/** The points that no straight line between their neighbours replaces (Douglas and Peucker).
 * @param {number[]} p @param {number} slack */
function told(p, slack) {
  const keep = new Set([0, p.length / 2 - 1]);
  const open = [[0, p.length / 2 - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [a, b] = span;
    let [far, at] = [slack, 0];
    for (let n = a + 1; n < b; n += 1) {
      const by = off(p, n, a, b);
      if (by > far) [far, at] = [by, n];
    }
    if (at) { keep.add(at); open.push([a, at], [at, b]); }
  }
  return [...keep].sort((a, b) => a - b).flatMap((n) => [p[2 * n], p[2 * n + 1]]);
}

/** A stroke with fewer points: it goes to Python whole. @param {number[]} points */
export function thinned(points) {
  if (points.length < 5) return points;
  let slack = 0.0005;
  let made = told(points, slack);
  while (made.length > 2 * MOST_POINTS) made = told(points, slack *= 1.6);
  return made;
}

/** A shape as it is kept; null for a mere click where a shape needs more.
 * @param {Shape} live @returns {Shape | null} */
export function kept({ kind, points, width, colour, text }) {
  const p = thinned(points).map(fine);
  const [dx, dy] = [Math.abs(p[0] - p[p.length - 2]), Math.abs(p[1] - p[p.length - 1])];
  if (kind === "lasso" && p.length < 6) return null;
  if (kind === "box" && Math.min(dx, dy) < 0.003) return null;
  if (kind === "arrow" && Math.hypot(dx, dy) < 0.01) return null;
  if (kind === "text" && !text?.trim()) return null;
  const size = ["brush", "eraser", "text"].includes(kind) ? { width } : {};
  return { kind, points: p, ...size, ...(kind === "eraser" ? {} : { colour }), ...(kind === "text" ? { text } : {}) };
}

/** What stands on the picture: a clear takes away what came before it. @param {Shape[]} shapes */
export function standing(shapes) {
  return shapes.slice(shapes.findLastIndex(({ kind }) => kind === "clear") + 1);
}

/** @param {Log} log @param {Shape} shape @returns {Log} */
export const drawn = ({ shapes }, shape) => ({ shapes: [...shapes, shape], undone: [] });
/** @param {Log} log @returns {Log} */
export const stepped = ({ shapes, undone }) => ({ shapes: shapes.slice(0, -1), undone: [...undone, ...shapes.slice(-1)] });
/** @param {Log} log @returns {Log} */
export const again = ({ shapes, undone }) => ({ shapes: [...shapes, ...undone.slice(-1)], undone: undone.slice(0, -1) });

/** The line that goes with a picture this long on the screen. @param {number} long */
const line = (long) => Math.max(2, long / 160);

/** The numbers of an arrow: where its shaft ends, and its head. @param {number[]} p in pixels @param {number} thick */
export function arrow([x, y, u, v], thick) {
  const [turn, head] = [Math.atan2(v - y, u - x), 4 * thick];
  const side = (/** @type {number} */ by, long = head) => [u - long * Math.cos(turn + by), v - long * Math.sin(turn + by)];
  return { foot: side(0, head * 0.8), head: [[u, v], side(-0.5), side(0.5)] };
}

/** @param {CanvasRenderingContext2D} ctx @param {number[][]} points */
function trace(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], n) => (n ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
}

/** Paint one shape. @param {CanvasRenderingContext2D} ctx @param {Shape} shape @param {number} wide @param {number} tall of the canvas
 * @param {boolean} [live] a stroke that is still drawn covers in full: its canvas is the one that shows through */
export function paint(ctx, { kind, points, width = 0.03, colour = "red", text = "" }, wide, tall, live = false) {
  const long = Math.max(wide, tall);
  const on = [];
  for (let n = 0; n < points.length; n += 2) on.push([points[n] * wide, points[n + 1] * tall]);
  const thick = kind === "brush" || kind === "eraser" ? Math.max(1, width * long) : line(long);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = INKS[colour];
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.lineWidth = thick;
  ctx.globalAlpha = kind === "brush" && !live ? 0.5 : 1;
  if (kind === "eraser") ctx.globalCompositeOperation = "destination-out";
  if (kind === "box") ctx.strokeRect(...boxed(on, thick / 2));
  else if (kind === "text") {
    ctx.font = `bold ${Math.max(12, 1.5 * width * long)}px system-ui, sans-serif`;
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = Math.max(2, 0.3 * width * long);
    ctx.strokeText(text, on[0][0], on[0][1]);
    ctx.fillText(text, on[0][0], on[0][1]);
  } else if (kind === "arrow") {
    const { foot, head } = arrow(on.flat(), thick);
    trace(ctx, [on[0], foot]);
    ctx.stroke();
    trace(ctx, head);
    ctx.fill();
  } else {
    trace(ctx, on.length === 1 ? [on[0], on[0]] : on);
    if (kind === "lasso") ctx.closePath();
    ctx.stroke();
  }
  ctx.restore();
}

/** A box's line lies inside of it. @param {number[][]} corners @param {number} by @returns {[number, number, number, number]} */
function boxed([[x, y], [u, v]], by) {
  return [Math.min(x, u) + by, Math.min(y, v) + by, Math.max(1, Math.abs(x - u) - 2 * by), Math.max(1, Math.abs(y - v) - 2 * by)];
}
