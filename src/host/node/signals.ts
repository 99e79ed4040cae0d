/**
 * INT, TERM and HUP while this process has something to put away. Nobody listens otherwise, so the system ends it at once;
 * knows nothing of what is put away.
 */
import { CfgError } from "../../model/error.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type Signal = (typeof SIGNALS)[number];
type Reaction = (signal: Signal) => void;

let depth = 0;
let came: Signal | null = null;
let isProgram = false;
const reactions = new Set<Reaction>();

/** From now on the program says that a signal came, and ends itself. A library's process ends by it. */
export function leaveSignalsToProgram(): void {
  isProgram = true;
}

/** Ends this process by the signal that came, as whoever started it expects; returns where none did. @public */
export function endBySignal(): void {
  if (came === null || process.platform === "win32") return;
  process.removeAllListeners(came);
  process.kill(process.pid, came);
}

/** Does work during which a signal waits; `onSignal` names who hears of it at once, and of those that follow. */
export async function guarded<T>(work: (onSignal: (react: Reaction) => void) => Promise<T>): Promise<T> {
  if (came !== null) throw interrupted();
  const own: Reaction[] = [];
  enter();
  let result: T;
  let signal: Signal | null = null;
  try {
    result = await work((react) => {
      own.push(react);
      reactions.add(react);
    });
  } finally {
    // One that came while synchronous work held everything up is heard of now.
    await new Promise((done) => setImmediate(done));
    for (const react of own) reactions.delete(react);
    signal = leave();
  }
  if (signal !== null) throw interrupted();
  return result;
}

/** Lets signals wait until the synchronous work under way is over. */
export function holdSignals(): void {
  enter();
  setImmediate(leave);
}

function enter(): void {
  depth += 1;
  if (depth === 1) for (const name of SIGNALS) process.on(name, note);
}

function note(signal: Signal): void {
  came ??= signal;
  for (const react of reactions) react(signal);
}

/** The signal that came meanwhile, if one did. */
function leave(): Signal | null {
  depth -= 1;
  const signal = came;
  if (depth > 0) return signal;
  for (const name of SIGNALS) process.off(name, note);
  if (isProgram) return signal;
  came = null;
  if (signal !== null && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  return signal;
}

function interrupted(): CfgError {
  return new CfgError("interrupted", "interrupted; nothing was written");
}
