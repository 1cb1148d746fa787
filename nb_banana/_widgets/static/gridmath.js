// @ts-check
/** What a grid shows and in which order: which cells match, how they are sorted, laid out, walked. No page here. */

/** @typedef {{name: string, title: string, values: (string | number)[], at: number[]}} Column */
/** @typedef {{count: number, columns: Column[], rows: string[], beside: string[], inputs: number[]}} Plan */
/** @typedef {[number, string, number | null, number | null]} Outcome status, words, cost, seconds */
/** @typedef {Record<string, [boolean, string]>} Marks star and note, by the place of the cell */
/** @typedef {{plan: Plan, cells: Outcome[], marks: Marks}} Held */
/** @typedef {{filter: string, only: Record<string, (string | number)[]>, sort: string}} Asked */
/** @typedef {{rows: number[][], columns: number[], wrapped: boolean}} Layout cells of each row, -1 is none; the first cell of each column */

export const STATUSES = ["missing", "done", "failed", "impossible"];

/** @param {Plan} plan @param {string} name */
export const columnOf = (plan, name) => plan.columns.find((one) => one.name === name);

/** A coordinate of a cell. @param {Plan} plan @param {string} name @param {number} cell */
export function valueOf(plan, name, cell) {
  const column = columnOf(plan, name);
  return column ? column.values[column.at[cell]] : "";
}

/** What a cell is along any column, its outcome and its marks too. @param {Held} held @param {string} name @param {number} cell */
function facet({ plan, cells, marks }, name, cell) {
  if (name === "outcome") return [STATUSES[cells[cell][0]]];
  if (name === "mark") return [marks[cell]?.[0] ? "star" : "", marks[cell]?.[1] ? "note" : ""];
  return [valueOf(plan, name, cell)];
}

/** The cells that match, in plan order. @param {Held} held @param {Asked} asked @param {(status: string) => string} word */
export function matching(held, { filter, only }, word) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = Object.entries(only).filter(([, values]) => values.length);
  const { plan, cells, marks } = held;
  const lower = plan.columns.map(({ values }) => values.map((value) => String(value).toLowerCase()));
  /** @param {number} cell */
  const text = (cell) => [...plan.columns.map(({ at }, index) => lower[index][at[cell]]), word(STATUSES[cells[cell][0]]), cells[cell][1], marks[cell]?.[1] ?? ""].join("\n").toLowerCase();
  /** @type {number[]} */
  const found = [];
  for (let cell = 0; cell < plan.count; cell++) {
    if (!wanted.every(([name, values]) => facet(held, name, cell).some((value) => value !== "" && values.includes(value)))) continue;
    const all = words.length ? text(cell) : "";
    if (words.every((one) => all.includes(one))) found.push(cell);
  }
  return found;
}

/** Whether a sort is downwards, and by what. @param {string} sort */
export const sortOf = (sort) => ({ down: sort.startsWith("-"), by: sort.replace(/^-/, "") });

/** The cells sorted; what has no value comes last either way. @param {Held} held @param {number[]} found @param {string} sort */
export function sorted({ plan, cells, marks }, found, sort) {
  const { by, down } = sortOf(sort);
  if (!by) return found;
  /** @type {Record<string, (cell: number) => string | number | null>} */
  const own = { outcome: (cell) => cells[cell][0], cost: (cell) => cells[cell][2], seconds: (cell) => cells[cell][3], star: (cell) => (marks[cell]?.[0] ? 0 : 1) };
  const key = own[by] ?? ((cell) => valueOf(plan, by, cell));
  const keys = new Map(found.map((cell) => [cell, key(cell)]));
  const order = new Intl.Collator(undefined, { numeric: true });
  const none = (/** @type {unknown} */ value) => value === null || value === "" || value === undefined;
  return [...found].sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    if (none(x) || none(y)) return Number(none(x)) - Number(none(y)) || a - b;
    const sign = typeof x === "number" && typeof y === "number" ? x - y : order.compare(String(x), String(y));
    return (down ? -sign : sign) || a - b;
  });
}

