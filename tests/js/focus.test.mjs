import assert from "node:assert/strict";
import { test } from "node:test";
import { attend } from "../../nb_banana/_widgets/static/focus.js";

test("the kernel's word gives the focus, except where somebody types in another field by then, also in one of another library's", (context) => {
  class Shown {
    constructor(typed, shadowRoot) { Object.assign(this, { typed, shadowRoot, given: 0 }); }
    matches(selector) { return selector === ":read-write" && this.typed; }
    focus() { this.given += 1; }
  }
  context.after(() => { delete globalThis.document; });
  const asked = new Shown(true);
  const look = (activeElement) => {
    globalThis.document = { activeElement };
    const before = asked.given;
    attend(asked);
    return asked.given > before;
  };
  for (const fine of [null, new Shown(false), asked]) assert.ok(look(fine));
  assert.ok(!look(new Shown(true)));
  assert.ok(!look(new Shown(false, { activeElement: new Shown(true) })));
});
