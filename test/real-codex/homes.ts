/**
 * Scratch homes: making them, copying them, and seeing every byte of them. Knows neither the client nor codex-cfg, apart
 * from what each of them leaves behind.
 */
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach } from "vitest";
import { FAKE_KEY } from "./responses-server.ts";

/** Keeps the client from looking for updates and from reporting home; goes after the root keys of a config. */
export const QUIET = `check_for_update_on_startup = false

[analytics]
enabled = false
`;

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

/** A new CODEX_HOME with these files, beside empty folders for everything else a program may look at. */
export function scratchHome(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "codex-cfg-suite-"));
  roots.push(root);
  for (const name of ["home", "user", "cwd", "tmp"]) mkdirSync(join(root, name), { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) put(join(root, "home", name), text);
  return join(root, "home");
}

/** A path beside a scratch home, which goes away together with it. */
export function beside(home: string, name: string): string {
  return join(dirname(home), name);
}

export function put(path: string, text: string, mode = 0o600): void {
  writeFileSync(path, text);
  chmodSync(path, mode);
}

/** The login file of an API key user. */
export const AUTH = `${JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: FAKE_KEY })}\n`;

/** The login file of somebody with a ChatGPT plan: well-formed tokens of nobody, signed by nobody. */
export function chatGptAuth(): string {
  const claims = { chatgpt_plan_type: "plus", chatgpt_user_id: "user-fake", chatgpt_account_id: "account-fake" };
  const body = { email: "nobody@example.com", exp: 4102444800, "https://api.openai.com/auth": claims };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none", typ: "JWT" })}.${part(body)}.${part("fake")}`;
  const tokens = { id_token: token, access_token: token, refresh_token: "fake", account_id: "account-fake" };
  // Tokens of just now, because the client renews old ones before anything else.
  return `${JSON.stringify({ auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens, last_refresh: new Date() })}\n`;
}

/** A copy of the home beside it, for the client to leave its traces in. Relative links keep their meaning there. */
export function copyOf(home: string): string {
  const copy = mkdtempSync(`${home}-copy-`);
  const filter = (path: string) => relative(home, path) !== ".codex-cfg";
  cpSync(home, copy, { recursive: true, verbatimSymlinks: true, filter });
  return copy;
}

/** One file, folder or link; bytes are spelled as Latin-1, which is exact and prints. */
type Seen = { readonly mode: number; readonly bytes?: string; readonly link?: string };

/**
 * Every file of a home with bytes, mode and link target, for comparing before and after. Leaves out codex-cfg's own
 * folder and, where the client has run in this very home, what the client keeps there beside its configuration.
 */
export function snapshotHome(home: string, { clientRan = false } = {}): Readonly<Record<string, Seen>> {
  const all: Record<string, Seen> = {};
  const walk = (folder: string) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const shown = relative(home, path);
      if (shown === ".codex-cfg" || (clientRan && CLIENTS_OWN.test(shown))) continue;
      all[shown] = look(path);
      if (lstatSync(path).isDirectory()) walk(path);
    }
  };
  walk(home);
  return all;
}

/** What the client makes in a home when it runs: databases, chats, logs, locks, caches. */
const CLIENTS_OWN =
  /^(\.?tmp|sessions|skills|memories|shell_snapshots|thread-writer-locks|log|installation_id|\.sandbox_migration|version\.json|.*cache\.json|.*\.lock|.*\.sqlite(-shm|-wal)?)$/;

function look(path: string): Seen {
  const stat = lstatSync(path);
  const mode = stat.mode & 0o7777;
  if (stat.isFile()) return { mode, bytes: readFileSync(path, "latin1") };
  if (!stat.isSymbolicLink()) return { mode };
  // A link is as good as what it leads to, so that is part of the picture.
  const there = statSync(path, { throwIfNoEntry: false });
  const bytes = there?.isFile() ? { bytes: readFileSync(path, "latin1") } : {};
  return { link: readlinkSync(path), mode: (there?.mode ?? 0) & 0o7777, ...bytes };
}
