// @ts-check
/** Text where the caret of a box stands, as if it were typed: Ctrl+Z takes it back. @param {HTMLTextAreaElement} box @param {string} text */
export function insertAt(box, text) {
  box.focus();
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
