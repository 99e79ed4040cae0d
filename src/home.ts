/**
 * An opened Codex home: read, plan, commit, take back, remember. The road of DESIGN is here in one piece: ops become a
 * plan, the plan's changes are committed, an entry becomes ops again. Never prints, never asks a person.
 */
import { join, resolve } from "node:path";
import type { Judgement } from "./check/check.ts";
import { compareVersions, NEWEST } from "./codex/facts.ts";
import { checkRole, fileName, isProfileName, profileOf } from "./codex/layout.ts";
import { loginTraps } from "./codex/login.ts";
import type { Codex } from "./codex/release.ts";
import type { Switch } from "./codex/servers.ts";
import type { Finding } from "./findings/finding.ts";
import type { Host } from "./host/host.ts";
import { countChats, providersOfChats } from "./machine/chats.ts";
import { detectCodex } from "./machine/detect.ts";
import { readLogin } from "./machine/login.ts";
import { askCodex, type Files } from "./machine/preflight.ts";
import { fileAt } from "./machine/try-read.ts";
import { type Change, type Entry, type Label, liveOf } from "./model/change.ts";
import { CfgError, ioError, isErrno } from "./model/error.ts";
import type { FileRole, KeyPath, Op } from "./model/op.ts";
import { documentsOf } from "./plan/documents.ts";
import { type Conflict, carries, invert, withdraw } from "./plan/invert.ts";
import { type Plan, planOps, replan, touchesOf } from "./plan/plan.ts";
import { Snapshot } from "./plan/snapshot.ts";
import { Masker } from "./redact/redactor.ts";
import { guarded } from "./store/faults.ts";
import { type FileState, openStore, type Pending, type Store } from "./store/store.ts";
import type { Document } from "./toml/document.ts";
import { renderKey } from "./toml/value.ts";

export type HomeOptions = {
  /** Instead of `CODEX_HOME`, else `~/.codex`. */
  readonly dir?: string | undefined;
  /** Instead of the version of the installed Codex. */
  readonly codexVersion?: string | undefined;
};

/** What taking entries back would do. */
export type Undo = {
  readonly plan: Plan;
  readonly entries: readonly Entry[];
  readonly conflicts: readonly (Conflict & { readonly by: string | null })[];
  readonly kept: readonly Conflict[];
};

export type UndoOptions = { readonly force?: boolean; readonly purge?: boolean };

/**
 * Opens the home that Codex would use. Throws `no-home` when that is no folder, `usage` for an empty name, `io` when
 * nobody may look; writes nothing.
 */
export function openHome(host: Host, options: HomeOptions = {}): Home {
  if (options.dir === "")
    throw new CfgError("usage", "the Codex home that is named is empty", {
      hints: [{ note: "name a folder", argv: ["--codex-home", "DIR", "status"] }],
    });
  const dir = options.dir ?? (host.env.CODEX_HOME || join(host.userHome, ".codex"));
  const path = resolve(host.cwd, dir);
  const kind = guarded(path, () => host.disk.stat(path))?.kind;
  if (kind !== "dir" && !(kind === "link" && isFolder(host, path))) {
    const hint =
      options.dir === undefined && !host.env.CODEX_HOME
        ? "start codex once, which creates it, or name another folder"
        : "name a folder that exists";
    throw new CfgError(
      "no-home",
      kind === undefined ? "there is no such Codex home" : "the Codex home is not a folder",
      { path, hints: [{ note: hint, argv: ["--codex-home", "DIR", "status"] }] },
    );
  }
  return new Home(host, path, options.codexVersion);
}

export class Home {
  readonly dir: string;
  readonly #host: Host;
  readonly #store: Store;
  readonly #codexVersion: string | undefined;
  readonly #states = new Map<FileRole, FileState>();
  #codex: Codex | undefined;
  #snapshot: Snapshot | undefined;
  #past: ReturnType<Store["history"]> | undefined;
  #live: readonly Entry[] | undefined;