/** Cells in rows and columns; where only one side varies they wrap, so many in a row. @param {Plan} plan @param {number[]} order @param {number} wide @returns {Layout} */
export function laid(plan, order, wide) {
  const [rows, beside] = [plan.rows, plan.beside].map((names) => names.map((name) => /** @type {Column} */ (columnOf(plan, name))));
  if (!rows.length || !beside.length) {
    const all = Array.from({ length: Math.ceil(order.length / wide) }, (_, row) => order.slice(row * wide, (row + 1) * wide));
    return { rows: all, columns: [], wrapped: true };
  }
  /** @param {Column[]} columns @param {number} cell */
  const key = (columns, cell) => columns.map(({ at }) => at[cell]).join(" ");
  /** @type {Map<string, number>} */
  const heads = new Map();
  for (const cell of [...order].sort((a, b) => a - b)) if (!heads.has(key(beside, cell))) heads.set(key(beside, cell), cell);
  const places = new Map([...heads.keys()].map((one, at) => [one, at]));
  /** @type {Map<string, number[][]>} */
  const found = new Map();
  for (const cell of order) {
    const [name, at] = [key(rows, cell), /** @type {number} */ (places.get(key(beside, cell)))];
    const lines = found.get(name) ?? found.set(name, []).get(name) ?? [];
    let line = lines.find((one) => one[at] < 0);
    if (!line) lines.push(line = Array(heads.size).fill(-1));
    line[at] = cell;
  }
  return { rows: [...found.values()].flat(), columns: [...heads.values()], wrapped: false };
}

/** Where a cell stands: row and column, or null. @param {Layout} layout @param {number} cell @returns {[number, number] | null} */
export function placeOf({ rows }, cell) {
  for (let row = 0; row < rows.length; row++) {
    const column = rows[row].indexOf(cell);
    if (column >= 0) return [row, column];
  }
  return null;
}

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** The cell a key leads to, over places where there is none; null for other keys. At an end it stays.
 * @param {Layout} layout @param {number} cell @param {string} key @param {number} [page] rows @param {boolean} [far] with Ctrl */
export function cellTo(layout, cell, key, page = 3, far = false) {
  const { rows } = layout;
  const [row, column] = placeOf(layout, cell) ?? [0, 0];
  const real = (/** @type {number[]} */ line) => line.filter((one) => one >= 0);
  if (key === "Home") return real(far ? rows[0] : rows[row])[0];
  if (key === "End") return real(far ? rows[rows.length - 1] : rows[row]).pop() ?? cell;
  const jump = { PageUp: -page, PageDown: page }[key];
  const [down, right] = jump ? [jump, 0] : (STEPS[key] ?? [0, 0]);
  if (!down && !right) return null;
  if (jump) {
    const line = rows[Math.min(rows.length - 1, Math.max(0, row + jump))];
    return line[column] >= 0 ? line[column] : real(line)[0];
  }
  for (let [r, c] = [row + down, column + right]; rows[r] && c >= 0 && c < Math.max(rows[r].length, 1); r += down, c += right) {
    const next = rows[r][Math.min(c, rows[r].length - 1)];
    if (next >= 0) return next;
  }
  // a last, shorter row of wrapped cells
  const line = down > 0 ? rows[row + 1] : undefined;
  return line?.length && line.length <= column ? line[line.length - 1] : cell;
}

/** The lines in sight, with some to spare: from the first to before the last.
 * @param {number} top @param {number} high of the window @param {number} size of a line @param {number} count */
export function inSight(top, high, size, count, spare = 2) {
  const first = Math.max(0, Math.floor(top / size) - spare);
  return [Math.min(first, count), Math.min(count, Math.ceil((top + high) / size) + spare)];
}
