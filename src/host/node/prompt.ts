/** Shows a list in the real terminal and lets a person choose. A file of its own, because hardly any command needs it. */
import { isCancel, multiselect, select } from "@clack/prompts";
import type { Choice, SelectOptions } from "../host.ts";

/** `onSignal` names who hears of a signal, which is to leave the terminal as it was. */
export async function pick(
  onSignal: (react: () => void) => void,
  message: string,
  choices: readonly Choice[],
  { color, allowNone = false, several }: SelectOptions,
): Promise<readonly string[] | null> {
  const options = choices.map(({ about, label, value }) => ({ value, label, hint: about }));
  const given = new AbortController();
  onSignal(() => given.abort());
  const { signal } = given;
  // Standard output is for data, so the list is drawn on the other one.
  const look = { message, options, signal, input: process.stdin, output: screen(process.stderr, color) };
  const answer = several ? await multiselect({ ...look, required: !allowNone }) : await select(look);
  return isCancel(answer) ? null : [answer].flat();
}

/**
 * The same terminal, with a size where nobody told it one. No colour gets through to it unless wanted; Node 20 gives colour
 * to whoever asks.
 */
function screen(stream: NodeJS.WriteStream, color: boolean): NodeJS.WriteStream {
  const colors = new RegExp(`${String.fromCharCode(27)}\\[(?:3[0-79]|4[0-79]|9[0-7]|10[0-7])m`, "g");
  const plain = (chunk: unknown, ...rest: never[]) =>
    stream.write(typeof chunk === "string" ? chunk.replace(colors, "") : (chunk as Uint8Array), ...rest);
  return Object.create(stream, {
    ...(color ? {} : { write: { value: plain } }),
    columns: { get: () => stream.columns || 80 },
    rows: { get: () => stream.rows || 24 },
  });
}
