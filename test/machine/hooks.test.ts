/** Which hooks run, and which Codex passes over: by feature, trust and switch. */
import { expect, test } from "vitest";
import { story } from "../story.ts";

const HOOK = '[[hooks.SessionStart]]\n[[hooks.SessionStart.hooks]]\ntype = "command"\ncommand = "true"\n';
const STATE = (home: string, rest: string) => `[hooks.state."${home}/config.toml:session_start:0:0"]\n${rest}\n`;

async function idle(files: (home: string) => Readonly<Record<string, string>>, version = "0.171.0") {
  const tale = story();
  for (const [name, text] of Object.entries(files(tale.home))) tale.write(name, text);
  const { out } = await tale.run("doctor", "--json", "--symptom", "hooks", "--codex-version", version);
  const [symptom] = JSON.parse(out).symptoms as { evidence: { code: string; args: { reason?: string } }[] }[];
  return symptom?.evidence.map(({ args, code }) => args.reason ?? code);
}

test("a hook without trust does not run", async () => {
  expect(await idle(() => ({ "config.toml": HOOK }))).toEqual(["untrusted"]);
});

test("a trusted one does, be the trust in a profile's file", async () => {
  const trust = 'trusted_hash = "sha256:0"';
  expect(await idle((home) => ({ "config.toml": `${HOOK}${STATE(home, trust)}` }))).toEqual([]);
  expect(await idle((home) => ({ "config.toml": HOOK, "work.config.toml": STATE(home, trust) }))).toEqual([]);
});

test("one that is off does not, and the feature turns all of them off", async () => {
  const off = 'trusted_hash = "sha256:0"\nenabled = false';
  expect(await idle((home) => ({ "config.toml": `${HOOK}${STATE(home, off)}` }))).toEqual(["off"]);
  expect(await idle(() => ({ "config.toml": `features.hooks = false\n${HOOK}` }))).toEqual(["feature"]);
});

test("trust in another home's hook is none", async () => {
  const trust = 'trusted_hash = "sha256:0"';
  const told = await idle(() => ({ "config.toml": `${HOOK}${STATE("/elsewhere", trust)}` }));
  expect(told).toEqual(["untrusted", "hook-state-stale"]);
});
