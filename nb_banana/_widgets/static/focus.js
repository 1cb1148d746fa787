// @ts-check
/** The focus where the kernel says so. Its word may come late, from a busy kernel. */

/** Give the focus, except where somebody types in another field by then: the rest of their words would land elsewhere.
 * @param {HTMLElement | null | undefined} target */
export function attend(target) {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at === target || !at?.matches(":read-write")) target?.focus();
}
