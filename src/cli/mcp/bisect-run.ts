/**
 * A search in which a command gives the answers. The switches of each try are committed before the command starts, so
 * after an interruption the next `run` goes on with that same try.
 */

import {
  awaitingBisect,
  type Bisect,
  currentBisect,
  findingFor,
  freshState,
  planLook,
  planReset,
  stateFor,
} from "../../actions/bisect.ts";
import { nextStep } from "../../actions/bisect-search.ts";
import { preflight } from "../../actions/preflight.ts";
import type { RunResult } from "../../host/host.ts";
import type { BisectState } from "../../model/change.ts";
import { CfgError, EXIT_CODES, isInterrupted } from "../../model/error.ts";
import { commitPlan } from "../commit-plan.ts";
import type { Context, EditContext } from "../context.ts";
import { bisectJson } from "./bisect-json.ts";

/** A limit of tries, because more entries would push older changes out of the history. */
const MOST_LOOKS = 40;
const CANNOT_TELL = 125;
const RUN = ["mcp", "bisect", "run"];

export async function runBisect(context: EditContext, command: readonly string[], timeoutMs: number): Promise<number> {
  try {
    return await search(context, command, timeoutMs);
  } catch (error) {
    const current = isInterrupted(error) ? currentBisect(context.home) : null;
    if (current === null) throw error;
    end(context, current.state, current.step, "interrupted");
    return EXIT_CODES.interrupted;
  }
}

async function search(context: EditContext, command: readonly string[], timeoutMs: number): Promise<number> {
  const { globals, home, host, output } = context;
  const current = currentBisect(home);
  // Whatever ended the last run, it came this far, and nobody may have read so.
  if (current?.step.kind === "found") return end(context, current.state, current.step, null);
  let state = current ? awaitingBisect(home) : freshState(home);
  if (globals.dryRun) {
    const off = { ...state, testing: [] };
    return commitPlan(context, await planLook(home, off, COMMAND));
  }
  output.findings((await planLook(home, { ...state, testing: [] }, COMMAND)).findings);
  if (!(await agreed(context, state))) {
    output.say("nothing was written");
    output.document("mcp-bisect", bisectJson(home.dir, state, null, null));
    return 1;
  }
  const began = host.now();
  for (;;) {
    const step = nextStep(state.servers, state.answers, true);
    if (step.kind === "test" || step.kind === "found") state = stateFor(state, step);
    if (step.kind === "found") {
      await look(context, state);
      return end(context, state, step, null);
    }
    if (step.kind !== "test") {
      context.commit(await planReset(home, COMMAND));
      return end(context, state, step, null);
    }
    if (state.answers.length >= MOST_LOOKS) {
      return end(context, state, step, `${MOST_LOOKS} tries and no end: it takes many servers together`);
    }
    await look(context, state);
    progress(context, state.answers.length, step.left, began);
    output.say(`try ${state.answers.length + 1}: on: ${state.testing.join(", ") || "none"}`);
    const result = await host.run(command[0] ?? "", command.slice(1), {
      env: { ...host.env, CODEX_HOME: home.dir },
      cwd: host.cwd,
      timeoutMs,
      inherit: true,
    });
    const stopped = whyStopped(result, command[0] ?? "");
    if (stopped !== null) return end(context, state, step, stopped);
    const fails = result.status !== 0;
    output.say(`try ${state.answers.length + 1}: ${fails ? `bad (${outcome(result)})` : "good"}`);
    state = { ...state, answers: [...state.answers, { on: state.testing, fails }] };
  }
}

const COMMAND = "mcp bisect run";

/** Asks once for the whole search, not before each try. */
async function agreed(context: Context, { servers }: BisectState): Promise<boolean> {
  if (!context.asks) return true;
  context.output.say(`this turns these servers off and on in config.toml, over and over: ${servers.join(", ")}`);
  return context.agrees("Make these changes?");
}

/** Brings about what is to be looked at; nothing to do where it is so already. */
async function look(context: EditContext, state: BisectState): Promise<void> {
  const { globals, home } = context;
  const plan = await planLook(home, state, COMMAND);
  if (globals.preflight) await preflight(home, plan);
  context.commit(plan);
}

/** Prints how long the search may still take, on a terminal only. */
function progress({ host, output }: Context, done: number, left: number, began: number): void {
  const seconds = (host.now() - began) / 1000;
  if (!host.terminal.errIsTty || done === 0 || seconds < 1) return;
  const more = Math.round((seconds / done) * left);
  output.say(`${Math.round(seconds)} s so far; at most ${left} more if it is one server, about ${more} s`, "dim");
}

function whyStopped({ status, notStarted }: RunResult, program: string): string | null {
  if (notStarted)
    throw new CfgError("usage", `${program} cannot be started`, {
      hints: [{ note: "write the command behind two dashes", argv: [...RUN, "--", "COMMAND"] }],
    });
  return status === CANNOT_TELL ? "the command cannot tell (exit code 125)" : null;
}

function outcome({ status, timedOut }: RunResult): string {
  return timedOut ? "took too long" : status === null ? "ended by a signal" : `exit code ${status}`;
}

function end(context: Context, state: BisectState, step: Bisect["step"], stopped: string | null): number {
  const { home, output } = context;
  if (stopped === null) output.data(output.text(findingFor(state, step)));
  else {
    const on = output.command([...RUN, "--", "COMMAND"]);
    output.say(`${stopped}; go on: ${on}   or give up: ${output.command(["mcp", "bisect", "reset"])}`);
  }
  output.document("mcp-bisect", bisectJson(home.dir, state, step, stopped));
  return step.kind === "found" ? 0 : 1;
}
