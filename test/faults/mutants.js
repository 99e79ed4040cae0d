/**
 * Every safety of the store and of the verification of an edit, and some of what the other rooms decide, taken out one at a
 * time: `find` stands in `file` exactly once and becomes `replace`, and then the suite named must turn red. A mutant that
 * survives is a suite too weak, or code that nobody needs. `npm run mutation` breaks what nobody has named here.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const POWER = "test/faults/power";
const ABORT = "test/faults/abort";
const FOREIGN = "test/store/foreign";
const LOCK = "test/store/lock";
const STABLE = "test/store/stable-read";
const STATE = "test/store/state";
const COMMIT = "test/store/commit";
const VERIFY = "test/toml/verify-edit";
const BATCH = "test/toml/batch";
const INLINE = "test/toml/inline";
const NEWER = "test/store/newer";
const LEFTOVERS = "test/store/leftovers";
const INTERRUPTED = "test/cli/interrupted";
const PRINTING = "test/cli/printing";
const HOME = "test/home";

const BEFORE_STAGES = "[tx.dir, paths.tx, paths.dir, paths.home]";
const LATER_BOOT = 'self.machineId !== null ? "dead" : "unseen"';

/** By file in src/store: who kills it, what it leaves out, find, replace. */
const STORE = {
  commit: [
    [
      POWER,
      "stages' folders are not flushed",
      "giveUp(paths, tx, targets);\n    for (const folder of folders) disk.syncDir(folder);",
      "giveUp(paths, tx, targets);",
    ],
    [
      POWER,
      "published names are not flushed",
      "takeBack(paths, tx, targets);\n    for (const folder of folders) disk.syncDir(folder);",
      "takeBack(paths, tx, targets);",
    ],
    [ABORT, "there is no commit marker", 'mark(paths, tx, "draft", "commit");', ""],
    [
      STATE,
      "a commit does not recover first",
      "const done = recoverAll(paths);",
      "const done: readonly Recovery[] = [];",
    ],
    [ABORT, "a failure is not followed by recovery", "outcome = recoverOne(paths, tx.id)?.outcome;", ""],
    [
      ABORT,
      "stages are not compared with what was to be written",
      "stagedDigest(paths.host.disk, path) !== step.after",
      "false",
    ],
    [STATE, "a damaged journal stops nobody", "refuseDamaged(paths, done);", ""],
    [NEWER, "a newer codex-cfg's journal does not stop a commit", "    refuseNewer(paths);\n", ""],
    [LOCK, "the lock's nonce is not compared before the marker", "refuseUnlocked(paths, lock);", ""],
    [
      COMMIT,
      "what cannot be finished is left half done",
      "      takeBack(paths, tx, targets);\n      outcome",
      "      outcome",
    ],
    ["test/store/commit", "what was published is not taken back", "  rollBack(paths, tx);\n", ""],
    [
      FOREIGN,
      "targets are not compared before the marker",
      "read.digest === step.before && read.realPath",
      "read.realPath",
    ],
    [FOREIGN, "links are not followed again before the marker", " && read.realPath === realPath;", ";"],
    [FOREIGN, "nobody waits for a late writer before verifying", "    paths.host.sleep(VERIFY_DELAY_MS);\n", ""],
    [
      FOREIGN,
      "a foreign writer's victory is not noticed",
      "if (!stands && isLost(",
      "if (paths.home === '' && isLost(",
    ],
    [
      ABORT,
      "what was made while somebody removed the journal counts as not made",
      "if (isGone ? changed.length === 0 : !committing",
      "if (isGone || !committing",
    ],
    [
      ABORT,
      "what is half made while somebody removes the journal stays so",
      "if (isGone && published().length > 0)",
      "if (isGone && published().length < 0)",
    ],
    [
      ABORT,
      "temporary files stay where somebody removed the journal",
      "bestEffort(() => removeStage(paths.host.disk, stagePath(realPath, tx.id)));",
      "bestEffort(() => stagePath(realPath, tx.id));",
    ],
  ],
  leftovers: [
    [
      LEFTOVERS,
      "temporary files without a state folder stay",
      "return strayStages(paths).length > 0;",
      "return false;",
    ],
    [
      LEFTOVERS,
      "nobody waits for a live process that publishes",
      "if (!underWay.some((id) => isCommitted(paths, id))) return false;",
      "return false;",
    ],
    [LEFTOVERS, "a lock without a journal stays", " || staleLocks(paths).length > 0", ""],
    [
      LEFTOVERS,
      "what a dead process had made to the end is nobody's",
      "if (!held || !isNewest || timeOf(id) < since) return false;",
      "return false;",
    ],
    [LEFTOVERS, "a lock that began later had made it", "timeOf(id) < since", "since < 0"],
    [LEFTOVERS, "a lock of another command had made it", "?.command === command;", "?.command !== undefined;"],
    [LEFTOVERS, "what a dead recovery had completed is nobody's", "return ids.includes(id);", "return false;"],
    [
      LEFTOVERS,
      "a journal does not tell what its process was making",
      "idsIn(disk, paths.tx).length === 0 ? entries.at(-1) : undefined",
      "entries.at(-1)",
    ],
  ],
  format: [
    [NEWER, "an older format counts as newer", "Number(v) > understood", "Number(v) !== understood"],
    [NEWER, "any number of a format is believed", "Number.isInteger(v) &&", ""],
  ],
  journal: [
    [
      POWER,
      "images are not flushed",
      "writeNew(paths, imagePath(tx.dir, side, i), bytes)",
      "writeNew(paths, imagePath(tx.dir, side, i), bytes, undefined, false)",
    ],
    [
      POWER,
      "the record is not flushed",
      "encode(printRecord(record)));",
      "encode(printRecord(record)), undefined, false);",
    ],
    [POWER, "the transaction's folder is not flushed", BEFORE_STAGES, "[paths.tx, paths.dir, paths.home]"],
    [POWER, "the folder of transactions is not flushed", BEFORE_STAGES, "[tx.dir, paths.dir, paths.home]"],
    [POWER, "the state folder is not flushed", BEFORE_STAGES, "[tx.dir, paths.tx, paths.home]"],
    [POWER, "the home is not flushed", BEFORE_STAGES, "[tx.dir, paths.tx, paths.dir]"],
    [POWER, "a step of the record is not flushed", "  paths.host.disk.syncDir(tx.dir);\n}", "}"],
    [POWER, "the move to history is not flushed", "bestEffort(() => disk.syncDir(paths.history));", ""],
    [ABORT, "stages of a discarded transaction stay", "dropStage(paths, id, step.file)", "step"],
    [NEWER, "only today's states may be of a newer codex-cfg", 'name.endsWith(".json") &&', "KNOWN.test(name) &&"],
    [
      LEFTOVERS,
      "files are published in the order of the plan",
      ".sort((a, b) => (gains[b] ?? 0) - (gains[a] ?? 0))",
      "",
    ],
    [STATE, "images are believed", "bytes !== null && digestOf(bytes) !== step[side]", "false"],
  ],
  alive: [
    [
      LOCK,
      "a process of another namespace is judged",
      'if (owner.pidNamespace !== self.pidNamespace) return "unseen";',
      "",
    ],
    [LOCK, "a process id alone is enough", "start !== owner.start", "false"],
    [LOCK, "an unknown start counts as dead", "owner.start !== null && start", "start"],
    [LOCK, "locks of other machines are broken", 'if (!sameName) return "unseen";', ""],
    [LOCK, "a lock of an earlier boot is kept", LATER_BOOT, 'self.machineId === "" ? "dead" : "unseen"'],
  ],
  lock: [
    [
      LEFTOVERS,
      "what was made while its process waited was its own",
      "Math.max(holder.since, takenAt(host, path))",
      "holder.since",
    ],
    [LOCK, "somebody else's lock is released", "held() && host.disk.remove(lock)", "host.disk.remove(lock)"],
    [
      LOCK,
      "there is no second look under the breaker",
      "if (staleLockAt(host, lock) === stale) host.disk.remove(lock);",
      "host.disk.remove(lock);",
    ],
    [
      LOCK,
      "a dead waiter's breaker is simply removed",
      "if (!claimName(paths, claim, path, text)) continue;",
      "if (!claimName(paths, claim, path, text)) { host.disk.remove(path); continue; }",
    ],
    [LEFTOVERS, "an empty lock file is not waited for", "      host.sleep(20);\n", "      host.sleep(0);\n"],
    [
      LOCK,
      "the files of dead waiters stay",
      '.test(name) && verdict(host, path) === "dead")',
      ".test(name) && path === '')",
    ],
  ],
  holder: [
    [LOCK, "half a record holds for ever", '|| (written.startsWith("{") && !text.endsWith("\\n"))', ""],
    [LOCK, "an unfinished record is dead at once", "> UNFINISHED_MS", "> -1"],
    [LOCK, "who cannot be seen is at work for ever", "isUnseen(paths.host, text) && isTakenLongAgo(paths)", "false"],
    [NEWER, "a newer codex-cfg's lock is judged as if it were of today", "holder?.v === FORMAT &&", ""],
    [
      NEWER,
      "a newer codex-cfg's lock is somebody's",
      "if (text && isNewerFormat(parseJson(text), FORMAT))",
      "if (text === '')",
    ],
  ],
  turn: [
    [LOCK, "who waits for a holder that moves on is refused all the same", "if (text !== holder) stood = 0;", ""],
    [
      LOCK,
      "a holder that nobody can see is waited for like any other",
      "(unseen && stood >= MOMENT_MS",
      "(false && stood >= MOMENT_MS",
    ],
    [LOCK, "a holder that nobody can see gets no time to finish", " && isTakenLongAgo(paths)", ""],
    [LOCK, "a long wait is silent", "waited >= sayAt ||", ""],
    [LOCK, "a wait for somebody unseen is silent", " || (unseen && waited === 0)", ""],
    [LOCK, "whoever came last looks as often as the first", "20 * (ahead + 1)", "20"],
  ],
  history: [
    [
      STATE,
      "a clock that is wrong once costs old changes",
      "Math.min(paths.host.now(), ",
      "Math.max(paths.host.now(), ",
    ],
    [STATE, "a search under way is forgotten", "if (bisect) kept.add(id);", ""],
    [NEWER, "a newer codex-cfg's entry is forgotten", "if (isNewer(disk, join(paths.history, name))) return;", ""],
    [NEWER, "a newer codex-cfg's entry counts as damaged", "? newer : damaged)", "? damaged : damaged)"],
    [
      NEWER,
      "a newer codex-cfg's entry is damaged by name",
      "if (record === null && isNewer(",
      "if (dir === '' && isNewer(",
    ],
  ],
  record: [
    [STATE, "a label that cannot be read again is written", "|| parseRecord(text, id) === null", ""],
    [STATE, "a long command is remembered whole", "command: commandOf(label),", "command: label.command,"],
    [STATE, "every touched key is remembered", "touched: fewer(", "touched: ("],
    [STATE, "a record may set set-user-id bits", "attributes.mode, 0o777)", "attributes.mode, 0o7777)"],
    [STATE, "a record may name a path", "!isRole(value.file) ||", "!isString(value.file) ||"],
    [STATE, "the record's checksum is not compared", "!== match[2]) return null;", '=== "") return null;'],
  ],
  recover: [
    [POWER, "recovery publishes without a flush", "  disk.syncDir(dirname(read.realPath));\n", ""],
    [POWER, "recovery trusts a state that was not flushed", "  paths.host.disk.syncDir(dir);\n", ""],
    [
      STATE,
      "stray stages stay",
      "for (const name of strayStages(paths)) paths.host.disk.remove(join(paths.home, name));",
      "",
    ],
    [ABORT, "recovery goes back instead of forward", "!forward(paths, tx)", "forward(paths, tx)"],
    [LEFTOVERS, "what goes back goes in the order of going forward", "[...order].reverse()", "order"],
    [
      LEFTOVERS,
      "a disk that fails in a recovery is told as if nothing had been written",
      "throw notRecovered(paths, id, error);",
      "throw error;",
    ],
    [STATE, "stages are believed", "stagedDigest(disk, staged) !== want", "stagedDigest(disk, staged) === null"],
    [
      FOREIGN,
      "recovery never sees that a foreign edit came first",
      "left.has(step.file) && isBlocked(paths, tx, step)",
      "left === undefined",
    ],
  ],
  "safe-read": [
    [
      COMMIT,
      "a reading that raced with a writer is believed",
      "|| !sameFile(stat, after) || bytes.length !== stat.size",
      "",
    ],
  ],
  doubt: [
    [STABLE, "a file that has become shorter looks whole", "if (bytes.length < size)", "if (bytes.length < 0)"],
    [STABLE, "what others left last is not known", 'lines.at(-1)?.id ?? "") > id', 'lines.at(-1)?.id ?? "") < ""'],
    [STABLE, "a file that cannot be parsed any more looks whole", "!parses(() => bytes) &&", "false &&"],
    [STABLE, "a file that never could be parsed is doubted", "&& parses(() => disk.read(path, size).bytes)", ""],
  ],
  "stable-read": [
    [COMMIT, "an empty file is believed at once", "(!isEmpty && age >= STABLE_AGE_MS)", "age >= STABLE_AGE_MS"],
    [COMMIT, "a file is believed however young it is", "(!isEmpty && age >= STABLE_AGE_MS)", "!isEmpty"],
    [STABLE, "a file that has rested is doubted", "(age >= PAUSE_MS && !isDoubted)", "age < 0"],
    [STABLE, "what was doubted once is believed when it is old", "(age >= PAUSE_MS && !isDoubted)", "age >= PAUSE_MS"],
    [STABLE, "nobody asks who has a file open", "host.isOpenForWriting(read.realPath) ||", ""],
    [STABLE, "half a file that was closed while one looked is believed", " || !isUnchanged(host, read);", ";"],
    [STABLE, "what we have written is doubted", '&& ours(read.digest ?? "")', "&& false"],
    [STABLE, "half a file is believed", "const doubted = doubt(read.bytes);", "const doubted = null;"],
    [STABLE, "a shrink is not named", "{ ...read, ...doubted }", "read"],
  ],
  paths: [
    [ABORT, "a short write is believed", "done += written;", "done = bytes.length;"],
    [
      STATE,
      "a file is trusted as state folder",
      'if (stat.kind !== "dir") refuse(',
      'if (stat.kind === "link") refuse(',
    ],
    [STATE, "somebody else's state folder is trusted", "stat.uid !== host.uid &&", "stat.uid < 0 &&"],
    [STATE, "an open state folder is trusted", "(stat.mode & 0o077) === 0", "stat.mode >= 0"],
    [
      LEFTOVERS,
      "a history on another file system is found out too late",
      "disk.stat(paths.tx)?.dev !== disk.stat(paths.history)?.dev",
      "paths.home === ''",
    ],
    [STATE, "the name of a new home is not flushed", "  disk.syncDir(dirname(home));\n", ""],
  ],
  stage: [
    [
      POWER,
      "the stage of a new file is not flushed",
      "bytes, attributes ?? undefined)",
      "bytes, attributes ?? undefined, attributes !== null)",
    ],
    [POWER, "a dropped stage is not flushed", "  disk.syncDir(dirname(path));\n", ""],
    [FOREIGN, "publishing does not compare", " || read.digest !== have", ""],
    [FOREIGN, "publishing does not follow links again", " || read.realPath !== realPath", ""],
    [
      FOREIGN,
      "a new file replaces one that has appeared",
      "disk.link(staged, realPath);",
      "disk.rename(staged, realPath); return true;",
    ],
  ],
  store: [
    [NEWER, "a newer codex-cfg's journal does not stop recovery", "          refuseNewer(paths);\n", ""],
    [STATE, "a damaged journal stops nobody before they look", "          refuseDamaged(paths, done);\n", ""],
    [NEWER, "a newer codex-cfg's journal counts as damaged", "damaged: !newer &&", "damaged:"],
    [NEWER, "a newer codex-cfg's journal is told as one of today", "newer || found.state ===", "found.state ==="],
  ],
  targets: [
    [COMMIT, "root follows every link", "if (leavesHome(paths, place))", "if (place === null)"],
    [LEFTOVERS, "a file may grow beyond what is read", "encode(after).length > MAX_FILE_BYTES", "after === path"],
    [COMMIT, "set-user-id bits are kept", "stat.mode & 0o777,", "stat.mode,"],
    [ABORT, "a file's mode is not kept", "mode: stat.mode & 0o777,", "mode: 0o600,"],
    [COMMIT, "a read-only file is replaced", "(place.stat.mode & 0o200) === 0", "place.stat.mode < 0"],
    [COMMIT, "two names of one file are two files", "if (taken.has(place.realPath))", "if (taken.has(file))"],
    [
      FOREIGN,
      "a plan is not compared with what is there",
      "fresh.get(change.file)?.text === change.before",
      "change.file !== undefined",
    ],
  ],
};

