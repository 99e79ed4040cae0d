/**
 * Checks one start of Codex: config.toml, with a profile on top when one is named, and with the other files
 * that count on this machine. Reads, never writes; the rules are in `rules.ts`.
 */

import { basename, dirname, join } from "node:path";
import { isSet } from "../codex/environment.ts";
import { expectsOf } from "../codex/expected.ts";
import { namedFile } from "../codex/file-role.ts";
import { loadSchema } from "../codex/load-schema.ts";
import type { Login } from "../codex/login.ts";
import { type Schema, schemaAt } from "../codex/schema.ts";
import type { Finding } from "../findings/finding.ts";
import type { Host } from "../host/host.ts";
import { clientEnvironment, type Environment } from "../machine/environment.ts";
import { readLogin } from "../machine/login.ts";
import { administrators, isBelowConfig } from "../machine/projects.ts";
import type { FileRole, TomlTable } from "../model/op.ts";
import type { Snapshot } from "../plan/snapshot.ts";
import { readTextFile } from "../store/store.ts";
import type { Document } from "../toml/document.ts";
import { type CheckResult, check, selectorsIn } from "./check.ts";
import type { CheckContext, Layer, Subject } from "./context.ts";
import { interruptedChanges } from "./interrupted.ts";
import { isToBeAsked, withLastWord } from "./last-word.ts";
import { ignoredInProject, projectFindings } from "./projects.ts";
import { readLayer } from "./read-layer.ts";

/** What counts for every start of a home, looked up once for all of them. */
export type Surroundings = { readonly schema: Schema; readonly below: TomlTable };

/** With `roots`, for checks of these root keys only. */
export async function surroundingsOf(
  { alone = false, codex, host }: Subject,
  roots?: ReadonlySet<string>,
): Promise<Surroundings> {
  const partial = await loadSchema(roots);
  // A project's config is always checked as a whole, and an unknown key may be a misspelt one of any table.
  const isUnknown = (key: string) => schemaAt(partial, [key], codex.version) === null;
  const schema = (!alone && isBelowConfig(host)) || [...(roots ?? [])].some(isUnknown) ? await loadSchema() : partial;
  return { schema, below: (alone ? null : administrators(host, "config.toml"))?.data ?? {} };
}

/** Checks a start, for the files as they are in a snapshot; with `roots`, of these root keys only. */
export async function checkStart(
  subject: Subject,
  profile: string | null,
  snapshot: Snapshot = subject.snapshot,
): Promise<CheckResult> {
  const found = checkStartAmid(await surroundingsOf(subject), subject, profile, snapshot);
  const { findings, loads, strict } = await asClientSays(subject, profile, snapshot, found);
  return { loads, strict, findings: [...interruptedChanges(subject, "error"), ...findings] };
}

/** What was found about a start, after the installed client was asked where that is better than what is known. */
export async function asClientSays(
  subject: Subject,
  profile: string | null,
  snapshot: Snapshot,
  result: CheckResult,
): Promise<CheckResult> {
  if (!isToBeAsked(subject)) return result;
  const own = profile === null ? null : subject.codex.layout.fileOf(profile);
  const findings = await withLastWord(subject, snapshot, result.findings, own === null ? ["config"] : ["config", own]);
  const loads = findings.every(({ stops }) => stops !== "load");
  return { loads, strict: loads && findings.every(({ stops }) => stops === undefined), findings };
}

/** The same with surroundings that are read already; with `roots`, of these root keys only. */
export function checkStartAmid(
  { below, schema }: Surroundings,
  subject: Subject,
  profile: string | null,
  snapshot: Snapshot,
  roots?: ReadonlySet<string>,
): CheckResult {
  const { alone = false, codex, dir, host } = subject;
  const role = profile === null ? null : codex.layout.fileOf(profile);
  const expects = expectsOf(schema, codex.version);
  const layers: Layer[] = [];
  const broken: Finding[] = [];
  for (const file of role === null ? (["config"] as const) : (["config", role] as const)) {
    const { document, findings } = readLayer(file, subject, snapshot, expects);
    broken.push(...findings);
    if (document) layers.push({ file, document });
  }
  const context: CheckContext = {
    version: codex.version,
    schema,
    login: loginOf(subject, layers.find(({ file }) => file === "config")?.document),
    isSet: alone ? undefined : variablesOf(subject),
    profile,
    fileText: (name) => fileText(host, dir, name),
    below,
    roots,
    // Hardly any home has a provider of whom that is asked.
    selectors: (id) => selectorsIn(roles(subject).flatMap((file) => layerIn(file, snapshot)))(id),
  };
  const own = check(layers, context);
  const ofProjects = alone ? ofProjectFile(subject, layers) : projectFindings(subject, layers, context);
  const loads = own.loads && ofProjects.every(({ stops }) => stops !== "load");
  const result = { ...own, loads, findings: [...ofProjects, ...own.findings] };
  // Of a file checked by itself nobody knows which profiles its home has.
  const isMissing = !alone && role !== null && !broken.some(({ file }) => file === role) && !snapshot.exists(role);
  const missing: Finding[] = isMissing
    ? [{ code: "no-profile-file", severity: "warning", args: { profile: profile ?? "" } }]
    : [];
  if (broken.length === 0) return { ...result, findings: [...missing, ...result.findings] };
  // What seems to be missing may stand in a line that was passed over.
  const isPartial = broken.some(({ code, fix }) => code !== "unreadable-file" && fix?.kind !== "safe");
  const findings = isPartial ? result.findings.filter(({ code }) => !OF_WHAT_IS_MISSING.has(code)) : result.findings;
  return { loads: false, strict: false, findings: [...broken, ...findings] };
}

/** Reads `.env` only when a rule asks for a variable. */
function variablesOf({ dir, host }: Subject): (name: string) => boolean {
  let values: Environment["values"] | undefined;
  return (name) => {
    values ??= clientEnvironment(host, dir).values;
    return isSet(values, name);
  };
}

function roles({ codex, profileFiles }: Subject): readonly FileRole[] {
  return ["config", ...profileFiles.flatMap((name) => codex.layout.fileOf(name) ?? [])];
}

function layerIn(file: FileRole, snapshot: Snapshot): Layer[] {
  const document = snapshot.parsed(file);
  return document ? [{ file, document }] : [];
}

/** What is passed over in a file that is checked by itself, where it lies as a project's config does. */
function ofProjectFile({ codex, dir, host }: Subject, layers: readonly Layer[]): Finding[] {
  const isProject = basename(dir) === ".codex" && dirname(dir) !== host.userHome && dir !== host.env.CODEX_HOME;
  return isProject
    ? layers.flatMap(({ document }) => ignoredInProject(join(dir, "config.toml"), document, codex.version))
    : [];
}

const OF_WHAT_IS_MISSING: ReadonlySet<Finding["code"]> = new Set([
  "missing-key",
  "permissions-default",
  "permissions-extends",
  "provider-name",
  "server-transport",
  "undefined-profile",
  "undefined-provider",
]);

/** Reads the login only when a rule asks for it: few do, and it is in a file of its own. */
function loginOf({ dir, host }: Subject, config: Document | undefined): () => Login {
  let login: Login | undefined;
  return () => {
    login ??= readLogin(host, dir, config);
    return login;
  };
}

function fileText(host: Host, dir: string, name: string): string | null {
  try {
    return readTextFile(host, namedFile(name, dir, host.userHome));
  } catch {
    return null;
  }
}
