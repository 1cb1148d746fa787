// @ts-check
/** What is drawn, as values, and how it is painted. */

/** @typedef {{kind: string, points: number[], width?: number, colour?: string, text?: string}} Shape a flat list: x, y, x, y … */
/** @typedef {{shapes: Shape[], undone: Shape[]}} Log */

/** @type {Record<string, string>} */
export const INKS = { red: "#e60000", yellow: "#ffcc00", green: "#009646", blue: "#145ae6" };
const MOST_POINTS = 120;

/** @param {number} value */
export const fine = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1e4) / 1e4;

/** The points between two that no straight line replaces (Douglas and Peucker).
 * @param {number[][]} on @param {number} slack @returns {number[][]} without the last one */
function told(on, slack) {
  const [[x, y], [u, v]] = [on[0], on[on.length - 1]];
  const long = Math.hypot(u - x, v - y);
  let [far, at] = [slack, 0];
  for (let n = 1; n < on.length - 1; n += 1) {
    const [a, b] = [on[n][0] - x, on[n][1] - y];
    const by = long ? Math.abs((u - x) * b - (v - y) * a) / long : Math.hypot(a, b);
    if (by > far) [far, at] = [by, n];
  }
  return at ? [...told(on.slice(0, at + 1), slack), ...told(on.slice(at), slack)] : [on[0]];
}

/** @param {number[]} points @returns {number[][]} */
const pairs = (points) => points.flatMap((x, n) => (n % 2 ? [] : [[x, points[n + 1]]]));

/** A stroke with fewer points. @param {number[]} points */
export function thinned(points) {
  const on = pairs(points);
  let [slack, made] = [0.0005, on];
  for (; on.length > 2 && (made === on || made.length > MOST_POINTS); slack *= 1.6) made = [...told(on, slack), on[on.length - 1]];
  return made.flat();
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
  return { kind, points: p, ...(/brush|eraser|text/.test(kind) && { width }), ...(kind !== "eraser" && { colour }), ...(kind === "text" && { text }) };
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

/** Where an arrow's shaft ends, and its head. @param {number[]} p in pixels @param {number} thick */
export function arrow([x, y, u, v], thick) {
  const [turn, head] = [Math.atan2(v - y, u - x), 4 * thick];
  /** @param {number} by */
  const side = (by, long = head) => [u - long * Math.cos(turn + by), v - long * Math.sin(turn + by)];
  return { foot: side(0, head * 0.8), head: [[u, v], side(-0.5), side(0.5)] };
}

/** @param {CanvasRenderingContext2D} ctx @param {number[][]} points */
function trace(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], n) => (n ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
}

/** @param {CanvasRenderingContext2D} ctx @param {Shape} shape @param {number} wide @param {number} tall of the canvas
 * @param {boolean} [live] a stroke that is still drawn covers in full: its canvas shows through */
export function paint(ctx, { kind, points, width = 0.03, colour = "red", text = "" }, wide, tall, live = false) {
  const long = Math.max(wide, tall);
  const on = pairs(points).map(([x, y]) => [x * wide, y * tall]);
  const thick = kind === "brush" || kind === "eraser" ? Math.max(1, width * long) : Math.max(2, long / 160);
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
