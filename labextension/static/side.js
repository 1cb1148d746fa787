// @ts-check
/** The side bar: the history of the folder one works in, to look through, take up again, star and drag out of. */

import { message } from "./cells.js";
import { carry } from "./drag.js";
import { debounced, folderOf, panelCode, pastCode, plain, resultCode } from "./places.js";

/** @typedef {import("../types.js").Row} Row @typedef {import("../types.js").Page} Page */

export const ID = "nb-banana-history";
const PAGE = 30;
/** How long it is quiet before the history is read again, in milliseconds. */
const QUIET = 600, TYPING = 300;
const SHOWS = new Set(["display_data", "update_display_data", "execute_result"]);
/** What a kernel's status is when it answers no more. */
const GONE = new Set(["dead", "terminating", "unknown"]);
/** @type {Record<string, string>} */
const SIGNS = { done: "", refused: "⊘ ", failed: "! ", interrupted: "■ ", running: "… " };

export class Side {
  /** @param {import("../types.js").Front} front @param {import("./cells.js").Cells} cells @param {import("./records.js").Records} records */
  constructor(front, cells, records) {
    this.front = front;
    this.cells = cells;
    this.records = records;
    this.visible = false;
    this.asked = 0;
    /** @type {Page | null} */
    this.page = null;
    /** @type {string[]} */
    this.addresses = [];
    this.parts = this.build();
    this.node = this.parts.root;
    this.soon = debounced(() => this.visible && void this.show(), QUIET);
    this.seen = new IntersectionObserver((entries) => entries.forEach((entry) => entry.isIntersecting && void this.draw(entry.target)));
    this.speak();
    this.listen();
  }

  build() {
    const make = (/** @type {string} */ tag, /** @type {string} */ kind) => Object.assign(document.createElement(tag), { className: kind });
    const parts = { root: make("section", "nb-banana-side"), head: make("div", "nb-banana-head"), title: make("h2", ""),
      refresh: /** @type {HTMLButtonElement} */ (make("button", "")), search: /** @type {HTMLInputElement} */ (make("input", "")),
      status: make("p", ""), list: make("ul", ""), more: /** @type {HTMLButtonElement} */ (make("button", "nb-banana-more")) };
    Object.assign(parts.refresh, { type: "button" });
    Object.assign(parts.more, { type: "button", hidden: true });
    Object.assign(parts.search, { type: "search", maxLength: 200, spellcheck: false });
    parts.status.setAttribute("role", "status");
    parts.head.append(parts.title, parts.refresh);
    parts.root.append(parts.head, parts.search, parts.status, parts.list, parts.more);
    parts.root.setAttribute("data-lm-suppress-shortcuts", "true");
    return parts;
  }

  /** Put every word of it into the language spoken. */
  speak() {
    const { speech } = this.front, { root, title, refresh, search } = this.parts;
    root.lang = speech.chinese ? "zh-CN" : "en";
    title.textContent = speech.say("history");
    root.setAttribute("aria-label", speech.say("history"));
    refresh.textContent = `⟳ ${speech.say("refresh")}`;
    search.placeholder = speech.say("search");
    search.setAttribute("aria-label", speech.say("search"));
    if (this.page) this.list(this.page);
  }

  listen() {
    const { tracker, actions } = this.front, { refresh, search, more } = this.parts;
    refresh.addEventListener("click", () => void this.show());
    more.addEventListener("click", () => void this.show(this.page?.rows.length));
    search.addEventListener("input", debounced(() => void this.show(), TYPING));
    actions.executed.connect(() => this.soon());
    /** @type {import("../types.js").SessionContext | null} */
    let heard = null;
    const shown = (/** @type {unknown} */ _, /** @type {{header: {msg_type: string}}} */ { header }) => SHOWS.has(header.msg_type) && this.soon();
    const changed = () => this.soon();
    const ended = (/** @type {unknown} */ _, /** @type {string} */ status) => GONE.has(status) && this.soon();
    const follow = () => {
      heard?.iopubMessage.disconnect(shown);
      heard?.kernelChanged.disconnect(changed);
      heard?.statusChanged.disconnect(ended);
      heard = tracker.currentWidget?.sessionContext ?? null;
      heard?.iopubMessage.connect(shown);
      heard?.kernelChanged.connect(changed);
      heard?.statusChanged.connect(ended);
      this.soon();
    };
    tracker.currentChanged.connect(follow);
    follow();
  }

  /** The folder one works in: that of the notebook in use, else the file browser's. */
  folder() {
    const { tracker, browser } = this.front, panel = tracker.currentWidget;
    return panel ? folderOf(panel.context.path) : plain(browser()?.model.path ?? "");
  }

  /** Read the history and show it, or more of it. @param {number} [offset] */
  async show(offset = 0) {
    const asked = ++this.asked, { speech } = this.front, folder = this.folder(), q = this.parts.search.value.trim();
    try {
      const limit = offset ? PAGE : Math.min(200, Math.max(PAGE, this.page?.folder === folder ? this.page.rows.length : 0));
      const came = await this.records.page(folder, { q, offset, limit });
      if (asked !== this.asked) return;
      const page = offset && this.page ? { ...came, rows: [...this.page.rows, ...came.rows] } : came;
      this.at = folder;
      this.page = page;
      this.list(page);
    } catch (why) {
      if (asked !== this.asked) return;
      this.page = null;
      this.list({ rows: [], total: 0, source: "server", folder });
      this.parts.status.textContent = speech.say("no_history", { why: message(why) });
    }
  }

