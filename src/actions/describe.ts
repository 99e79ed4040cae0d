/**
 * What there is to say about the codes of findings: sentence and hints, the smallest config that has it, what Codex says of
 * that one, and what each fix makes of it. Checks the examples with the rules themselves, so that nothing is told twice.
 */
import { checkHome } from "../check/check-home.ts";
import { NEWEST } from "../codex/facts.ts";
import { profileLayout } from "../codex/profile-layout.ts";
import type { Finding, FindingCode } from "../findings/finding.ts";
import { hintsOf, sampleOf, sentence } from "../findings/messages.ts";
import { FINDINGS } from "../findings/table.ts";
import type { Home } from "../home.ts";
import { CfgError, orNull } from "../model/error.ts";
import type { Hint } from "../model/hint.ts";
import { checkCall } from "../model/wish.ts";
import { applySteps } from "../plan/plan.ts";
import { Snapshot } from "../plan/snapshot.ts";
import { nearestNames } from "../text/closest-match.ts";

/** The code of a finding; without it, all of them. */
export type DescribeWish = { readonly name?: string | undefined };

export type CodePage = {
  readonly code: FindingCode;
  readonly sentence: string;
  readonly hints: readonly Hint[];
  /** The smallest config that has it; null for what depends on a machine or a change. */
  readonly example: Example | null;
};

export type Example = {
  readonly text: string;
  readonly release: string;
  readonly stops: "load" | "strict" | null;
  /** What Codex says of it, from which release on; nothing where it takes it. */
  readonly says: readonly { readonly since: string; readonly words: string }[];
  /** The ways to fix it, and config.toml after each. */
  readonly fixes: readonly ExampleFix[];
};

export type ExampleFix = {
  readonly kind: "safe" | "choice";
  readonly reason: string;
  readonly label: string | null;
  readonly after: string;
};

type Row = { readonly text: string; readonly release?: string; readonly says?: Readonly<Record<string, string>> };

/** The pages of one code, or of all in the order of their names. Throws `unknown-name`. */
export async function describe(home: Home, wish: DescribeWish = {}): Promise<readonly CodePage[]> {
  checkCall("describe", home, wish, { name: "text?" });
  const { default: rows } = await import("../findings/examples.json", { with: { type: "json" } });
  const codes = Object.keys(FINDINGS).sort() as FindingCode[];
  const { name } = wish;
  const wanted = name === undefined ? codes : codes.filter((code) => code === name);
  if (name !== undefined && wanted.length === 0) {
    const near = nearestNames(name, codes)[0];
    throw new CfgError("unknown-name", `no finding has the code ${JSON.stringify(name)}`, {
      hints: [
        near === undefined
          ? { note: "see all", argv: ["describe"] }
          : { note: "did you mean", argv: ["describe", near] },
      ],
    });
  }
  return Promise.all(
    wanted.map((code) =>
      pageOf(home, code, Object.hasOwn(rows, code) ? (rows[code as keyof typeof rows] as Row) : null),
    ),
  );
}

async function pageOf(home: Home, code: FindingCode, row: Row | null): Promise<CodePage> {
  const found = row && (await findingIn(home, code, row));
  const cause = found ?? sampleOf(code);
  const page = { code, sentence: sentence(cause), hints: hintsOf(cause) };
  if (!row) return { ...page, example: null };
  const { release = NEWEST, says = {}, text } = row;
  return {
    ...page,
    example: {
      text,
      release,
      stops: found?.stops ?? null,
      says: Object.entries(says).map(([since, words]) => ({ since, words })),
      fixes: found ? fixesOf(found, text) : [],
    },
  };
}

/** The finding of an example, as a check of it alone finds it: no client is asked, and nobody is logged in. */
async function findingIn({ dir, host }: Home, code: FindingCode, { release = NEWEST, text }: Row) {
  const codex = { version: release, layout: profileLayout(release), source: "flag", program: null } as const;
  const snapshot = new Snapshot((role) => (role === "config" ? text : null));
  const { findings } = await checkHome({ host, dir, codex, snapshot, profileFiles: [], alone: true });
  return findings.find((finding) => finding.code === code) ?? null;
}

function fixesOf({ fix }: Finding, text: string): ExampleFix[] {
  if (!fix) return [];
  const before = new Snapshot((role) => (role === "config" ? text : null));
  const ways = fix.kind === "safe" ? [{ label: null, ops: fix.ops }] : fix.options;
  return ways.flatMap(({ label, ops }) => {
    const after = orNull(() => applySteps([ops], before).after.text("config"));
    return after === null ? [] : [{ kind: fix.kind, reason: fix.reason, label, after }];
  });
}
