/**
 * The search for a failing server: its state, the change for the next try, and the way back. The state is kept in
 * the newest active entry of the history and nowhere else.
 */
import { checkSwitches, listServers, namesIn, switchesFor } from "../codex/servers.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import type { BisectState, Entry } from "../model/change.ts";
import { CfgError } from "../model/error.ts";
import type { Again } from "../model/hint.ts";
import { checkCall } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { nextStep, type Test, type Verdict } from "./bisect-search.ts";
import { type RevertOptions, revertEntries } from "./revert.ts";
import { homeSources, projectsAgainst, requiredOff, viewServers } from "./servers.ts";
import { planSwitches } from "./toggle-servers.ts";

/**
 * The state of a search: the servers, the answers so far and the servers to be on now (`state`), and the next step:
 * a `test` with the servers to have on and how many tries are left at most, or the verdict `found`, `no-server` (it fails
 * with all of them off) or `no-failure` (it does not fail with all of them on).
 */
export type Bisect = { readonly state: BisectState; readonly step: Test | Verdict };

/** What to do about a search: begin one, answer for the servers that are on now, or bring everything back. */
export type BisectWish =
  | { readonly answer: "start" | "good" | "bad" }
  | ({ readonly answer: "reset" } & Omit<RevertOptions, "purge">);

type WishMembers = Pick<BisectWish, "answer"> & Omit<RevertOptions, "purge">;
const ANSWERS: readonly string[] = ["start", "good", "bad", "reset"];

/**
 * The change that a search needs next, and its state once that is committed; the search itself is kept in the
 * history. Null for a reset where no search is under way. Throws `usage` where the wish does not fit the state,
 * `conflict` when somebody else has changed a server meanwhile, `newer-state` where a newer codex-cfg may have gone on.
 */
export async function bisect(home: Home, wish: BisectWish): Promise<(Bisect & { readonly plan: Plan }) | null> {
  checkCall<WishMembers>("bisect", home, wish, { answer: "text", force: "flag?", skipConflicts: "flag?" });
  if (!ANSWERS.includes(wish.answer)) throw new CfgError("usage", `answer takes one of: ${ANSWERS.join(", ")}`);
  const command = `mcp bisect ${wish.answer}`;
  if (wish.answer === "reset") {
    const { answer: _, ...options } = wish;
    const current = currentBisect(home);
    return current && { ...current, plan: await planReset(home, command, options) };
  }
  const state =
    wish.answer === "start" ? begun(freshState(home)) : answered(awaitingBisect(home), wish.answer === "bad");
  const step = nextStep(state.servers, state.answers);
  if (step.kind === "test" || step.kind === "found") {
    const next = stateFor(state, step);
    return { state: next, step, plan: await planLook(home, next, command, [findingFor(state, step)]) };
  }
  return { state, step, plan: await planReset(home, command, {}, [findingFor(state, step)]) };
}

/**
 * The step that recovery has just completed, where its command is typed again: the answer that was given is about the
 * servers before that step, and counts once.
 */
export function stepJustMade({ completed, history }: Home, { answer }: BisectWish): (Bisect & Made) | null {
  const entry = completed.findLast(({ command }) => command.startsWith("mcp bisect "));
  if (entry === undefined || answer === "reset") return null;
  if (entry.bisect) return { entry, state: entry.bisect, step: nextStep(entry.bisect.servers, entry.bisect.answers) };
  // A search that ended with nobody to blame was taken back in that step, and only the entries before it know of it.
  const last = history.entries.findLast(({ bisect, id }) => bisect && entry.reverts?.includes(id))?.bisect;
  if (!last || answer === "start" || entry.command !== `mcp bisect ${answer}`) return null;
  const state = answered(last, answer === "bad");
  return { entry, state, step: nextStep(state.servers, state.answers) };
}

type Made = { readonly entry: Entry };

/** The search under way, or ended and not yet taken back; null when there is none. */
export function currentBisect({ history }: Home): Bisect | null {
  const state = bisectEntries(history.active).at(-1)?.bisect;
  return state ? { state, step: nextStep(state.servers, state.answers) } : null;
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

/** The search that waits for an answer about the servers that are on now. Throws when none does. */
export function awaitingBisect(home: Home): BisectState {
  const bisect = currentBisect(home);
  refuseNewer(home);
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
  if (moved.length === 0) return state;
  throw new CfgError(
    "conflict",
    `changed by somebody else during the bisect, so an answer would be about something else: ${moved.join(", ")}`,
    { hints: [`the servers to have on are: ${state.testing.join(", ") || "none"}; or give up`, RESET] },
  );
}

/** The plan that turns on exactly the servers of the next try. */
export async function planLook(
  home: Home,
  state: BisectState,
  command: string,
  findings: readonly Finding[] = [],
): Promise<Plan> {
  const { servers, testing } = state;
  const sources = homeSources(home);
  const off = servers.filter((name) => !testing.includes(name));
  const switches = switchesFor(sources, new Map(servers.map((name) => [name, testing.includes(name)])));
  const known = namesIn(sources);
  return planSwitches(home, "config", switches, {
    command,
    bisect: state,
    findings: [
      ...requiredOff(sources, off),
      ...projectsAgainst(viewServers(home).projects, off, false, known),
      ...findings,
    ],
  });
}

/**
 * The plan that brings every switch back as it was before the search. Throws `conflict` when somebody has changed a
 * switch since.
 */
export async function planReset(
  home: Home,
  command: string,
  options: RevertOptions = {},
  findings: readonly Finding[] = [],
): Promise<Plan> {
  refuseNewer(home);
  const again: Again = (...more) => [...RESET.argv, ...more];
  return revertEntries(
    home,
    bisectEntries(home.history.active),
    { ...options, again, command, isOver: true },
    findings,
  );
}

/** The state that a step leads to; when servers were found, all others are on. */
export function stateFor(state: BisectState, step: Test | Extract<Verdict, { kind: "found" }>): BisectState {
  const testing = step.kind === "test" ? step.on : state.servers.filter((name) => !step.servers.includes(name));
  return { ...state, testing };
}

/** The state of a search, as a finding. */
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

const RESET = { note: "bring everything back as it was", argv: ["mcp", "bisect", "reset"] };

/** A search begins with a first answer: it fails with the servers that are on now. */
function begun(state: BisectState): BisectState {
  return { ...state, answers: [{ on: state.servers, fails: true }] };
}

function answered(state: BisectState, fails: boolean): BisectState {
  return { ...state, answers: [...state.answers, { on: state.testing, fails }] };
}

/** Throws `newer-state` when a newer codex-cfg may have continued the search or ended it. */
function refuseNewer({ history }: Home): void {
  const last = bisectEntries(history.active).at(-1)?.id ?? "";
  history.refuseNewer((id) => id > last);
}

function bisectEntries(active: readonly Entry[]): readonly Entry[] {
  return active.filter(({ bisect }) => bisect !== undefined);
}

function serversOn(home: Home): string[] {
  return listServers(homeSources(home)).flatMap(({ name, enabled }) => (enabled ? [name] : []));
}
