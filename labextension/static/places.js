// @ts-check
/** Paths, names and the Python that menus insert: pure functions, tried under node. */

/** What an output says of a widget of ours, beside the widget. */
export const MIME = "application/vnd.nb-banana+json";
const PICTURE = /\.(png|jpe?g|gif|webp|avif|heic|heif|tiff?|bmp)$/i;
/** @type {Record<string, string>} */
const SUFFIXES = { "image/jpeg": "jpg", "image/svg+xml": "svg", "image/tiff": "tif" };

/** @param {string} path */
export const isPicture = (path) => PICTURE.test(path);

/** A path without the drive's name that collaboration adds. @param {string} path */
export const plain = (path) => path.replace(/^[A-Za-z][\w-]*:/, "").replace(/^\/+/, "");

/** @param {string} path */
export const folderOf = (path) => plain(path).split("/").slice(0, -1).join("/");

/** @param {string} path */
export const nameOf = (path) => plain(path).split("/").at(-1) ?? "";

/** @param {...string} parts */
export const join = (...parts) => parts.filter(Boolean).join("/");

/** How a path of the server reads from one of its folders: what a kernel that works there can open. @param {string} path @param {string} folder */
export const relative = (path, folder) => {
  const [to, from] = [plain(path).split("/"), plain(folder).split("/").filter(Boolean)];
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/");
};

/** A Python literal: what JSON writes of a text is one. @param {string} text */
export const py = (text) => JSON.stringify(text);

/** The cell that shows a panel on these, which are Python expressions. @param {string[]} given */
export const panelCode = (given) =>
  `import nb_banana as nb\n\nnb.panel(${given.length > 1 ? `[${given.join(", ")}]` : given.join("")})`;

/** A past result in code. @param {string} id */
export const pastCode = (id) => `nb.history()[${py(id)}]`;

/** The cell that shows a past result: what is inserted where nobody knows the code that made it. @param {string} id */
export const resultCode = (id) => `import nb_banana as nb\n\nresult = ${pastCode(id)}\nresult`;

/** @param {string} mime */
export const suffixOf = (mime) => SUFFIXES[mime] ?? mime.split("/")[1]?.replace(/[^a-z0-9]/g, "") ?? "png";

/** A name that is not taken: `cat.png`, `cat-2.png`, … @param {string} name @param {Iterable<string>} taken */
export const freeName = (name, taken) => {
  const held = new Set(taken), dot = name.lastIndexOf(".");
  let free = name;
  for (let count = 2; held.has(free); count++) free = `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
  return free;
};

/** Which record an output's picture is of, as its metadata say; null for the pictures of others.
 * @param {Record<string, any> | undefined} metadata @returns {import("../types.js").Origin | null} */
export const originOf = (metadata) => {
  for (const one of [metadata, ...Object.values(metadata ?? {})]) {
    const told = one?.nb_banana;
    if (typeof told?.record === "string" && /^[0-9a-z]{1,32}$/.test(told.record)) {
      return { record: told.record, folder: typeof told.folder === "string" ? told.folder : "",
        sha256: /^[0-9a-f]{64}$/.test(told.sha256 ?? "") ? told.sha256 : "" };
    }
  }
  return null;
};

/** What is called again and again happens once, when it has been quiet for a while. @param {() => void} what @param {number} ms */
export const debounced = (what, ms) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(what, ms);
  };
};