/** The same in src/cli: who may look at what, and when, and what is said of it. */
const CLI = {
  context: [
    [INTERRUPTED, "a command that may write looks before it recovers", "      home.recover();\n", ""],
    [INTERRUPTED, "a dry run recovers", "this.#isRecovered || this.globals.dryRun", "this.#isRecovered"],
    [
      INTERRUPTED,
      "who looks is not told of a change that is half made",
      'if (!this.output.hasTold("interrupted-change"))',
      "if (this.output === undefined)",
    ],
    [INTERRUPTED, "who looks is told of it twice", '!this.output.hasTold("interrupted-change")', "true"],
    [
      PRINTING,
      "a change that was made and cannot be told counts as not made",
      "if (entry !== null) this.output.changeMade();",
      "",
    ],
  ],
  output: [[PRINTING, "a preview that cannot be shown stops nothing", "if (!this.#mayFail || ", "if ("]],
  main: [
    [
      PRINTING,
      "an error that cannot be printed ends in a stack trace",
      "if (!(failure instanceof CfgError)) throw failure;",
      "throw failure;",
    ],
    [
      PRINTING,
      "a document that cannot be printed is lost without a word",
      "if (globals.json) await tell(",
      "if (false) await tell(",
    ],
    [
      PRINTING,
      "what could not be printed after a change is not said",
      "if (unprinted instanceof CfgError) await tell(host, {}, notPrinted(unprinted));",
      "",
    ],
  ],
  "commands/revert": [
    [INTERRUPTED, "a revert typed again takes back two changes", "if (made !== null) {", "if (false) {"],
  ],
  "commands/status": [
    [
      INTERRUPTED,
      "status answers yes while a change is half made",
      ' && interruptedChanges(home, "warning").length === 0',
      "",
    ],
  ],
  "mcp/bisect-by-hand": [
    [INTERRUPTED, "an answer typed again counts twice", "if (made !== null) {", "if (made === undefined) {"],
  ],
};