  constructor(host: Host, dir: string, codexVersion: string | undefined) {
    this.dir = dir;
    this.#host = host;
    this.#codexVersion = codexVersion;
    this.#store = openStore(host, dir, (role) => {
      checkRole(role);
      return join(dir, fileName(role));
    });
  }

  /** The Codex that this home is edited for. */
  get codex(): Codex {
    this.#codex ??= detectCodex(this.#host, this.#codexVersion);
    return this.#codex;
  }

  /** The files as they were when first looked at. */
  get snapshot(): Snapshot {
    const eol = this.#host.platform === "win32" ? "\r\n" : "\n";
    this.#snapshot ??= new Snapshot((role) => this.#state(role).text, eol);
    return this.#snapshot;
  }

  /** Names of the profiles that have a file, or a link to one, in order. Throws `io` when the home cannot be listed. */
  get profileFiles(): readonly string[] {
    const names = guarded(this.dir, () => this.#host.disk.list(this.dir));
    return names
      .flatMap((name) => /^(.+)\.config\.toml$/.exec(name)?.[1] ?? [])
      .filter((name) => isProfileName(name) && fileAt(this.#host, join(this.dir, `${name}.config.toml`)) !== null)
      .sort();
  }

  /** Everything that is wrong with the home, or with one profile of it, for this Codex. */
  async judge(profile: string | null = null, snapshot: Snapshot = this.snapshot): Promise<Judgement> {
    // The rules are many, and most commands judge nothing.
    const { judge } = await import("./check/check-home.ts");
    return judge({ host: this.#host, dir: this.dir, codex: this.codex, snapshot }, profile);
  }

  plan(ops: readonly Op[], findings: readonly Finding[] = []): Plan {
    const plan = planOps(ops, this.snapshot, findings);
    return { ...plan, findings: [...plan.findings, ...this.#circumstances(plan)] };
  }

  /**
   * A plan that throws switches. One that an earlier change brought, and that says nothing any more, leaves the file as
   * it came; any other gets its value.
   */
  planSwitches(file: FileRole, switches: readonly Switch[], findings: readonly Finding[] = []): Plan {
    const live = this.#liveEntries.filter(({ files }) => files.some((one) => one.file === file));
    const document = this.snapshot.document(file);
    const ops = switches.map(({ path, value, implied }): Op => {
      const name = renderKey(path);
      const touches = (other: string) => other === name || name.startsWith(`${other}.`);
      const last = live.findLast(({ touched }) =>
        touched.some((one) => one.file === file && touches(renderKey(one.path))),
      );
      const image = implied && last ? this.imagesLeft(last).find((one) => one.file === file) : undefined;
      return (image && withdraw(image, path, document)) ?? { op: "set", file, path, value };
    });
    const plan = this.plan(ops, findings);
    // A file that a change made for switches goes with the last of them.
    const made = live.findLast(({ files }) => files.some((one) => one.file === file && !(one.before && one.after)));
    const isOurs = made?.files.some((one) => one.file === file && one.before === null) ?? false;
    const isBlank = plan.changes.every(({ after }) => after?.trim() === "");
    return isOurs && isBlank && ops.length > 0 ? this.plan([{ op: "write", file, text: null }], findings) : plan;
  }

  /**
   * Asks the installed Codex whether it loads the home after a plan. Throws `codex-refuses`, in Codex's own words, when
   * it loads it now and would not then; otherwise says what it could not find out. A home that comes back just as it was
   * before the entries that a plan `reverts` is the user's own, whatever Codex says of it.
   */
  preflight(plan: Plan, reverts: readonly string[] = []): Finding[] {
    if (plan.changes.length === 0) return [];
    if (this.codex.program === null) {
      return this.codex.source === "flag"
        ? [{ code: "not-asked", severity: "info", args: { reason: "other-version" } }]
        : [];
    }
    const after = this.snapshot.after(plan.changes);
    const ask = (side: Snapshot, profile: string | null) =>
      askCodex(this.#host, { codex: this.codex, home: this.dir, files: filesFor(side, profile), profile });
    return this.#questions(plan, after).flatMap((profile): Finding[] => {
      const verdict = ask(after, profile);
      if (verdict.answer === "loads") return [];
      if (verdict.answer === "none") return [{ code: "not-asked", severity: "warning", args: { reason: "no-answer" } }];
      const shown = [after, this.snapshot].flatMap((side) =>
        [...filesFor(side, profile).keys()].flatMap((role) => side.readable(role) ?? []),
      );
      const masked = new Masker().words(verdict.words, shown).slice(0, MAX_WORDS);
      const words = profile === null ? masked : `with --profile ${profile}: ${masked}`;
      const before = ask(this.snapshot, profile);
      if (before.answer === "refuses") return [{ code: "still-refused", severity: "warning", args: { words } }];
      if (this.#isReturn(plan, reverts, profile))
        return [{ code: "refused-again", severity: "warning", args: { words } }];
      throw new CfgError("codex-refuses", `Codex ${this.codex.version} would no longer load this home: ${words}`, {
        path: this.dir,
        hints: ["nothing was written; to write it all the same, add --no-preflight"],
      });
    });
  }

  /** Throws `unsafe-file` for a plan that {@link commit} would refuse for what its files are, links or read-only. */
  refuseUnpublishable(plan: Plan): void {
    this.#store.refuse(plan.changes);
  }

  /**
   * Makes a plan's changes, all or none. Null when nothing is left to change; that an entry is taken back is remembered
   * all the same, once.
   */
  commit(plan: Plan, label: Omit<Label, "touched">): Entry | null {
    if (plan.changes.length === 0 && !label.reverts?.some((id) => this.isLive({ id }))) return null;
    // What the plan was made from, however often the home has been read or written since.
    const seen = this.snapshot.before(plan.changes);
    const rebase = (fresh: ReadonlyMap<FileRole, string | null>) => replan(plan, seen, seen.with(fresh)).changes;
    try {
      return this.#store.commit(plan.changes, { ...label, touched: touchesOf(plan.changes) }, rebase);
    } finally {
      this.#forget();
    }
  }

  /** What taking these entries back, newest first, would change now. */
  undo(entries: readonly Entry[], { force = false, purge = false }: UndoOptions = {}): Undo {
    const findings: Finding[] = [];
    const conflicts = new Map<string, Conflict & { by: string | null }>();
    const kept: Conflict[] = [];
    const texts = new Map<FileRole, string | null>();
    const ops: Op[] = [];
    const keep = (entry: Entry) => (file: FileRole, path: KeyPath) =>
      !purge && this.#neededByChats(entry, file, path, findings);
    for (const entry of [...entries].sort((a, b) => (a.id < b.id ? 1 : -1))) {
      const later = this.#liveEntries.filter(({ id }) => id > entry.id && !entries.some((one) => one.id === id));
      const isCarried = (file: FileRole, path: KeyPath) =>
        later.some((one) => carries(this.imagesLeft(one), file, path));
      const options = { force, keep: keep(entry), isCarried };
      const step = invert(this.#store.images(entry.id), this.snapshot.with(texts), options);
      for (const { file, after } of planOps(step.ops, this.snapshot.with(texts)).changes) texts.set(file, after);
      ops.push(...step.ops);
      for (const conflict of step.conflicts) {
        const place = `${conflict.file} ${renderKey(conflict.path)}`;
        // Of several entries that pass through a path the newest one says who was there after all of them.
        if (!conflicts.has(place)) conflicts.set(place, { ...conflict, by: this.#laterEntry(entry, conflict) });
      }
      kept.push(...step.kept);
    }
    // Several entries may pass through one file; what counts is where they end.
    const plan =
      entries.length === 1
        ? this.plan(ops, findings)
        : this.plan(
            [...texts].map(([file, text]) => ({ op: "write", file, text, image: true })),
            findings,
          );
    return { plan, entries, conflicts: [...conflicts.values()], kept };
  }

  /** History, oldest first, as it was when first looked at. */
  entries(): readonly Entry[] {
    return this.#history.entries;
  }

  /** Whether an entry still counts: no entry that itself still counts takes it back. */
  isLive({ id }: Pick<Entry, "id">): boolean {
    return this.#liveEntries.some((entry) => entry.id === id);
  }

  /** The changes that still count, oldest first; a revert is none. */
  inForce(): readonly Entry[] {
    return this.#liveEntries.filter(({ reverts }) => reverts === undefined);
  }

  /** The search for a failing server that is under way: its entries, oldest first; the newest one says where it stands. */
  bisectEntries(): readonly Entry[] {
    return this.#liveEntries.filter(({ bisect }) => bisect !== undefined);
  }

  /** Whether taking this entry back left something in place, for `--purge` to remove. */
  leftSomething(entry: Entry): boolean {
    const last = this.#liveEntries.findLast(({ reverts }) => reverts?.includes(entry.id));
    return (last?.kept?.length ?? 0) > 0;
  }

  /** How many of the newest thousand chats need each provider that has a table in config.toml, most first. */
  chatsByProvider(): readonly { readonly id: string; readonly chats: number }[] {
    const tables = this.snapshot.readable("config")?.table(["model_providers"]) ?? {};
    return [...providersOfChats(this.#host, this.dir)]
      .filter(([id]) => Object.hasOwn(tables, id))
      .map(([id, chats]) => ({ id, chats }))
      .sort((a, b) => b.chats - a.chats);
  }

  images(entry: Entry) {
    return this.#store.images(entry.id);
  }

  /** The same, and none for an entry whose images are damaged or have just been pruned: it tells nothing any more. */
  imagesLeft(entry: Pick<Entry, "id">): readonly Change[] {
    try {
      return this.#store.images(entry.id);
    } catch (error) {
      if (error instanceof CfgError && (error.code === "damaged-journal" || error.code === "unknown-name")) return [];
      throw error;
    }
  }

  /** Ids of entries that cannot be read, and that nothing else here speaks of. */
  get damaged(): readonly string[] {
    return this.#history.damaged;
  }

  /** Transactions that are not at their end: a dead process left them, or they are being made right now. */
  pending(): readonly Pending[] {
    return this.#store.pending();
  }

  /** What opening the history for writing had to finish or take back. */
  get recoveries() {
    return this.#store.recoveries;
  }

  recover(): void {
    this.#store.recover();
    this.#forget();
  }

  /** What was read before the home was written to is history now. */
  #forget(): void {
    this.#snapshot = undefined;
    this.#states.clear();
    this.#past = undefined;
    this.#live = undefined;
  }

  get #history(): ReturnType<Store["history"]> {
    this.#past ??= this.#store.history();
    return this.#past;
  }

  get #liveEntries(): readonly Entry[] {
    this.#live ??= liveOf(this.entries());
    return this.#live;
  }

  #state(role: FileRole): FileState {
    let state = this.#states.get(role);
    if (!state) {
      state = this.#store.read(role);
      this.#states.set(role, state);
    }
    return state;
  }

  #circumstances(plan: Plan): Finding[] {
    const { codex } = this;
    const findings: Finding[] = [];
    if (codex.source === "assumed")
      findings.push({
        code: "codex-assumed",
        severity: "warning",
        args: { version: codex.version, mute: codex.mute ?? null },
      });
    else if (compareVersions(codex.version, NEWEST) > 0) {
      findings.push({ code: "codex-newer", severity: "info", args: { version: codex.version, newest: NEWEST } });
    }
    findings.push(...this.#loginTraps(plan));
    for (const { file, before } of plan.changes) {
      const links = before === null ? 1 : this.#state(file).links;
      if (links > 1) findings.push({ code: "hard-links", severity: "warning", file, args: { count: links } });
    }
    return findings;
  }

  /** What a plan brings in that makes Codex delete the stored login. */
  #loginTraps({ changes }: Plan): Finding[] {
    return changes.flatMap((change): Finding[] => {
      // Hardly any config says it, and none says it without these letters but with an escape.
      if (!/forced_|\\/.test(change.after ?? "")) return [];
      const login = readLogin(this.#host, this.dir, this.snapshot.after(changes).readable("config"));
      const { after, before } = documentsOf(change);
      const trapsIn = (document: Document | null) => loginTraps(document?.data ?? {}, login);
      const had = trapsIn(before).map(({ path }) => renderKey(path));
      const fresh = trapsIn(after).filter(({ path }) => !had.includes(renderKey(path)));
      return fresh.map(
        ({ args, code, path }) => ({ code, args, path, severity: "warning", file: change.file }) as Finding,
      );
    });
  }

  /** Whether a plan brings back nothing but texts that these entries found, to a profile that they found, too. */
  #isReturn({ changes }: Plan, reverts: readonly string[], profile: string | null): boolean {
    const isOwn = profile === null || this.codex.layout === "table";
    if (!isOwn && !changes.some(({ file }) => profileOf(file) === profile)) return false;
    const found = reverts.flatMap((id) => this.#store.images(id));
    return changes.every(({ after, file }) => found.some((image) => image.file === file && image.before === after));
  }

  /**
   * What to ask Codex: the home itself when config.toml changes, each profile that the plan touches, and each that speaks
   * of a provider or server that it touches.
   */
  #questions(plan: Plan, after: Snapshot): (string | null)[] {
    const names = new Set<string>();
    const shared = new Set<string>();
    for (const { file, path } of touchesOf(plan.changes)) {
      const [group, id] = path;
      const profile = profileOf(file);
      if (profile !== null) names.add(profile);
      else if (group === "profiles" && typeof id === "string") names.add(id);
      else if ((group === "model_providers" || group === "mcp_servers") && typeof id === "string") shared.add(id);
    }
    const inTables = this.codex.layout === "table";
    // A revert may bring back what does not even parse.
    const config = inTables ? after.readable("config") : null;
    const textOf = (name: string) => {
      if (inTables) return config?.table(["profiles", name]) ? config.fragment(["profiles", name]) : null;
      return isProfileName(name) ? after.text(`profile:${name}`) : null;
    };
    if (shared.size > 0) {
      const all = inTables ? Object.keys(config?.table(["profiles"]) ?? {}) : this.profileFiles;
      for (const name of all) {
        const text = textOf(name) ?? "";
        if ([...shared].some((id) => text.includes(id))) names.add(name);
      }
    }
    const base = plan.changes.some(({ file }) => file === "config") ? [null] : [];
    return [...base, ...[...names].filter((name) => textOf(name) !== null)];
  }

  #neededByChats(entry: Entry, file: FileRole, path: KeyPath, findings: Finding[]): boolean {
    const [group, id] = path;
    if (file !== "config" || group !== "model_providers" || typeof id !== "string" || path.length !== 2) return false;
    if (this.snapshot.document("config").get(path) === undefined) return false;
    const limit = 100;
    const chats = countChats(this.#host, this.dir, id, limit);
    if (chats === 0) return false;
    if (!findings.some(({ args, code }) => code === "provider-kept" && args.id === id)) {
      findings.push({
        code: "provider-kept",
        severity: "warning",
        file,
        path,
        args: { id, chats, more: chats === limit, entry: entry.id },
      });
    }
    return true;
  }

  /** The newest entry after this one that touched a path, by id; null when it was somebody else. */
  #laterEntry(entry: Entry, { file, path }: Conflict): string | null {
    const name = renderKey(path);
    const related = (other: string) => other === name || other.startsWith(`${name}.`) || name.startsWith(`${other}.`);
    const later = this.entries().filter(({ id }) => id > entry.id);
    return (
      later.findLast(({ touched }) =>
        touched.some((touch) => touch.file === file && (path.length === 0 || related(renderKey(touch.path)))),
      )?.id ?? null
    );
  }
}

/** How much is shown of what Codex says, in characters. */
const MAX_WORDS = 600;

/** Whether a folder answers to a name that is a link. Throws `io` when nobody may look. */
function isFolder(host: Host, path: string): boolean {
  try {
    host.disk.list(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw ioError(error, path);
  }
}

function filesFor(snapshot: Snapshot, profile: string | null): Files {
  const files = new Map<FileRole, string | null>([["config", snapshot.text("config")]]);
  if (profile !== null && isProfileName(profile)) files.set(`profile:${profile}`, snapshot.text(`profile:${profile}`));
  return files;
}
