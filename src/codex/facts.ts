/**
 * Facts about Codex that change from release to release, for one release. The facts themselves, each with its brackets and
 * its source, are in facts.json; this file only looks them up by name.
 */
import type { LogEventKind } from "../findings/finding.ts";
import data from "./facts.json" with { type: "json" };
import type { UnknownKeys } from "./unknown-keys.ts";

/** The newest release that the facts were measured on. */
export const NEWEST = data.newest;

type Named<T> = { readonly [name: string]: T };

/** The types of facts that are neither a boolean nor a list of names. */
type Detailed = {
  readonly profileLayout: "file" | "table";
  readonly losingNames: readonly (readonly [loses: readonly string[], wins: readonly string[]])[];
  readonly restrictedProviders: Named<readonly string[]>;
  readonly deprecatedFeatures: Named<boolean>;
  readonly removedProviders: Named<string>;
  readonly awsProviders: readonly string[] | null;
  readonly multiAgentWaits: Named<number> | null;
  readonly presetSlots: string | null;
  readonly hookTypes: Named<readonly string[]>;
  readonly sameSettings: readonly { readonly table: string; readonly names: readonly [name: string, older: string] }[];
  readonly olderUnknownKeys: Named<UnknownKeys>;
  readonly structsFromArrays: Named<{ readonly empty: boolean; readonly first?: string }>;
  readonly loginBeatingVariables: Named<"all" | "exec">;
  readonly localProviders: Named<string>;
  readonly logEvents: readonly {
    readonly kind: LogEventKind;
    readonly pattern: string;
    readonly flags?: string;
    /** A line that was seen. */
    readonly line?: string;
  }[];
};

type Rows = typeof data.facts;
type Facts = {
  readonly [N in keyof Rows]: N extends keyof Detailed
    ? Detailed[N]
    : Rows[N]["is"] extends boolean
      ? boolean
      : Rows[N]["is"] extends readonly string[]
        ? readonly string[]
        : Rows[N]["is"];
};
type Changing = { readonly [N in keyof Rows]: Rows[N] extends { changes: unknown } ? N : never }[keyof Rows];

type Change = {
  readonly first: string;
  readonly is?: unknown;
  readonly adds?: unknown;
  readonly drops?: readonly string[];
};
const ROWS: { readonly [N in keyof Rows]: { readonly is: unknown; readonly changes?: readonly Change[] } } = data.facts;

/** A fact as it is in a release. */
export function forVersion<N extends Changing>(name: N, version: string): Facts[N] {
  const { changes = [], is } = ROWS[name];
  const passed = changes.filter(({ first }) => compareVersions(first, version) <= 0);
  return passed.reduce(changed, is) as Facts[N];
}

/** A fact that no release has changed yet. */
export function always<N extends Exclude<keyof Rows, Changing>>(name: N): Facts[N] {
  return ROWS[name].is as Facts[N];
}

/** The first release in which a fact differs from the oldest one. */
export function firstChange(name: Changing): string {
  return ROWS[name].changes?.[0]?.first ?? NEWEST;
}

function changed(value: unknown, { adds, drops = [], is }: Change): unknown {
  if (is !== undefined) return is;
  const isKept = (name: unknown) => !drops.some((dropped) => dropped === name);
  if (Array.isArray(value)) return [...value.filter(isKept), ...((adds as readonly unknown[] | undefined) ?? [])];
  return Object.fromEntries(
    Object.entries({ ...(value as object), ...(adds as object) }).filter(([name]) => isKept(name)),
  );
}

/** Negative, zero or positive as `a` is older than, as old as or newer than `b`; pre-release tags do not count. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `X.Y.Z` out of a text such as `codex-cli 0.169.0` or `0.170.0-alpha.2`; null when there is none. */
export function versionIn(text: string): string | null {
  return /\b(\d+\.\d+\.\d+)(?![\d.])/.exec(text)?.[1] ?? null;
}

/** Kept, because a check compares the same few versions for every key. */
const parsed = new Map<string, readonly number[]>();

function numbers(version: string): readonly number[] {
  const known = parsed.get(version);
  if (known) return known;
  const found = version.split(/[.-]/, 3).map(Number);
  parsed.set(version, found);
  return found;
}
