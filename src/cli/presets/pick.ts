/** Lets a person choose a preset where none is named. */
import { CfgError } from "../../model/error.ts";
import { BUILT_IN_PRESETS, builtInWord } from "../../presets/built-in.ts";
import { descriptionOf } from "../../presets/preset.ts";
import { userPresets } from "../../presets/preset-files.ts";
import { referenceTo } from "../../presets/reference.ts";
import type { EditContext } from "../context.ts";
import { pick } from "../pick.ts";

/** Null when the person cancels. Throws `usage` where nobody is asked. */
export async function pickPreset(context: EditContext): Promise<string | null> {
  const { home, host } = context;
  const own = context.asks ? await userPresets(host, home.dir) : [];
  const choices = [
    ...Object.entries(BUILT_IN_PRESETS).map(([name, about]) => ({ value: builtInWord(name, own), about })),
    ...own.map((preset) => ({ value: referenceTo(preset), about: descriptionOf(preset) })),
  ].map((choice) => ({ ...choice, label: choice.value }));
  const picked = await pick(context, "Bring in which preset?", choices, { several: false });
  if (picked === null) return null;
  if (picked?.[0] !== undefined) return picked[0];
  throw new CfgError("usage", "name a preset", { hints: [{ note: "see them all", argv: ["presets"] }] });
}
