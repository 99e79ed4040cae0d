/**
 * The search for a failing server as a person or a command carries it on: where it stands, the change that sets up the
 * next look, and the way back. Where it stands is in the history's newest live entry and nowhere else.
 */

import type { Context } from "../cli/context.ts";
import { checkSwitches, listServers, switchesFor } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home, UndoOptions } from "../home.ts";
import type { BisectState, Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Plan } from "../plan/plan.ts";
import { nextStep, type Test, type Verdict } from "./bisect-search.ts";
import { planUndo } from "./revert.ts";
import { homeSources, projectsAgainst, requiredOff } from "./toggle-servers.ts";

type Bisect = {
  readonly state: BisectState;
  /** What comes next, going by the answers so far. */
  readonly step: Test | Verdict;
  readonly entries: readonly Entry[];
};

/** The search under way, or ended and not yet taken back; null when there is none. */
export function currentBisect(home: Home): Bisect | null {
  const entries = home.bisectEntries();
  const state = entries.at(-1)?.bisect;
  return state ? { state, step: nextStep(state.servers, state.answers), entries } : null;
}

/** The state to start from: every server that is on. Throws `usage` while another search is there, or with none on. */
export function freshState(home: Home): BisectState {
  checkSwitches(home.codex, "NAME", undefined);
  if (currentBisect(home)) throw new CfgError("usage", "a bisect is there already", { hints: [RESET] });
  const servers = serversOn(home);
  if (servers.length > 0) return { servers, answers: [], testing: servers };
  throw new CfgError("usage", "no MCP server in config.toml is on, so there is nothing to search among", {
    hints: [{ note: "see them all", argv: ["mcp", "list"] }],
  });
}

/** The search that waits for an answer, which is about the servers that are on now. Throws when it does not. */
export function awaitingBisect(home: Home): Bisect {
  const bisect = currentBisect(home);
  if (bisect === null)
    throw new CfgError("usage", "no bisect is under way", {
      hints: [{ note: "begin one", argv: ["mcp", "bisect", "start"] }],
    });
  const { state, step } = bisect;
  if (step.kind !== "test") throw new CfgError("usage", "the bisect has come to its end", { hints: [RESET] });
  const known = listServers(homeSources(home)).map(({ name }) => name);
  const on = serversOn(home);
  const moved = state.servers.filter(
    (name) => !known.includes(name) || on.includes(name) !== state.testing.includes(name),
  );
  if (moved.length === 0) return bisect;
  throw new CfgError(
    "conflict",
    `changed by somebody else during the bisect, so an answer would be about something else: ${moved.join(", ")}`,
    { hints: [`the servers to have on are: ${state.testing.join(", ") || "none"}; or give up`, RESET] },
  );
}

/** The change that has exactly these of the servers on. */
export function planLook(context: Context, { servers, testing }: BisectState, findings: readonly Finding[] = []): Plan {
  const { home } = context;
  const sources = homeSources(home);
  const off = servers.filter((name) => !testing.includes(name));
  const switches = switchesFor(sources, new Map(servers.map((name) => [name, testing.includes(name)])));
  const known = listServers(sources).map(({ name }) => name);
  return home.planSwitches("config", switches, [
    ...requiredOff(sources, off),
    ...projectsAgainst(context, off, false, known),
    ...findings,
  ]);
}

/** The state that a step leads to; at the end, everything on but what was found. */
export function stateFor(state: BisectState, step: Test | Extract<Verdict, { kind: "found" }>): BisectState {
  const testing = step.kind === "test" ? step.on : state.servers.filter((name) => !step.servers.includes(name));
  return { ...state, testing };
}

export function findingFor({ servers }: BisectState, step: Test | Verdict): Finding {
  switch (step.kind) {
    case "test": {
      const off = servers.filter((name) => !step.on.includes(name));
      return { code: "bisect-step", severity: "info", args: { on: step.on, off, left: step.left } };
    }
    case "found":
      return { code: "bisect-found", severity: "info", args: { servers: step.servers } };
    case "no-server":
      return { code: "bisect-no-server", severity: "info", args: {} };
    case "no-failure":
      return { code: "bisect-no-failure", severity: "info", args: {} };
  }
}

/** The way back to where everything was, as one change. Throws `conflict` when somebody has changed a switch since. */
export function planReset(
  home: Home,
  entries: readonly Entry[],
  { skipConflicts = false, ...options }: UndoOptions & { readonly skipConflicts?: boolean } = {},
) {
  return planUndo(home.undo(entries, options), (...more) => [...RESET.argv, ...more], skipConflicts);
}

/** The search as `--json` prints it. */
export function bisectJson(home: Home, state: BisectState | null, step: Test | Verdict | null, stopped: string | null) {
  return {
    codexHome: home.dir,
    servers: state?.servers ?? [],
    on: state?.testing ?? [],
    answers: state?.answers ?? [],
    left: step?.kind === "test" ? step.left : null,
    verdict: step === null || step.kind === "test" ? null : step.kind,
    culprits: step?.kind === "found" ? step.servers : [],
    stopped,
  };
}

const RESET = { note: "bring everything back as it was", argv: ["mcp", "bisect", "reset"] };

function serversOn(home: Home): string[] {
  return listServers(homeSources(home)).flatMap(({ name, enabled }) => (enabled ? [name] : []));
}
