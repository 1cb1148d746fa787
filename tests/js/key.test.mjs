import assert from "node:assert/strict";
import { test } from "node:test";
import { guess, verdict } from "../../nb_banana/_widgets/static/key.js";

const forms = [["sk-or-", "openrouter"], ["AIza", "google"], ["AQ.", "google"], ["sk-", "apiyi"]];
const form = (more) => ({ key: "AQ.abc", place: "google", address: "", chosen: true, asked: false, ...more });

test("a key's beginning names a place, the longest first; anything else names none", () => {
  const names = ["AQ.a", "AIzaX", "sk-or-v1", "sk-a", "AQa", "", "aq.a", "xsk-a"].map((key) => guess(forms, key));
  assert.deepEqual(names, ["google", "google", "openrouter", "apiyi", "", "", "", ""]);
});

test("nothing goes out before a key, a place and an address are there, and a person has said which", () => {
  assert.equal(verdict(forms, form({ key: "" })), "need_key");
  assert.equal(verdict(forms, form({ place: "" })), "need_place");
  assert.equal(verdict(forms, form({ place: "custom" })), "need_address");
  assert.equal(verdict(forms, form({ place: "", asked: true })), "need_place");
  assert.equal(verdict(forms, form({ chosen: false })), "guessed");
  assert.equal(verdict(forms, form({ chosen: false, asked: true })), "");
  assert.equal(verdict(forms, form({})), "");
});

test("a key that looks like another place's is asked about once; a typed address takes any key", () => {
  assert.equal(verdict(forms, form({ place: "apiyi" })), "mismatch");
  assert.equal(verdict(forms, form({ place: "apiyi", asked: true })), "");
  assert.equal(verdict(forms, form({ place: "custom", address: "https://gateway.example" })), "");
  assert.equal(verdict(forms, form({ place: "apiyi", key: "no-known-form" })), "");
  assert.equal(verdict(forms, form({ place: "apiyi", key: "sk-or-v1" })), "mismatch");
});
