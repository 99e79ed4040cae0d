/**
 * An opened Codex home: its files as they were read, its history, plans and their commit. Knows how these belong
 * together, and no verb; never prints, never asks a person.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Subject } from "./check/context.ts";
import { interruptedChanges } from "./check/interrupted.ts";
import type { Refusal } from "./check/plan-warnings.ts";
import { checkRole, fileName, isProfileName, profileRole } from "./codex/file-role.ts";
import type { Codex } from "./codex/release.ts";
import type { Finding } from "./findings/finding.ts";
import type { Host } from "./host/host.ts";
import { detectCodex } from "./machine/detect.ts";
import { scratchPlace, sweepScratch } from "./machine/scratch.ts";
import { ownSettings } from "./machine/settings.ts";
import { fileAt } from "./machine/try-read.ts";
import type { Change, Entry, Label } from "./model/change.ts";
import { CfgError, ioError, isErrno, orNull } from "./model/error.ts";
import type { FileRole, Op } from "./model/op.ts";
import { checkWish } from "./model/wish.ts";
import { checkPlan, checkSteps, refuseUnreadable } from "./plan/checked.ts";
import { describeOutside } from "./plan/described.ts";
import { History } from "./plan/history.ts";
import { applySteps, type Outcome, type Plan, type Purpose, replan, touchesOf } from "./plan/plan.ts";
import { Snapshot } from "./plan/snapshot.ts";
import { withIoErrors } from "./store/io-errors.ts";
import {
  type FileState,
  KEEP_LIMITS,
  type KeepOptions,
  openStore,
  type Pending,
  type Recovery,
  type Store,
} from "./store/store.ts";
import { parseDocument } from "./toml/document.ts";

export type HomeOptions = {
  /** Instead of `CODEX_HOME`, else `~/.codex`. */
  readonly dir?: string | undefined;
  /** Instead of the version of the installed Codex. */
  readonly codexVersion?: string | undefined;
  /** Write nothing to the home, not even what is gone a moment later. */
  readonly readOnly?: boolean | undefined;
  /** Whether to keep what others did to the files, for `history` and `restore`; true unless told. */
  readonly record?: boolean | undefined;
  /** Hears who holds the lock, in words, when a commit or a recovery waits for that long. Its text comes out of a file. */
  readonly onWait?: ((holder: string) => void) | undefined;
};

/** What a plan is for, its own findings, and when it is refused. */
export type PlanOptions = Purpose & Refusal & { readonly findings?: readonly Finding[] };

/**
 * Opens the home that Codex would use; one that is not there yet is an empty one, which the first commit creates. Throws
 * `no-home` when something else is there, or no folder to create it in; `usage` for an empty name, `io` without
 * permission to look. Writes nothing; copies that a dead process left behind are removed.
 */
export function openHome(host: Host, options: HomeOptions = {}): Home {
  checkWish("openHome", options, {
    dir: "text?",
    codexVersion: "text?",
    readOnly: "flag?",
    record: "flag?",
    onWait: "function?",
  });
  if (options.dir === "")
    throw new CfgError("usage", "the Codex home that is named is empty", {
      hints: [{ note: "name a folder", argv: ["--codex-home", "DIR", "status"] }],
    });
  const dir = options.dir ?? (host.env.CODEX_HOME || defaultHome(host));
  const path = resolve(host.cwd, dir);
  const isThere = withIoErrors(path, () => host.disk.stat(path)) !== null;
  if (!isFolder(host, isThere ? path : dirname(path))) {
    const hint =
      options.dir === undefined && !host.env.CODEX_HOME
        ? "start codex once, which creates it, or name another folder"
        : "name a folder that exists";
    throw new CfgError("no-home", isThere ? "the Codex home is not a folder" : "there is no such Codex home", {
      path,
      hints: [{ note: hint, argv: ["--codex-home", "DIR", "status"] }],
    });
  }
  const home = new Home(host, path, options);
  sweepScratch(host, home.scratch);
  return home;
}

/** Throws `no-home` where nobody knows a user's home: `.codex` of the working directory is a repository's own. */
function defaultHome({ userHome }: Host): string {
  if (isAbsolute(userHome)) return join(userHome, ".codex");
  throw new CfgError("no-home", "HOME is no absolute path, so nobody can tell where ~/.codex is", {
    hints: [{ note: "set HOME, or name the folder", argv: ["--codex-home", "DIR", "status"] }],
  });
}

export class Home implements Subject {
  readonly host: Host;
  readonly dir: string;
  readonly #store: Store;
  readonly #options: HomeOptions;
  #anyBytes = false;
  readonly #states = new Map<FileRole, FileState>();
  #codex: Codex | undefined;
  #snapshot: Snapshot | undefined;
  #history: History | undefined;

