/** Asks a person to choose from a list, on a terminal only: a script is never asked. */
import { toggleChoices } from "../actions/toggle-servers.ts";
import { fileName } from "../codex/file-role.ts";
import type { Choice } from "../host/host.ts";
import { printable } from "../redact/printable.ts";
import type { Context } from "./context.ts";

/** The values chosen; undefined off a terminal or without choices, null when the person cancels. */
export async function pick(
  { asks, host, output }: Context,
  question: string,
  choices: readonly Choice[],
  options: { readonly several: boolean; readonly allowNone?: boolean },
): Promise<readonly string[] | null | undefined> {
  if (!asks || choices.length === 0) return undefined;
  const shown = choices.map(({ about, label, value }) => ({
    value,
    label: printable(label),
    about: printable(about),
  }));
  const answer = await host.terminal.pick(question, shown, { ...options, color: output.colored("err") });
  if (answer === null) output.say("nothing was written");
  return answer;
}

/** The change to take back, where several are active; undefined where nobody is asked, null when the person cancels. */
export async function pickChange(context: Context): Promise<string | undefined | null> {
  const changes = context.asks ? context.home.history.activeChanges : [];
  if (changes.length < 2) return undefined;
  const choices = [...changes].reverse().map(({ command, files, id, time }) => ({
    value: id,
    label: `${time.slice(0, 16).replace("T", " ")}  ${command}`,
    about: files.map(({ file }) => fileName(file)).join(" "),
  }));
  const picked = await pick(context, "Take which change back?", choices, { several: false });
  return picked === null ? null : picked?.[0];
}

/** The servers to turn on or off; undefined where nobody is asked, null when the person cancels. */
export async function pickServers(
  context: Context,
  enabled: boolean,
  profile?: string,
): Promise<readonly string[] | null | undefined> {
  const question = `Turn which servers ${enabled ? "on" : "off"}?`;
  return pick(context, question, serverChoices(context, enabled, profile), { several: true });
}

/** The servers to leave on while all others go off; none where nobody is asked, null when the person cancels. */
export async function pickExceptions(context: Context, profile?: string): Promise<readonly string[] | null> {
  const choices = serverChoices(context, false, profile);
  if (choices.length < 2) return [];
  const options = { several: true, allowNone: true };
  const names = await pick(context, "Turn every server off but which? (Enter: all of them)", choices, options);
  return names === undefined ? [] : names;
}

function serverChoices(context: Context, enabled: boolean, profile?: string): Choice[] {
  const servers = context.asks ? toggleChoices(context.home, { enabled, profile }) : [];
  return servers.map(({ name, transport }) => ({ value: name, label: name, about: transport ?? "no transport" }));
}
