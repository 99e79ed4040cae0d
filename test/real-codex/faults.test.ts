/**
 * The fault bench: homes in which real clients fail, on loopback. What doctor names first must be the cause, and where
 * there is a cure, the client answers after it.
 */
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cfg, codex, type Env, OUTSIDE_IS_DEAD, type Ran } from "./client.ts";
import { ADDRESSES } from "./faults/addresses.ts";
import { CLIENTS, type Fault, type Stage } from "./faults/fault.ts";
import { SERVICES } from "./faults/services.ts";
import { SURROUNDINGS } from "./faults/surroundings.ts";
import { beside, put, scratchHome } from "./homes.ts";
import type { Version } from "./install.ts";
import { type ResponsesServer, startResponsesServer } from "./responses-server.ts";

const FAULTS = [...ADDRESSES, ...SERVICES, ...SURROUNDINGS];
const QUESTION = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Say hello."];
/** What a client that answers may take here, where other suites run beside it. */
const ANSWERS_WITHIN_MS = 2500;

describe.each(FAULTS)("$name", (fault) => {
  it.each(fault.clients ?? CLIENTS)("is named first with codex %s", async (version) => {
    const server = await startResponsesServer(fault.upgrades ?? "http-only", fault.posts);
    try {
      await met(fault, version, server);
    } finally {
      await server.close();
    }
  });
});

async function met(fault: Fault, version: Version, server: ResponsesServer): Promise<void> {
  const stage: Stage = { url: server.url, port: Number(new URL(server.url).port), silent: await silentPort() };
  const home = scratchHome();
  write(home, fault.files(stage));
  const env = fault.env?.(stage) ?? OUTSIDE_IS_DEAD;
  const told = await cfg(["doctor", "--json", ...how(fault, home)], { home, codexVersionOnPath: version, env });
  expect(`${told.stdout}${told.stderr}`).not.toContain("canary");
  expect(firstIn(told), told.stdout.slice(0, 6000) + told.stderr).toEqual({
    symptom: fault.symptom,
    action: fault.action,
    subject: fault.subject ?? expect.anything(),
  });
  const { cure } = fault;
  if (cure === undefined) return;
  if (cure.argv) {
    const done = await cfg(cure.argv, { home, codexVersionOnPath: version, env });
    expect(done.status, done.stdout + done.stderr).toBe(0);
  }
  write(home, cure.files?.(stage) ?? {});
  const started = cure.start ? await startResponsesServer("http-only", "answer", stage.silent) : null;
  try {
    const after = { ...OUTSIDE_IS_DEAD, ...(cure.env?.(stage) ?? (cure.files && fault.env ? env : {})) };
    const answer = await codex(version, [...(cure.flags ?? []), ...QUESTION], { home, env: after });
    expect(answer.status, answer.stdout + answer.stderr).toBe(0);
    expect(answer.ms).toBeLessThan(ANSWERS_WITHIN_MS);
  } finally {
    await started?.close();
  }
}

function how({ by = "looking", flags = [] }: Fault, home: string): string[] {
  if (by === "looking") return [];
  if (by === "watching") return ["--watch", "--", "codex", ...flags, ...QUESTION];
  put(beside(home, "run.log"), `${by.log}\n`);
  return ["--log", beside(home, "run.log")];
}

function firstIn({ stdout }: Ran): unknown {
  const { symptoms } = JSON.parse(stdout) as {
    symptoms: { symptom: string; found: boolean; action: { args: { action: string; subject: string } } }[];
  };
  const [first] = symptoms.filter(({ found }) => found);
  return first && { symptom: first.symptom, ...first.action.args };
}

function write(home: string, files: Env): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    put(join(home, name), text);
  }
}

/** A port where nobody listens. */
function silentPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
