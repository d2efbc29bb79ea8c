// @ts-nocheck: Node's own modules have no types here
import assert from "node:assert/strict";
import { test } from "node:test";
import { isHeld, parseExact } from "../src/app/exact.ts";
import { withKey } from "../src/pages/projects/keyfile.ts";
import { isHere, lineOf } from "../src/pages/policies/rule.ts";
import { histogram } from "../src/ui/histogram.ts";
import { layout } from "../src/ui/timeline.ts";
import { pieces } from "../src/ui/visible.ts";

test("characters that hide or reorder others show as escapes, ordinary text stays", () => {
  assert.deepEqual(pieces("pay\u202e001"), [
    { text: "pay", hidden: false },
    { text: "\\u202e", hidden: true },
    { text: "001", hidden: false },
  ]);
  assert.deepEqual(pieces("é 漢字 🙂\n\ttab"), [{ text: "é 漢字 🙂\n\ttab", hidden: false }]);
  for (const hidden of ["\u0000", "\u001b", "\u200b", "\ufeff", "\u2066", "\ud800", "\u{e0041}", "\u2028"]) {
    assert.ok(pieces(hidden).every((piece) => piece.hidden), JSON.stringify(hidden));
  }
});

test("numbers that a double cannot hold are known by their digits", () => {
  for (const text of ["0.50", "1795400841.123", "123456789012345", "1e300", "0.000000000000000000001"]) assert.ok(isHeld(text), text);
  for (const text of ["12345678901234567890", "0.1234567890123456789"]) assert.ok(!isHeld(text), text);
  assert.deepEqual(Object.keys(parseExact('{"__proto__": 1}')), ["__proto__"]);
});

test("bars keep the order of calls, stay inside and can be seen", () => {
  const calls = [0, 0.1, 0.2, 3600, 3600.1].map((start) => ({ start, length: 20 }));
  const { bars, shortened } = layout(calls);
  assert.ok(shortened);
  for (const [at, bar] of bars.entries()) {
    assert.ok(bar.x >= 0 && bar.x + bar.width <= 1000 + 1e-6, JSON.stringify(bar));
    assert.ok(bar.width >= 6);
    if (at > 0) assert.ok(bar.x > bars[at - 1].x);
  }
  assert.deepEqual(layout([]).bars, []);
  assert.equal(layout([{ start: 1, length: null }]).bars[0].x, 0);
});

test("every call falls into exactly one bin", () => {
  const calls = Array.from({ length: 500 }, (_, at) => ({ at: 1_000_000 + ((at * 7919) % 5000) / 3, status: at % 3 ? "allowed" : "denied" }));
  const bins = histogram(calls);
  assert.ok(bins.length <= 60 && bins.length >= 40, String(bins.length));
  assert.equal(bins.reduce((sum, bin) => sum + bin.all, 0), 500);
  assert.equal(histogram([{ at: 5, status: "denied" }]).reduce((sum, bin) => sum + bin.all, 0), 1);
  assert.deepEqual(histogram([]), []);
});

test("a rule is found where it begins, in both ways to write it", () => {
  const yaml = "rules:\n  # id: pay\n  - id: pay-more\n  - { id: look, tools: [a] }\n  - id: pay # small\n";
  assert.equal(lineOf(yaml, "pay"), 5);
  assert.equal(lineOf(yaml, "look"), 4);
  assert.equal(lineOf(yaml, "default/look"), 4);
  assert.equal(lineOf(yaml, "p.y"), null);
  assert.ok(!isHere("default/look", "bank", { yaml }));
});

const KEY = { model: "gpt-4o", tools: ["*"], id: "k-1", sha256: "ab", expires: "" };

test("a key goes behind those of its model, or brings its model along", () => {
  const file = 'version: 1\nmodels:\n  gpt-4o:\n    keys:\n      - { id: demo, sha256: "cd" }\n    tools: ["*"]\n';
  const item = '- { id: k-1, sha256: "ab" }';
  assert.equal(withKey(file, KEY), file.replace("    keys:\n", `    keys:\n      ${item}\n`));
  const other = withKey(file, { ...KEY, model: "my model", expires: "2027-01-01T00:00:00Z" });
  assert.ok(other.startsWith(file));
  assert.ok(other.includes('  "my model":\n    keys:\n      - { id: k-1, sha256: "ab", expires: "2027-01-01T00:00:00Z" }\n    tools: ["*"]\n'));
  assert.equal(withKey("", KEY), `version: 1\nmodels:\n  gpt-4o:\n    keys:\n      ${item}\n    tools: ["*"]\n`);
});

test("a key file that is laid out otherwise is left to a person", () => {
  assert.equal(withKey("version: 1\nmodels: { gpt-4o: { keys: [] } }\n", KEY), null);
  assert.equal(withKey("version: 1\nmodels:\n  gpt-4o:\n    keys: []\n    tools: []\n", KEY), null);
});
