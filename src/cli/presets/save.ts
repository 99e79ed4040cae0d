/** How `codex-cfg presets save` shows a preset, and writes it. */
import { presetOf, savePreset } from "../../actions/save-preset.ts";
import type { Context } from "../context.ts";

export type SaveOptions = {
  readonly profile?: string;
  readonly servers?: readonly string[];
  readonly output?: string;
};

export async function save(context: Context, name: string, options: SaveOptions): Promise<number> {
  const { globals, home, output } = context;
  const { output: file, ...wish } = options;
  const preset = presetOf(home, { name, file, ...wish });
  const { parameters, path, text } = preset;
  const told = (written: boolean, exit = 0) => {
    output.document("preset-save", { codexHome: home.dir, file: path, written, text, parameters });
    return exit;
  };
  for (const line of text.trimEnd().split("\n")) output.data(line);
  if (globals.dryRun) {
    output.say("dry run: nothing was written");
    return told(false);
  }
  if (context.asks && !(await context.agrees(`Write ${path}?`))) {
    output.say("nothing was written");
    return told(false, 1);
  }
  savePreset(home, preset);
  output.say(`written: ${path}; elsewhere: ${output.command(["apply", `./${path.split(/[\\/]/).at(-1)}`])}`, "green");
  return told(true);
}
