/**
 * Asks the installed Codex whether it would load some files, in a scratch home of its own: no login, no project, no
 * network, nothing of the user's touched. About 25 ms a question with the native program.
 */
import { isAbsolute } from "node:path";
import { always, forVersion, NEWEST } from "../codex/facts.ts";
import { fileName, namedFile } from "../codex/file-role.ts";
import type { Codex } from "../codex/release.ts";
import type { Host, RunOptions } from "../host/host.ts";
import { isInterrupted } from "../model/error.ts";
import type { FileRole, KeyPath } from "../model/op.ts";
import { documentOf } from "../toml/document.ts";
import type { Edit } from "../toml/edit.ts";
import { withEmptyFolder, withScratch } from "./scratch.ts";

export type Verdict =
  | { readonly answer: "loads" }
  | { readonly answer: "refuses"; readonly words: string }
  | { readonly answer: "none" };

/** The files of a home that take part in one question, null for one that is not there. */
export type Files = ReadonlyMap<FileRole, string | null>;

/**
 * `home` is where relative file names count from; `profile` is the one that Codex is started with; `scratch` is where the
 * copies go, if the home has such a place.
 */
export type Question = {
  readonly codex: Codex;
  readonly home: string;
  readonly scratch: string | null;
  readonly files: Files;
  readonly profile: string | null;
};

/**
 * Whether Codex loads the home, with `--profile` when one is named. The probes are those that leave no trace and talk
 * to nobody, per version (measured from 0.44.0 to 0.169.0). A preview and the change after it ask once.
 */
export async function askCodex(host: Host, question: Question): Promise<Verdict> {
  const { program } = question.codex;
  if (program === null) return { answer: "none" };
  const fact = factOf(host, program, question);
  if (fact !== null && host.answerCache.has(fact)) return { answer: "loads" };
  const verdict = await askAnew(host, program, question);
  if (fact !== null && verdict.answer === "loads") host.answerCache.add(fact);
  return verdict;
}

/**
 * That this Codex loads these files, with what it hangs on; null where files that are not at hand have a say. The
 * machine's own config may have one, too: that is why it is only kept for minutes.
 */
function factOf(host: Host, program: string, { codex, files, home, profile }: Question): string | null {
  const texts = [...files];
  if (texts.some(([, text]) => namesFiles(text ?? ""))) return null;
  const { ino, mtimeNs, size } = host.disk.stat(program) ?? {};
  return JSON.stringify(["loads", program, codex.version, String(ino), String(mtimeNs), size, home, profile, texts]);
}

async function askAnew(
  host: Host,
  program: string,
  { codex, files, home, profile, scratch: place }: Question,
): Promise<Verdict> {
  try {
    const texts = [...files].flatMap(([role, text]) =>
      text === null ? [] : [[fileName(role), withAbsolutePaths(text, home, host.userHome)]],
    );
    return await withScratch(host, place, Object.fromEntries(texts), (scratch) =>
      withEmptyFolder(host, async (cwd): Promise<Verdict> => {
        const { PATH, SystemRoot } = host.env;
        const env = { PATH, SystemRoot, HOME: scratch, USERPROFILE: scratch, CODEX_HOME: scratch };
        const { status, stderr, timedOut } = await answerOf(host, program, probe(codex, profile), { env, cwd });
        if (status === 0 || stderr.includes(always("profileProbeAnswer"))) return { answer: "loads" };
        if (status === null || timedOut) return { answer: "none" };
        return { answer: "refuses", words: wordsOf(stderr).replaceAll(scratch, home) };
      }),
    );
  } catch (error) {
    if (isInterrupted(error)) throw error;
    // A full or read-only scratch disk must not stand in the way: the plan is proved without this, too.
    return { answer: "none" };
  }
}

/** Most answer at once, and are not worth the watching that lets a signal through; one that is slow is asked anew. */
async function answerOf(host: Host, program: string, args: readonly string[], where: Omit<RunOptions, "timeoutMs">) {
  const answer = host.runSync(program, args, { ...where, timeoutMs: 500 });
  return answer.timedOut ? host.run(program, args, { ...where, timeoutMs: 10_000 }) : answer;
}

function probe(codex: Codex, profile: string | null): string[] {
  if (profile === null) return [...always("homeProbe")];
  // In one word: a name may begin with a dash.
  return [`--profile=${profile}`, ...forVersion("profileProbe", codex.version)];
}

/** Codex's message without its warnings and without the source lines it quotes. */
function wordsOf(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("WARNING") && !/^\s*(?:\d+\s*)?\|/.test(line))
    .map((line) => line.trim().replace(/^Error: /, ""))
    .slice(0, 6)
    .join(" / ");
}

/** Whatever the release: where it does not look at the file, the key may point where it likes. */
const FILE_KEYS = forVersion("fileKeys", NEWEST);

/** Whether one of the keys that name a file may be in a text, perhaps with an escape in it. */
function namesFiles(text: string): boolean {
  return text.includes("\\") || FILE_KEYS.some((key) => text.includes(key));
}

/** Codex counts relative files from its home and `~` from the user's, so in a scratch home they must be spelled out. */
function withAbsolutePaths(text: string, home: string, userHome: string): string {
  if (!namesFiles(text)) return text;
  const document = documentOf(text);
  if (document === null) return text;
  const tables: KeyPath[] = [[], ...Object.keys(document.table(["profiles"]) ?? {}).map((name) => ["profiles", name])];
  const edits = tables.flatMap((table) =>
    FILE_KEYS.flatMap((key): Edit[] => {
      const value = document.get([...table, key]);
      if (typeof value !== "string" || isAbsolute(value)) return [];
      return [{ op: "set", path: [...table, key], value: namedFile(value, home, userHome) }];
    }),
  );
  return document.edit(edits).text;
}
