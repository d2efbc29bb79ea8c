// @ts-nocheck: Node's own modules have no types here
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, hunks, unified } from "../src/ui/lines.ts";

/** A source of chance that a failure can be repeated with. */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

/** Length of the longest common subsequence, by the table. */
function common(a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table[0][0];
}

test("a difference gives both texts back and keeps as much as can be", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const draw = chance(seed);
    const text = () => Array.from({ length: draw(14) }, () => "abcd"[draw(4)]);
    const a = text();
    const b = text();
    const lines = compare(a.join("\n"), b.join("\n"));
    const side = (mark) => lines.filter((line) => line.mark === " " || line.mark === mark);
    assert.deepEqual(side("-").map((line) => line.text), a, `seed ${seed}`);
    assert.deepEqual(side("+").map((line) => line.text), b, `seed ${seed}`);
    assert.deepEqual(side("-").map((line) => line.from), a.map((_, at) => at + 1));
    assert.deepEqual(side("+").map((line) => line.to), b.map((_, at) => at + 1));
    assert.equal(lines.filter((line) => line.mark === " ").length, common(a, b), `seed ${seed}`);
  }
});

test("what is far from any change is left out, and said so", () => {
  const before = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const after = before.with(15, "changed");
  const shown = hunks(compare(before.join("\n"), after.join("\n")));
  assert.deepEqual(shown.map((line) => line.mark).join(""), "@   -+   @");
  assert.equal(shown[0].text, "12 unchanged lines");
  assert.equal(hunks(compare("a", "a")).length, 0);
});

test("a unified diff is read with its numbers, also where lines look like its head", () => {
  const text = "--- a\n+++ b\n@@ -5,3 +5,3 @@\n context\n--- removed dashes\n+++ added pluses\n last\n";
  assert.deepEqual(unified(text).slice(1), [
    { mark: " ", text: "context", from: 5, to: 5 },
    { mark: "-", text: "-- removed dashes", from: 6 },
    { mark: "+", text: "++ added pluses", to: 6 },
    { mark: " ", text: "last", from: 7, to: 7 },
  ]);
});
