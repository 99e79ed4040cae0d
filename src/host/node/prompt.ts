/** Shows a list in the real terminal and lets a person choose. A file of its own, because hardly any command needs it. */
import { isCancel, multiselect, select } from "@clack/prompts";
import type { Choice, SelectOptions } from "../host.ts";

export async function pick(
  message: string,
  choices: readonly Choice[],
  { color, allowNone = false, several }: SelectOptions,
): Promise<readonly string[] | null> {
  const options = choices.map(({ about, label, value }) => ({ value, label, hint: about }));
  // Standard output is for data, so the list is drawn on the other one.
  const look = { message, options, input: process.stdin, output: color ? process.stderr : colorless(process.stderr) };
  const answer = several ? await multiselect({ ...look, required: !allowNone }) : await select(look);
  return isCancel(answer) ? null : [answer].flat();
}

/** The same terminal, to which no colour gets through; Node 20 gives colour to whoever asks. */
function colorless(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const colors = new RegExp(`${String.fromCharCode(27)}\\[(?:3[0-79]|4[0-79]|9[0-7]|10[0-7])m`, "g");
  const write = (chunk: unknown, ...rest: never[]) =>
    stream.write(typeof chunk === "string" ? chunk.replace(colors, "") : (chunk as Uint8Array), ...rest);
  return Object.create(stream, { write: { value: write } });
}
