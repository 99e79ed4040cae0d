/**
 * Every place where a secret can stand, and every verb of the program that ships, as text and as JSON. All places are in
 * one home, so that one process looks at all of them.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Story, story } from "../story.ts";
import { PLACES } from "./places.ts";

const CONFIG = `model = "gpt-5.5"\n\n${PLACES.map(({ text }) => text).join("\n\n")}\n`;
const RELEASE = ["--codex-version", "0.171.0"];

function home(config = CONFIG): Story {
  const tale = story({ "config.toml": config, "lean.config.toml": 'model = "gpt-5.5"\n' }, "dist");
  writeFileSync(join(tale.cwd, "preset.toml"), "[mine.set]\nhide_agent_reasoning = true\n");
  return tale;
}

const VERBS: readonly (readonly string[])[] = [
  ["status"],
  ["validate"],
  ["validate", join("..", "home", "config.toml")],
  ["doctor"],
  ["doctor", "--report"],
  ["doctor", "--symptom", "mcp"],
  ["doctor", "--fix", "-n"],
  ["get", "mcp_servers"],
  ["get", "mcp_servers", "--raw"],
  ["get", "model_providers"],
  ["get", "profiles"],
  ["get", "hooks"],
  ["mcp", "list"],
  ["mcp", "disable", "--all", "-n"],
  ["provider", "list"],
  ["auth-store"],
  ["presets"],
  ["apply", "http-sse", "-n"],
  ["apply", "./preset.toml#mine", "-n"],
  ["migrate", "-n"],
  ["migrate", "--check"],
  ["migrate", "--to", "0.130", "-n"],
  ["unset", "mcp_servers", "-n", "--force"],
  ["unset", "model_providers", "-n", "--force"],
  ["unset", "profiles", "-n", "--force"],
  ["unset", "hooks", "-n", "--force"],
  ["set", "hide_agent_reasoning", "true", "--force"],
  ["history"],
  ["show"],
  ["diff"],
  ["revert", "-n"],
  ["__complete", "--current=mcp_servers.", "--", "get"],
];

const found = (text: string) => [...new Set(text.match(/CANARY\w*|0f1e2d3c4b5a\w*/g) ?? [])];

describe("none of the places is printed by", () => {
  test.each(VERBS.map((argv) => [argv.join(" "), argv] as const))("%s", async (_, argv) => {
    const tale = home();
    if (["show", "diff", "revert", "history"].includes(argv[0] ?? ""))
      await tale.run("unset", "mcp_servers", "--force", "--no-preflight", ...RELEASE);
    for (const way of [[], ["--json"]]) {
      const { err, exit, out } = await tale.run(...argv, ...way, ...RELEASE);
      expect(exit).not.toBe(70);
      expect(`${out}${err}`.length).toBeGreaterThan(5);
      expect(found(`${out}${err}`)).toEqual([]);
    }
  });
});