  constructor(host: Host, dir: string, options: HomeOptions) {
    this.dir = dir;
    this.host = host;
    this.#options = options;
    const pathOf = (role: FileRole): string => {
      checkRole(role);
      return join(dir, fileName(role));
    };
    this.#store = openStore(host, dir, pathOf, { onWait: options.onWait, parses: isToml });
  }

  /** Whether the folder is there; one that is not counts as empty, and the first commit creates it. */
  get exists(): boolean {
    return withIoErrors(this.dir, () => this.host.disk.stat(this.dir)) !== null;
  }

  /** The Codex that this home is edited for. */
  get codex(): Codex {
    this.#codex ??= detectCodex(this.host, this.#options.codexVersion);
    return this.#codex;
  }

  /** Where copies of its files may lie for a moment; null where the home has no such place, or is not to be written to. */
  get scratch(): string | null {
    return this.#options.readOnly ? null : scratchPlace(this.host, this.dir);
  }

  /** The files as they were when first looked at. */
  get snapshot(): Snapshot {
    const eol = this.host.platform === "win32" ? "\r\n" : "\n";
    this.#snapshot ??= new Snapshot((role) => this.#state(role).text, eol);
    return this.#snapshot;
  }

  /** Names of the profiles that have a file, or a link to one, in order. Throws `io` when the home cannot be listed. */
  get profileFiles(): readonly string[] {
    const names = this.exists ? withIoErrors(this.dir, () => this.host.disk.list(this.dir)) : [];
    return names
      .flatMap((name) => /^(.+)\.config\.toml$/.exec(name)?.[1] ?? [])
      .filter((name) => isProfileName(name) && fileAt(this.host, join(this.dir, `${name}.config.toml`)) !== null)
      .sort();
  }