  /** @param {Page} page */
  list(page) {
    const { speech } = this.front, { status, list, more, root, search } = this.parts;
    const focused = list.querySelector(":focus")?.closest("li")?.dataset.id;
    this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
    this.seen.disconnect();
    root.dataset.source = page.source;
    list.replaceChildren(...page.rows.map((row) => this.item(page, row)));
    const count = page.total === 1 ? speech.say("count_one") : speech.say("count", { count: page.total });
    const place = speech.say("folder", { folder: this.at || speech.say("root") });
    const none = speech.say(search.value.trim() ? "no_match" : "none");
    status.textContent = page.rows.length ? `${place} · ${count}` : `${place} · ${none}`;
    const left = page.total - page.rows.length;
    more.hidden = left <= 0;
    more.textContent = speech.say("more", { count: Math.min(PAGE, left) });
    for (const item of list.children) {
      this.seen.observe(item);
      if (focused && /** @type {HTMLElement} */ (item).dataset.id === focused) /** @type {HTMLElement | null} */ (item.querySelector(".nb-banana-row"))?.focus();
    }
  }

  /** @param {Page} page @param {Row} row */
  item(page, row) {
    const { speech } = this.front, folder = this.at ?? "";
    const item = document.createElement("li"), body = document.createElement("div"), words = document.createElement("div");
    const prompt = document.createElement("p"), facts = document.createElement("small"), tools = document.createElement("div");
    item.dataset.id = row.id;
    item.className = row.starred ? "nb-banana-starred" : "";
    body.className = "nb-banana-row";
    tools.className = "nb-banana-tools";
    prompt.textContent = row.prompt.slice(0, 300);
    facts.textContent = [(SIGNS[row.status] ?? "") + when(row.when, speech.chinese), row.model,
      row.sandbox ? speech.say("sandbox") : row.cost, row.note.slice(0, 100)].filter(Boolean).join(" · ");
    words.append(prompt, facts);
    if (row.sha256) {
      const image = Object.assign(document.createElement("img"), { alt: "", draggable: false });
      body.append(image);
      body.title = speech.say("drag");
      body.tabIndex = 0;
      body.setAttribute("role", "button");
      body.setAttribute("aria-label", `${speech.say("again")}: ${row.prompt.slice(0, 100)}`);
      body.draggable = true;
      body.addEventListener("dblclick", () => void this.open(row));
      body.addEventListener("keydown", (event) => { if (event.key === "Enter") void this.open(row); });
      const origin = { record: row.id, folder: page.folder, sha256: row.sha256 };
      body.addEventListener("dragstart", (event) => carry(event, { origin, folder }));
      tools.append(button(`✎ ${speech.say("again")}`, speech.say("again_tip"), () => this.open(row)),
        button(`</> ${speech.say("code_short")}`, speech.say("code"), () => this.code(row)));
    }
    body.append(words);
    tools.append(this.star(row));
    item.append(body, tools);
    return item;
  }

  /** @param {Row} row */
  star(row) {
    const { speech } = this.front, folder = this.at ?? "", able = Boolean(this.records.kernel(folder));
    const tip = speech.say(able ? (row.starred ? "unstar" : "star") : "star_off");
    const sign = row.starred ? `★ ${speech.say("starred")}` : `☆ ${speech.say("star")}`;
    const made = button(sign, tip, async () => {
      await this.records.star(folder, row.id, !row.starred);
      await this.show();
    }, (why) => this.front.tell(message(why), true));
    made.setAttribute("aria-pressed", String(row.starred));
    made.disabled = !able;
    return made;
  }

  /** Fetch a row's small picture once it is in sight. @param {Element} item */
  async draw(item) {
    this.seen.unobserve(item);
    const { page } = this, image = item.querySelector("img");
    const row = page?.rows.find((one) => one.id === /** @type {HTMLElement} */ (item).dataset.id);
    if (!page || !row || !image) return;
    const blob = await this.records.thumb({ ...page, folder: page.source === "kernel" ? this.at ?? "" : page.folder }, row).catch(() => null);
    if (!image.isConnected) return;
    if (!blob) return image.classList.add("nb-banana-lost");
    this.addresses.push((image.src = URL.createObjectURL(blob)));
  }

  /** @param {Row} row */
  async open(row) {
    await this.cells.put(this.at ?? "", () => panelCode([pastCode(row.id)]));
  }

  /** @param {Row} row */
  async code(row) {
    const code = await this.records.code(this.at ?? "", row.id) ?? resultCode(row.id), panel = this.cells.here();
    if (panel) await this.cells.insert(panel, code, { run: false });
    else await this.cells.put(this.at ?? "", () => code);
  }
}

/** @param {string} words @param {string} tip @param {() => Promise<void>} press @param {(why: unknown) => void} [failed] */
function button(words, tip, press, failed = console.error) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, title: tip });
  made.addEventListener("click", () => press().catch(failed));
  return made;
}

/** A moment on this machine's clock; the day only where it is not today. @param {string} iso @param {boolean} chinese */
function when(iso, chinese) {
  const moment = new Date(iso), locale = chinese ? "zh-CN" : "en-GB";
  if (Number.isNaN(moment.getTime())) return "";
  const time = moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  return moment.toDateString() === new Date().toDateString() ? time : `${moment.toLocaleDateString("sv-SE")} ${time}`;
}
