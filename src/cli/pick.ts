/** Asks a person to choose from a list, where there is one to ask; scripts never meet a list. */
import type { Choice } from "../host/host.ts";
import { printable } from "../redact/printable.ts";
import type { Context } from "./context.ts";

/** The values chosen; undefined when nobody is there to ask, or nothing is to choose; null when the person gives up. */
export async function pick(
  { asks, host, output }: Context,
  question: string,
  choices: readonly Choice[],
  manner: { readonly several: boolean; readonly allowNone?: boolean },
): Promise<readonly string[] | null | undefined> {
  if (!asks || choices.length === 0) return undefined;
  const shown = choices.map(({ about, label, value }) => ({
    value,
    label: printable(label),
    about: printable(about),
  }));
  const answer = await host.terminal.pick(question, shown, { ...manner, color: output.colored("err") });
  if (answer === null) output.say("nothing was written");
  return answer;
}
