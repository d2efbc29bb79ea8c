// @ts-nocheck: Node's own modules have no types here
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromQuery, parse, print, toParameters } from "../src/app/filter.ts";
import { moment } from "../src/app/time.ts";

test("text and state say the same, there and back", () => {
  const values = ["denied", "a b", 'say "hi"', "back\\slash", "co:lon", "", "-", "status:denied", "\u202e", "x".repeat(500)];
  for (const tool of values) {
    for (const q of values) {
      const filter = { ...(tool === "" ? {} : { tool }), ...(q === "" ? {} : { q }), status: "denied", since: "1h" };
      assert.deepEqual(parse(print(filter)), { filter, problems: [] });
    }
  }
});

test("an address and the state say the same, there and back", () => {
  const filter = { status: "allowed", tool: "a&b=c", model: "gpt 4", session: "s/1", since: "7d", until: "2026-11-22", q: "x+y" };
  const search = new URLSearchParams(Object.entries(toParameters(filter)).filter(([, value]) => value !== null));
  assert.deepEqual(fromQuery(new URLSearchParams(search.toString())), filter);
});

test("words without a field are searched for together", () => {
  assert.deepEqual(parse('large status:denied "two words"').filter, { status: "denied", q: "large two words" });
});

test("what cannot be understood is a problem, never dropped", () => {
  assert.match(parse("state:denied").problems[0], /no field "state"/);
  assert.match(parse("status:refused").problems[0], /no status/);
  assert.match(parse("tool:a tool:b").problems[0], /twice/);
  assert.match(parse("since:yesterday").problems[0], /no time/);
});

test("moments are read as spans, epoch seconds and ISO times", () => {
  assert.equal(moment("15m", 10_000), 9_100);
  assert.equal(moment("1795400841.5", 0), 1795400841.5);
  assert.equal(moment("2026-11-22T10:00:00Z", 0), 1795341600);
  for (const bad of ["", "m", "15x", "soon", "12", "2026"]) assert.equal(moment(bad, 0), null, bad);
});