  /** What was done here, as it was when first looked at. */
  get history(): History {
    this.#history ??= new History(
      this.#store.history(),
      (id) => this.#store.images(id),
      () => this.#store.pruned(),
    );
    return this.#history;
  }

  /**
   * What steps would do to the files, with the findings about it. Each step counts from what the one before leaves.
   * Throws what the edits throw, and `invalid-config` or `reserved-provider` where Codex would no longer load what it
   * loads now, unless the plan may break it. Nothing is written, and a change that was interrupted stays so: the plan has
   * a finding `interrupted-change` then, and is for the eye alone.
   */
  async plan(options: PlanOptions, ...steps: readonly (readonly Op[])[]): Promise<Plan> {
    checkWish<Pick<PlanOptions, "command" | "findings">>("plan", options, { command: "text", findings: "list?" });
    checkSteps(steps);
    const { findings = [], mayBreak, mayLogOut, refusalHint, ...purpose } = options;
    const plan: Plan = { purpose, steps, findings, ...applySteps(steps, this.snapshot) };
    // Loaded here, because most commands change nothing.
    const { planWarnings } = await import("./check/plan-warnings.ts");
    const warnings = await planWarnings(this, plan, { mayBreak, mayLogOut, refusalHint });
    const interrupted = interruptedChanges(this, "warning");
    return { ...plan, findings: [...findings, ...interrupted, ...this.#homeWarnings(plan), ...warnings] };
  }

  /** Throws `unsafe-file` for a plan that {@link commit} would refuse for what its files are, links or read-only. */
  refuseUnpublishable(plan: Plan): void {
    this.#store.refuse(plan.changes);
  }

  /**
   * Makes a plan's changes, all or none. Null when nothing is left to change; that an entry is taken back is remembered
   * all the same, once. Throws `usage` for what is no plan, `invalid-toml` for one that was altered and leaves what nobody
   * can read. Finishes first what was interrupted, as {@link recover} does. Throws `stale-plan` where a file has
   * moved on in a path that the plan touches, and for a plan that was made while a change was interrupted midway.
   */
  commit(plan: Plan): Entry | null {
    checkPlan(plan);
    this.recover();
    if (plan.findings.some(({ code }) => code === "interrupted-change"))
      throw new CfgError("stale-plan", "an interrupted change has been finished since the plan was made", {
        path: this.dir,
        hints: ["Run the same command again."],
      });
    refuseUnreadable(plan, (change) => this.#isImage(change));
    const takesBack = plan.purpose.reverts?.some((id) => this.history.isActive({ id })) ?? false;
    if (plan.changes.length === 0 && !takesBack) return null;
    let made: Outcome = plan;
    const rebase = (fresh: ReadonlyMap<FileRole, string | null>) => {
      made = replan(plan, plan.before.with(fresh));
      return made.changes;
    };
    const label: Label = {
      ...plan.purpose,
      get touched() {
        return touchesOf(made);
      },
    };
    try {
      return this.#store.commit(plan.changes, label, rebase, orNull(() => this.#keeping) ?? undefined);
    } finally {
      this.#forget();
    }
  }

  /**
   * Enters what others have done to the files since somebody last looked; null where that is nothing, and the first time.
   * Throws `locked` where another command is at work, `io` where that cannot be written.
   */
  record(): Entry | null {
    return this.#keep(false);
  }

  /** The same where it costs nobody anything: not where a command is at work, and never the first time. */
  recordOnTheWay(): void {
    orNull(() => this.#keep(true));
  }

  /** What others have done and nobody has entered yet, as far as the states before it are known. */
  get unrecorded(): readonly Change[] {
    return this.#store.unkept(this.profileFiles.map(profileRole));
  }

  /** The text of a file, whatever bytes it holds; null where there is none. */
  anyText(role: FileRole): string | null {
    return this.#store.read(role, true).text;
  }

  /** Where the bytes lie that a file held before an entry; null where it held none. */
  keptAt({ files, id }: Pick<Entry, "files" | "id">, role: FileRole): string | null {
    const i = files.findIndex(({ before, file }) => file === role && before !== null);
    return i < 0 ? null : this.#store.imagePath(id, i);
  }

  /** From now on a file may hold any bytes, UTF-8 or not: for those who bring an earlier state back over it. */
  readAnyBytes(): void {
    if (!this.#anyBytes) this.#forget();
    this.#anyBytes = true;
  }

  /** Unfinished transactions: a dead process left them, or another process is making them right now. */
  pending(): readonly Pending[] {
    return this.#store.pending();
  }

  /**
   * Finishes or takes back what a dead process left. To be called before the home is looked at for a plan that is to be
   * committed: between two files of a change they say neither what was nor what will be. Throws `damaged-journal`,
   * `newer-state` or `locked` where that cannot be, `unconfirmed` when the disk fails midway.
   */
  recover(): void {
    const known = this.recoveries.length;
    try {
      this.#store.recover();
    } finally {
      if (this.recoveries.length > known) this.#forget();
    }
  }

  /** How many older changes the last commit made into one, which can only be taken back together from then on. */
  get merged(): number {
    return this.#store.merged;
  }

  /** The recoveries of this object so far. */
  get recoveries(): readonly Recovery[] {
    return this.#store.recoveries;
  }

  /** The changes that were recovered so far and are made now, oldest first. */
  get completed(): readonly Entry[] {
    const ids = this.recoveries.flatMap(({ id, outcome }) => (outcome === "completed" ? [id] : []));
    return ids.length === 0 ? [] : this.history.entries.filter(({ id }) => ids.includes(id));
  }

  /** How to keep what others did; null where that is not wanted. */
  get #keeping(): KeepOptions | null {
    const { readOnly, record } = this.#options;
    if (readOnly || record === false) return null;
    const { entries, mib, record: isWanted } = ownSettings(this.host);
    if (!isWanted) return null;
    const limits = {
      entries: entries ?? KEEP_LIMITS.entries,
      bytes: mib === undefined ? KEEP_LIMITS.bytes : mib * 1024 * 1024,
    };
    return { files: this.profileFiles.map(profileRole), describe: describeOutside, limits };
  }

  #keep(onlyLooks: boolean): Entry | null {
    const keeping = this.#keeping;
    const entry = keeping && this.#store.keep({ ...keeping, onlyLooks });
    if (entry !== null) this.#forget();
    return entry;
  }

  /** Whether a change leaves a text that this file has had. */
  #isImage({ after, file }: Change): boolean {
    return this.history.all.some((entry) =>
      this.history.imagesLeft(entry).some((one) => one.file === file && (one.before === after || one.after === after)),
    );
  }

  /** Drops what was read before a write, so that it is read again. */
  #forget(): void {
    this.#snapshot = undefined;
    this.#states.clear();
    this.#history = undefined;
  }

  #state(role: FileRole): FileState {
    let state = this.#states.get(role);
    if (!state) {
      state = this.#store.read(role, this.#anyBytes);
      this.#states.set(role, state);
    }
    return state;
  }

  /** What a plan does beside its changes: it creates the home, or breaks the links between two names of a file. */
  #homeWarnings({ changes }: Plan): Finding[] {
    if (changes.length > 0 && !this.exists)
      return [{ code: "home-will-be-created", severity: "info", args: { dir: this.dir } }];
    return changes.flatMap(({ before, file }): Finding[] => {
      if (before === null) return [];
      const { links, shrankFrom } = this.#state(file);
      const names = { code: "hard-links", severity: "warning", file, args: { count: links } } as const;
      const to = Buffer.byteLength(before);
      const shrank = { code: "file-shrank", severity: "info", file, args: { from: shrankFrom ?? to, to } } as const;
      return [...(links > 1 ? [names] : []), ...(shrank.args.from > to ? [shrank] : [])];
    });
  }
}

const isToml = (text: string): boolean => orNull(() => parseDocument(text, "config")) !== null;

/** Whether a path is a folder or a link to one. Throws `io` without permission to look. */
function isFolder(host: Host, path: string): boolean {
  try {
    const kind = host.disk.stat(path)?.kind;
    if (kind !== "link") return kind === "dir";
    host.disk.list(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw ioError(error, path);
  }
}
