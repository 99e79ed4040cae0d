/**
 * Applying a preset of the user's own: finds it, turns it into a plan, and refuses what this Codex would not take.
 */

import type { Context } from "../cli/context.ts";
import { settle } from "../cli/settle.ts";
import { CfgError } from "../model/error.ts";
import { type Again, argvOf } from "../model/hint.ts";
import { BUILT_IN_PRESETS } from "../presets/built-in.ts";
import { afterMending, inPreset, type Preset, presetOps } from "../presets/preset.ts";
import { presetFromFile, userPresets } from "../presets/preset-files.ts";
import { isFileReference, referenceTo } from "../presets/reference.ts";
import { maskedValue } from "../redact/redactor.ts";
import { nearestNames } from "../text/closest-match.ts";
import { checkSettings, refuseBroken } from "./check-settings.ts";

/** What `apply` is told beside the preset's name. */
export type PresetFlags = {
  readonly set: Readonly<Record<string, string>>;
  readonly overwrite: boolean;
  readonly allowUnknown: boolean;
};

/** `name` is a preset's name, or a file's with or without `#NAME`. Resolves to the exit code. */
export async function applyUserPreset(
  context: Context,
  name: string,
  { allowUnknown, overwrite, set }: PresetFlags,
): Promise<number> {
  const { home } = context;
  const preset = await find(context, name);
  const { codex, snapshot } = home;
  const command = commandFor(name, set);
  const { ops, profile, settings, strangers } = presetOps(preset, set, {
    codex,
    document: (role) => snapshot.document(role),
    overwrite,
    command,
  });
  await checkSettings(home, settings, { allowUnknown }).catch((error: unknown) => {
    // Commands that it names are for config.toml.
    throw inPreset(error, preset, (own) => [
      ...own.filter((hint) => typeof hint === "string" || "shell" in hint),
      afterMending(command),
    ]);
  });
  // Homes differ, and a preset is for several: a server that is not here is no reason to refuse the rest.
  const plan = home.plan(
    ops,
    strangers.length === 0 ? [] : [{ code: "unknown-servers", severity: "warning", args: { servers: strangers } }],
  );
  const hint = `it comes with the preset ${preset.name} of ${preset.origin}; nothing was written`;
  if (plan.changes.length > 0) await refuseBroken(home, plan, profile ?? undefined, hint);
  return settle(context, plan, { command: `apply ${preset.name}`, preset: preset.name });
}

async function find({ home, host }: Context, name: string): Promise<Preset> {
  if (isFileReference(name)) return presetFromFile(host, name);
  const presets = await userPresets(host, home.dir);
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset) return preset;
  if (name.includes("#")) return presetFromFile(host, name);
  throw unknownPreset(name, [...Object.keys(BUILT_IN_PRESETS), ...presets.map(referenceTo)]);
}

/** The command that applies a preset; what may be a secret is not repeated. */
function commandFor(name: string, set: PresetFlags["set"]): Again {
  const given = Object.entries(set).flatMap(([parameter, value]) => {
    const shown = maskedValue(value, [parameter]) === value ? value : "VALUE";
    return ["--set", `${parameter}=${shown}`];
  });
  return (...more) => argvOf("apply", [name], [...given, ...more]);
}

function unknownPreset(name: string, known: readonly string[]): CfgError {
  const near = nearestNames(name, known)[0] ?? known[0];
  return new CfgError("unknown-name", `there is no preset ${JSON.stringify(name)}`, {
    hints: [
      { note: "see them all", argv: ["presets"] },
      { note: "did you mean", argv: argvOf("apply", [near ?? "http-sse"]) },
    ],
  });
}
