"use strict";
// The page's search, its large view and its other theme; all it needs is in the page.
(() => {
  /** @param {string} id @returns {any} */
  const at = (id) => document.getElementById(id);
  const search = at("search"), count = at("count"), large = at("large");
  const tiles = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("article"))];
  const groups = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".group"))];
  const texts = tiles.map((tile) => {
    const heading = tile.closest(".group")?.querySelector("h2")?.textContent ?? "";
    const input = tile.closest(".group")?.querySelector(".input")?.textContent ?? "";
    return `${heading} ${input} ${tile.textContent}`.toLowerCase();
  });

  const find = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    tiles.forEach((tile, n) => {
      tile.hidden = !words.every((/** @type {string} */ word) => texts[n].includes(word));
      if (!tile.hidden) shown += 1;
    });
    for (const group of groups) group.hidden = !group.querySelector("article:not([hidden])");
    count.textContent = count.dataset.words.replace("%1", String(shown)).replace("%2", String(tiles.length));
  };
  search.addEventListener("input", find);
  find();

  at("theme").addEventListener("click", () => {
    const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = root.dataset.theme ?? (dark ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });

  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll("img[data-same]"))) {
    const first = at(image.dataset.same ?? "");
    if (first) image.src = first.src;
  }

  /** @type {HTMLButtonElement | null} */
  let open = null;
  /** @param {HTMLButtonElement} button */
  const show = (button) => {
    const image = button.querySelector("img");
    if (!image) return;
    open = button;
    large.querySelector("img").src = image.src;
    large.querySelector("img").alt = image.alt;
    large.querySelector("p").textContent = image.alt;
    if (!large.open) large.showModal();
  };
  const buttons = [.../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.see"))];
  for (const button of buttons) button.addEventListener("click", () => show(button));
  large.querySelector("button").addEventListener("click", () => large.close());
  large.addEventListener("click", (/** @type {MouseEvent} */ event) => { if (event.target === large) large.close(); });
  large.addEventListener("close", () => open?.focus());
  large.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !open) return;
    const seen = buttons.filter((button) => button.offsetParent !== null);
    const next = seen[seen.indexOf(open) + step];
    if (next) show(next);
    event.preventDefault();
  });
})();
