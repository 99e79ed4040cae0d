/**
 * Configs that are broken in every way of `broken-files.ts`, after one `doctor --fix`: what the client says of them, whether
 * any healthy value lost a byte, whether anything is allowed that was not, and whether a revert brings back every byte.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fix, openHome, revert } from "../../src/index.ts";
import { documentOf } from "../../src/toml/document.ts";
import { renderKey, sameValue } from "../../src/toml/value.ts";
import { healthyConfig, LAYOUTS } from "./broken-configs.ts";
import { BREAKAGES, type Broken, leaves } from "./broken-files.ts";
import { codex } from "./client.ts";
import { dice } from "./generate-dice.ts";
import { scratchHome } from "./homes.ts";

const NEWEST = "0.171.0";
/** What decides on what Codex may do. */
const GUARDS = [["sandbox_mode"], ["approval_policy"], ["default_permissions"]];

/** The broken configs of a kind; a breakage that finds no place in one config takes the next. */
function brokenOnes(name: string): { readonly healthy: string; readonly broken: Broken }[] {
  const found = [];
  for (let seed = 0; found.length < LAYOUTS && seed < LAYOUTS * 4; seed++) {
    const healthy = healthyConfig(seed);
    const broken = BREAKAGES[name]?.(healthy, dice(seed * 31 + name.length * 1009)) ?? null;
    if (broken && documentOf(broken.text) === null) found.push({ healthy, broken });
  }
  return found;
}

test("the configs load before they are broken", { timeout: 120_000 }, async () => {
  for (let seed = 0; seed < LAYOUTS; seed++) {
    const home = scratchHome({ "config.toml": healthyConfig(seed) });
    expect((await codex(NEWEST, ["features", "list"], { home })).status, healthyConfig(seed)).toBe(0);
  }
});

describe.each(Object.keys(BREAKAGES))("%s", (name) => {
  test("load after one fix, keep what was healthy, and come back", { timeout: 240_000 }, async () => {
    const all = brokenOnes(name);
    expect(all.length).toBe(LAYOUTS);
    const refused: string[] = [];
    const lost: string[] = [];
    for (const { broken, healthy } of all) {
      const dir = scratchHome({ "config.toml": broken.text });
      const open = () => openHome({ dir, codexVersion: NEWEST });
      const home = open();
      const first = await fix(home);
      const { choices } = first;
      const isOpen = documentOf(first.plan.after.text("config") ?? "") === null;
      if (isOpen) expect([name, broken.isChoice]).toEqual([name, true]);
      const choose = Object.fromEntries(choices.map(({ id }) => [id, 1]));
      home.commit(isOpen ? (await fix(open(), { choose })).plan : first.plan);
      const text = readFileSync(`${dir}/config.toml`, "utf8");
      if ((await codex(NEWEST, ["features", "list"], { home: dir })).status !== 0) refused.push(broken.text);
      const [before, after] = [documentOf(healthy), documentOf(text)];
      for (const { path, value } of before ? leaves(before) : []) {
        const isTouched = broken.touched.some((touched) => touched.every((part, i) => part === path[i]));
        if (!isTouched && after?.spelling(path) !== value) lost.push(`${renderKey(path)} in:\n${broken.text}`);
      }
      for (const path of GUARDS) expect(sameValue(after?.get(path), before?.get(path)), broken.text).toBe(true);
      const back = await revert(open());
      if (back) open().commit(back);
      expect(readFileSync(`${dir}/config.toml`, "utf8")).toBe(broken.text);
    }
    expect([refused, lost]).toEqual([[], []]);
  });
});