/** In an opened home. */
const OPENED = {
  home: [
    [HOME, "a commit does not finish what was interrupted before it decides", "    this.recover();\n", ""],
    [
      HOME,
      "a plan of files that do not fit together is committed",
      'plan.findings.some(({ code }) => code === "interrupted-change")',
      "plan.changes === undefined",
    ],
    [HOME, "a plan of files that do not fit together looks like any other", "...interrupted, ", ""],
    [
      HOME,
      "what was read before a recovery is believed after it",
      "if (this.recoveries.length > known) this.#forget();",
      "",
    ],
  ],
  "check/interrupted": [
    [
      INTERRUPTED,
      "a change that had written nothing is told as half made",
      "running || !(committed || damaged || newer)",
      "running",
    ],
    [INTERRUPTED, "one that is being made is told as half made", "running || !(committed", "!(committed"],
  ],
  "actions/revert": [
    [
      INTERRUPTED,
      "a revert of something else is not made",
      "made.reverts?.includes(entry.id) && isMeant(entry)",
      "made.reverts?.includes(entry.id)",
    ],
    [INTERRUPTED, "a revert of all stops at the one before it", "made === undefined || all", "made === undefined"],
  ],
};

/** The same in src/toml. */
const TOML = {
  "verify-edit": [
    [VERIFY, "nothing is compared", "if (sameValue(expected, actual)) return actual;", "return actual;"],
    [
      VERIFY,
      "a text that does not parse is let through",
      'throw new CfgError("internal", "an edit gave a text that does not parse; nothing was written", { cause });',
      "return expected;",
    ],
    [VERIFY, "tables that are empty are kept", "above.length > 0 && isEmpty && !isWritten(above)", "false"],
    [VERIFY, "tables that are empty go though a header makes them", "isEmpty && !isWritten(above)", "isEmpty"],
    [VERIFY, "tables that hold something go", "isEmpty && !isWritten(above)", "!isWritten(above)"],
    [
      VERIFY,
      "the old data is altered",
      "const items: TomlValue[] = [...value];",
      "const items = value as TomlValue[];",
    ],
    [VERIFY, "__proto__ is no name", "Object.assign(Object.create(null), table)", "({ ...table })"],
  ],
  edit: [
    [VERIFY, "a batch is not verified", "verifyEdit(source.text, data)", "data"],
    [
      VERIFY,
      "what is expected is read from the text",
      "return withValue(data, change.path, change.value);",
      'return readToml(source.text, "");',
    ],
    [
      BATCH,
      "edits see the text as it was at first",
      "for (const step of stepsOf(source, change))",
      "for (const step of stepsOf(start, change))",
    ],
    [BATCH, "edits see the data as they were at first", "remaining(wanted, data)", "remaining(wanted, before.data)"],
  ],
  value: [
    [VERIFY, "a key more is no difference", "if (keys.length !== Object.keys(right).length) return false;", ""],
    [VERIFY, "an item more is no difference", "a.length === b.length && a.every", "a.every"],
    [VERIFY, "dates are all the same", "a.toISOString() === b.toISOString()", "true"],
  ],
  inline: [
    [INLINE, "a comment goes to the new neighbour", "inlineComment(text, table, after) !== null", "false"],
    [INLINE, "a comment in the way is taken along", 'if (text.includes("#")) {', "if (false) {"],
  ],
};

