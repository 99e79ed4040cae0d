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
    return await inScratch(host, { home, files, scratch: place }, async (where, scratch): Promise<Verdict> => {
      const { status, stderr, timedOut } = await answerOf(host, program, probe(codex, profile), where);
      if (status === 0 || stderr.includes(always("profileProbeAnswer"))) return { answer: "loads" };
      if (status === null || timedOut) return { answer: "none" };
      return { answer: "refuses", words: wordsOf(stderr).replaceAll(scratch, home) };
    });
  } catch (error) {
    if (isInterrupted(error)) throw error;
    // A full or read-only scratch disk must not stand in the way: the plan is proved without this, too.
    return { answer: "none" };
  }
}

/** Copies of files in a home of their own, and how a program is started that takes it for its home. */
function inScratch<T>(
  host: Host,
  { files, home, scratch: place }: Pick<Question, "files" | "home" | "scratch">,
  use: (where: Omit<RunOptions, "timeoutMs">, scratch: string) => Promise<T>,
): Promise<T> {
  const texts = [...files].flatMap(([role, text]) =>
    text === null ? [] : [[fileName(role), withAbsolutePaths(text, home, host.userHome)]],
  );
  return withScratch(host, place, Object.fromEntries(texts), (scratch) =>
    withEmptyFolder(host, (cwd) => {
      const { PATH, SystemRoot } = host.env;
      const env = { PATH, SystemRoot, HOME: scratch, USERPROFILE: scratch, CODEX_HOME: scratch };
      return use({ env, cwd }, scratch);
    }),
  );
}

/** What a client says of one file by itself: the first problem, with its place where the client names one. */
export type FileVerdict =
  | { readonly answer: "takes" }
  | { readonly answer: "refuses"; readonly words: string; readonly line: number | null; readonly column: number | null }
  | { readonly answer: "none" };

/**
 * Asks the installed client about one text as config.toml, and with `strict` whether it knows every key of it. Only
 * releases with a question for that answer the strict one.
 */
export async function askAboutFile(
  host: Host,
  { codex, home, scratch }: Pick<Question, "codex" | "home" | "scratch">,
  text: string,
  strict: boolean,
): Promise<FileVerdict> {
  const { program, version } = codex;
  const startup = forVersion("startupProbe", version);
  if (program === null || (strict && startup.length === 0)) return { answer: "none" };
  const args = startup.length === 0 ? always("homeProbe") : [...startup, ...(strict ? ["--strict-config"] : [])];
  try {
    return await inScratch(host, { home, scratch, files: new Map([["config", text]]) }, async (where, folder) => {
      const { status, stderr, stdout, timedOut } = await answerOf(host, program, args, where);
      if (status === 0) return { answer: "takes" };
      if (status === null || timedOut) return { answer: "none" };
      return { answer: "refuses", ...problemIn(stdout, stderr, folder, home) };
    });
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return { answer: "none" };
  }
}

/** The features that the installed client lists; null where it gives no list. */
export async function featuresOf(
  host: Host,
  { codex, home, scratch }: Pick<Question, "codex" | "home" | "scratch">,
): Promise<readonly string[] | null> {
  const { program } = codex;
  if (program === null) return null;
  try {
    return await inScratch(host, { home, scratch, files: new Map() }, async (where) => {
      const { status, stdout } = await answerOf(host, program, always("homeProbe"), where);
      return status === 0 ? stdout.split("\n").flatMap((line) => /^([a-z]\w*)\s/.exec(line)?.[1] ?? []) : null;
    });
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return null;
  }
}

function problemIn(stdout: string, stderr: string, scratch: string, home: string) {
  const place = { line: null, column: null };
  try {
    const { error } = JSON.parse(
      `${stdout}\n${stderr}`.split("\n").find((line) => line.startsWith('{"error"')) ?? "",
    ) as {
      readonly error: { readonly data: { readonly detail: string; readonly line?: number; readonly column?: number } };
    };
    const { column = null, detail, line = null } = error.data;
    const words = detail.replaceAll(scratch, home).replace(/^\S*config\.toml(?::\d+:\d+)?: /, "");
    return { words, line, column };
  } catch {
    return { words: wordsOf(stderr).replaceAll(scratch, home), ...place };
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
