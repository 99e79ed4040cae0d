/** How `codex-cfg presets list` shows the presets. */
import { BUILT_IN, BUILT_IN_DATA, BUILT_IN_PRESETS, builtInWord } from "../../presets/built-in.ts";
import { descriptionOf, parameterNames } from "../../presets/preset.ts";
import { configFolder, userPresets } from "../../presets/preset-files.ts";
import { referenceTo } from "../../presets/reference.ts";
import type { Context } from "../context.ts";

export async function list({ home, host, output }: Context): Promise<number> {
  const found = await userPresets(host, home.dir);
  const own = found.map((preset) => ({
    name: referenceTo(preset),
    description: descriptionOf(preset),
    origin: preset.origin,
    parameters: parameterNames(preset),
  }));
  const builtIn = Object.entries(BUILT_IN_PRESETS).map(([name, description]) => ({
    name: builtInWord(name, found),
    description,
    origin: BUILT_IN,
    parameters: BUILT_IN_DATA.filter((preset) => preset.name === name).flatMap(parameterNames),
  }));
  const presets = [...builtIn, ...own];
  const width = Math.max(...presets.map(({ name }) => name.length));
  for (const { description, name, origin, parameters } of presets) {
    const takes = parameters.length === 0 ? "" : `  --set ${parameters.join(", ")}`;
    output.data(`${name.padEnd(width)}  ${description}  (${origin})${takes}`);
  }
  if (own.length === 0) output.say(`your own go into ${configFolder(host) ?? home.dir}/codex-cfg.presets.toml`);
  output.document("presets", { codexHome: home.dir, presets });
  return 0;
}