/** In the other rooms, by file: each with the tests of its own. */
const OTHERS = {
  "actions/find-entry": [
    ["one letter of an id is enough to name an entry", "SHORTEST_PREFIX = 4", "SHORTEST_PREFIX = 1"],
    ["of several entries that are meant one is taken", "byId.length === 1 ? byId[0]", "byId.length > 0 ? byId[0]"],
  ],
  "actions/preflight": [
    [
      "what Codex refuses is written",
      'throw new CfgError(\n        "codex-refuses",',
      'return []; throw new CfgError(\n        "codex-refuses",',
    ],
    ["the words of Codex are shown with what is secret", "redactedWords(verdict.words, shown)", "verdict.words"],
  ],
  "actions/revert": [
    [
      "a later change of the table around a key is nobody's",
      "isRelated(touch.path, path)",
      "touch.path.length >= path.length && isRelated(touch.path, path)",
    ],
    ["a conflict stops nobody", "if (conflicts.length > 0 && !skipConflicts)", "if (conflicts.length < 0)"],
    ["chats are not asked for their provider", "purge ? [] : neededByChats(home, entry)", "[]"],
    [
      "a later change that moved a value is not looked at",
      "one.id > entry.id && history.isActive(one)",
      "one.id < entry.id && history.isActive(one)",
    ],
  ],
  "codex/rules/keymap": [["a modifier may be used twice", "if (used.has(modifier)) return false;", ""]],
  "machine/install": [["what bun installed is npm's", 'if (path.includes("/.bun/install/global/")) return "bun";', ""]],
  "text/wrap": [
    ["a text is folded a letter too early", "text.length + reserved <= width", "text.length + reserved < width"],
  ],
  "machine/preflight": [
    ["the words of Codex are endless", ".slice(0, 6)", ".slice(0, 60)"],
    [
      "an answer of a Codex that was stopped counts",
      '{ answer: "loads" };\n      if (status === null || timedOut)',
      '{ answer: "loads" };\n      if (status === null)',
    ],
    ["the user's own home is asked", "CODEX_HOME: scratch", "CODEX_HOME: home"],
  ],
  "machine/sessions": [["the updater is a session", '!command.includes(always("updaterWord"))', "true"]],
  "presets/http-sse": [
    [
      "somebody's gateway is overwritten",
      'typeof address === "string" && isOpenAiAddress(address)',
      'typeof address === "string"',
    ],
    [
      "a table with keys of its own is overwritten",
      'Object.keys(table).every((key) => always("recipeKeys").includes(key)) &&',
      "",
    ],
    [
      "an address that may hold a secret is repeated",
      '/[@?#]/.test(baseUrl) ? "URL"',
      "/[@?#]/.test(baseUrl) ? baseUrl",
    ],
  ],
};

