/**
 * Brings a preset into a home: the built-in one, or one of the user's own. Finds it and refuses options that do not fit
 * it.
 */
import { loadSchema } from "../codex/load-schema.ts";
import { knownSchemaAt } from "../codex/schema.ts";
import type { Home } from "../home.ts";
import { CfgError } from "../model/error.ts";
import { type Again, argvOf, type Hint } from "../model/hint.ts";
import type { KeyPath } from "../model/op.ts";
import { checkCall, type Kinds } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { BUILT_IN, BUILT_IN_DATA, BUILT_IN_PRESETS, builtInName } from "../presets/built-in.ts";
import { fixInPresetFile, inPreset, type Preset, presetOps } from "../presets/preset.ts";
import { presetFromFile, userPresets } from "../presets/preset-files.ts";
import { isFileReference, referenceTo } from "../presets/reference.ts";
import { redactedValue } from "../redact/redactor.ts";
import { nearestNames } from "../text/closest-match.ts";
import { word } from "../text/shell-quote.ts";
import { applyHttpSse, type HttpSseWish } from "./apply-http-sse.ts";
import { checkSettings } from "./check-settings.ts";

/** The options of the user's own presets. */
type OwnOptions = {
  /** Values of the preset's parameters, by name. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** Write settings that this Codex does not know. */
  readonly allowUnknown?: boolean | undefined;
};

/**
 * A preset by name, `http-sse` or one of the user's own, or by its file with or without `#NAME`. `set` and
 * `allowUnknown` are for presets of the user's own; `scope`, `profile`, `providerId`, `name`, `baseUrl` and `envKey` for
 * `http-sse`. `overwrite` replaces a provider table of the preset's id that holds something else.
 */
export type PresetWish = { readonly preset: string } & OwnOptions & HttpSseWish;

const WISH: Kinds<PresetWish> = {
  preset: "text",
  set: "texts by name?",
  allowUnknown: "flag?",
  scope: "text?",
  profile: "text?",
  providerId: "text?",
  name: "text?",
  baseUrl: "text?",
  envKey: "text?",
  overwrite: "flag?",
};

const HTTP_SSE_OPTIONS = ["scope", "profile", "providerId", "name", "baseUrl", "envKey"] as const;
const OWN_OPTIONS = ["set", "allowUnknown"] as const;

/**
 * The plan that applies a preset, without changes where all of it is there. Throws `unknown-name`, `usage` for options
 * that the preset does not take, and `reserved-provider`, `would-overwrite` or `invalid-config` where this home or its
 * Codex cannot take the preset.
 */
export async function applyPreset(home: Home, wish: PresetWish): Promise<Plan> {
  checkCall("applyPreset", home, wish, WISH);
  if ((builtInName(wish.preset) ?? wish.preset) === "http-sse") {
    refuse(wish, OWN_OPTIONS, "presets of your own", { note: "what http-sse takes", argv: ["apply", "--help"] });
    return applyHttpSse(home, wish);
  }
  refuse(wish, HTTP_SSE_OPTIONS, "http-sse", "presets of your own take: --set NAME=VALUE");
  return applyOwn(home, wish);
}

function refuse(wish: PresetWish, options: readonly (keyof PresetWish)[], whose: string, hint: Hint): void {
  const given = options.find((option) => wish[option] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CfgError("usage", `--${flag} is for ${whose} alone`, { hints: [hint] });
}

async function applyOwn(
  home: Home,
  { allowUnknown = false, overwrite = false, preset: name, set = {} }: PresetWish,
): Promise<Plan> {
  const { codex, snapshot } = home;
  const preset = await find(home, name);
  const command = commandFor(name, set);
  const brought = presetOps(preset, set, {
    codex,
    document: (role) => snapshot.document(role),
    overwrite,
    command,
  });
  const { unknownServers } = brought;
  // What an older release does not know, a built-in preset does without.
  const isKnown = preset.origin === BUILT_IN ? await knownIn(codex.version) : () => true;
  const settings = brought.settings.filter(({ path }) => isKnown(path));
  const ops = brought.ops.filter((op) => op.op !== "set" || isKnown(op.path));
  await checkSettings(home, settings, { allowUnknown }).catch((error: unknown) => {
    // The error's own hints name commands that edit config.toml, and the fault is in the preset's file.
    throw inPreset(error, preset, (own) => [
      ...own.filter((hint) => typeof hint === "string" || "shell" in hint),
      fixInPresetFile(command),
    ]);
  });
  return home.plan(
    {
      command: `apply ${word(preset.name)}`,
      preset: preset.name,
      refusalHint: `it comes with the preset ${preset.name} of ${preset.origin}; nothing was written`,
      // A preset is used in several homes, so a server that this one does not have is no reason to refuse the rest.
      findings:
        unknownServers.length === 0
          ? []
          : [{ code: "unknown-servers", severity: "warning", args: { servers: unknownServers } }],
    },
    ops,
  );
}

async function knownIn(version: string): Promise<(path: KeyPath) => boolean> {
  const schema = await loadSchema();
  return (path) => knownSchemaAt(schema, path, version) !== null;
}

async function find({ dir, host }: Home, name: string): Promise<Preset> {
  if (isFileReference(name)) return presetFromFile(host, name);
  const presets = await userPresets(host, dir);
  const builtIn = builtInName(name);
  const preset =
    (builtIn === null ? presets.find((candidate) => candidate.name === name) : undefined) ??
    BUILT_IN_DATA.find((candidate) => candidate.name === (builtIn ?? name));
  if (preset) return preset;
  if (name.includes("#")) return presetFromFile(host, name);
  throw unknownPreset(name, [...Object.keys(BUILT_IN_PRESETS), ...presets.map(referenceTo)]);
}

/** The command that applies a preset; what may be a secret is not repeated. */
function commandFor(name: string, set: Readonly<Record<string, string>>): Again {
  const given = Object.entries(set).flatMap(([parameter, value]) => {
    const shown = redactedValue(value, [parameter]) === value ? value : "VALUE";
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
