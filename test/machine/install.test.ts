/** How Codex came onto a machine, and the command that brings a newer one. */
import { expect, test } from "vitest";
import { installMethod, newestKnown, updateCommand } from "../../src/machine/install.ts";
import { memoryHost } from "../memory-host.ts";
import { HOME, world } from "../store/world.ts";

test.each([
  ["/usr/lib/node_modules/@openai/codex/bin/codex.js", "npm", "npm install -g @openai/codex@latest"],
  [
    "/home/u/.local/share/pnpm/global/5/.pnpm/@openai+codex@0.169.0/node_modules/@openai/codex/bin/codex.js",
    "pnpm",
    "pnpm add -g @openai/codex@latest",
  ],
  ["/home/u/.bun/install/global/node_modules/@openai/codex/bin/codex.js", "bun", "bun install -g @openai/codex@latest"],
  ["/opt/homebrew/Caskroom/codex/0.169.0/codex", "brew", "brew upgrade --cask codex"],
  ["/usr/local/Cellar/codex/0.169.0/bin/codex", "brew", "brew upgrade --cask codex"],
  ["/home/u/.codex/packages/standalone/releases/0.169.0/codex", "standalone", "codex update"],
  ["C:\\Users\\u\\AppData\\Roaming\\npm\\node_modules\\@openai\\codex\\bin\\codex.js", "npm", null],
  ["/home/u/bin/codex", "unknown", "npm install -g @openai/codex@latest"],
  [null, "unknown", null],
] as const)("the program %s is of %s, and updated by %s", (program, method, command) => {
  expect(installMethod(program)).toBe(method);
  if (command !== null) expect(updateCommand(method)).toBe(command);
});

test("the newest release known is the one that Codex has heard of, where that is newer than the facts", () => {
  const heard = (text: string) => {
    const { disk } = world({ [`${HOME}/version.json`]: text });
    return newestKnown(memoryHost({ disk }), HOME);
  };
  const facts = newestKnown(memoryHost({ disk: world().disk }), HOME);
  expect(heard('{"latest_version":"999.0.0","last_checked_at":"x"}')).toBe("999.0.0");
  for (const text of ['{"latest_version":"0.1.0"}', '{"latest_version":"soon"}', "{}", ""])
    expect(heard(text)).toBe(facts);
});