const mutantsOf = (room, table) =>
  Object.entries(table).flatMap(([file, rows]) =>
    rows.map(([suite, name, find, replace]) => ({ name, suite, file: `src/${room}/${file}.ts`, find, replace })),
  );

const others = Object.entries(OTHERS).flatMap(([file, rows]) =>
  rows.map(([name, find, replace]) => ({ name, suite: `test/${file}`, file: `src/${file}.ts`, find, replace })),
);

export const MUTANTS = [
  ...mutantsOf("store", STORE),
  ...mutantsOf("cli", CLI),
  ...mutantsOf(".", OPENED),
  ...mutantsOf("toml", TOML),
  ...others,
];

/** The plugin that puts a mutant in; none without a name. */
export function mutation(name) {
  if (name === undefined) return [];
  const mutant = MUTANTS.find((one) => one.name === name);
  if (mutant === undefined) throw new Error(`no mutant is called ${name}`);
  const path = fileURLToPath(new URL(`../../${mutant.file}`, import.meta.url));
  const transform = (_, id) => (id === path ? mutate(mutant) : undefined);
  return [{ name: "mutation", enforce: "pre", transform }];
}

/** The mutant's file as it stands in the suite. Throws when the text to find is not there exactly once. */
export function mutate({ name, file, find, replace }) {
  const parts = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8").split(find);
  if (parts.length !== 2) throw new Error(`${name}: ${parts.length - 1} places in ${file} hold what it replaces`);
  return parts.join(replace);
}
