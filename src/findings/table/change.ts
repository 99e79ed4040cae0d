/** Findings about a change: preflight, recovery, what a revert leaves, and logins. */
import { count, flag, oneOf, orNull, text } from "../../model/form.ts";
import { plural } from "../../text/plural.ts";
import { word } from "../../text/shell-quote.ts";
import { entryId, id, keys, words } from "../args.ts";
import { header, listed, row } from "../row.ts";

/** What became of a file of which something is lost. */
export const LOSSES = {
  missing: "is gone",
  empty: "is empty",
  nul: "holds nothing but NUL bytes, as after a crash",
  nuls: "does not parse and holds NUL bytes, as after a crash",
  cut: "is cut off",
  unreadable: "does not parse",
  keys: "has lost settings",
} as const;

const fileArg = text("The file's name.");
/** The first keys of so many. */
const some = (keys: readonly string[], count: number) => listed(keys) + (count > keys.length ? ", …" : "");

const lost = {
  file: fileArg,
  kind: oneOf(Object.keys(LOSSES) as readonly (keyof typeof LOSSES)[], "What became of the file."),
  count: count("How many settings are lost.", 0),
  keys,
};

export const CHANGE = {
  "not-asked": row(
    { reason: oneOf(["other-version", "disabled", "no-answer"], "Why it was not asked.") },
    ({ reason }) =>
      ({
        "other-version": "the Codex that this is for is not installed here, so it was not asked whether it loads this",
        disabled: "Codex was not asked whether it loads this (--no-preflight)",
        "no-answer": "Codex gave no answer when asked whether it loads this",
      })[reason],
  ),
  "still-refused": row(
    { words },
    ({ words }) => `Codex does not load this home, before the change or after it: ${words}`,
  ),
  // Codex refused the state before the change, too, so bringing it back is allowed.
  "refused-again": row(
    { words },
    ({ words }) => `Codex will not load this home, as it did not before the change that is taken back: ${words}`,
  ),
  "provider-kept": row(
    {
      id,
      chats: count("How many chats need it."),
      more: flag("Whether the counting stopped there."),
      entry: entryId("The change whose revert leaves it."),
    },
    ({ id, chats, more }) =>
      `${header("model_providers", id)} stays: ${more ? "at least " : ""}${plural(chats, "chat")} need${chats === 1 && !more ? "s" : ""} it to be resumed`,
    ({ entry }) => [{ note: "to drop it all the same", argv: ["revert", entry, "--purge"] }],
  ),
  "conflicts-skipped": row(
    { count: count("How many paths.") },
    ({ count }) => `${plural(count, "path")} changed since and left alone`,
  ),
  "changes-merged": row(
    { count: count("How many.", 2) },
    ({ count }) => `the ${count} oldest changes in force are one now, and can only be taken back together`,
  ),
  "settings-restored": row(
    { ...lost, since: orNull(text("When that was first seen; null where it is seen just now.")) },
    ({ count, file, keys, kind, since }) =>
      `${file} ${LOSSES[kind]}${since === null ? "" : ` (first seen ${since.slice(0, 16).replace("T", " ")} UTC)`}${count === 0 ? "" : `; ${plural(count, "setting")} come${count === 1 ? "s" : ""} back: ${some(keys, count)}`}`,
  ),
  "settings-lost": row(
    { ...lost, since: orNull(text("When that was first seen; null where it is seen just now.")) },
    ({ count, file, keys, kind, since }) =>
      `${file} ${LOSSES[kind]}${since === null ? "" : `, first seen ${since.slice(0, 16).replace("T", " ")} UTC`}${count === 0 ? "" : `; lost: ${some(keys, count)}`}`,
    () => [{ note: "bring back what is known", argv: ["restore"] }],
  ),
  "settings-read": row(
    { file: fileArg, keys, count: count("How many there are.") },
    ({ count, file, keys }) =>
      `${plural(count, "setting")} could be read of ${file} as it is and ${count === 1 ? "stays" : "stay"}: ${some(keys, count)}`,
  ),
  "restore-older": row(
    { file: fileArg, keys, count: count("How many there are.") },
    ({ count, file, keys }) =>
      `Codex does not load the newest kept state of ${file}, so an older one is taken; ${plural(count, "setting")} ${count === 1 ? "differs" : "differ"}: ${some(keys, count)}`,
    () => [{ note: "see what there is", argv: ["history"] }],
  ),
  "restore-stuck": row(
    { file: fileArg, keys, count: count("How many there are.") },
    ({ count, file, keys }) =>
      `${plural(count, "setting")} cannot come back into ${file} as it is now: ${some(keys, count)}`,
    () => [{ note: "take the file as it was", argv: ["restore", "--all"] }],
  ),
  "restore-earlier": row(
    { entry: entryId("Our change.") },
    ({ entry }) => `nothing is lost since your last change; this was lost before ${entry}`,
  ),
  "hard-links": row(
    { count: count("How many names it has.", 2) },
    ({ count }) => `this file has ${count} names (hard links); only this one gets the new text`,
  ),
  "file-shrank": row(
    { from: count("How long it was, in bytes.", 1), to: count("How long it is.") },
    ({ from, to }) =>
      `this file has just become shorter than it was last (${from} bytes, now ${to}); see whether something is missing`,
  ),
  "interrupted-change": row(
    {
      id: entryId("The interrupted change."),
      state: oneOf(
        ["midway", "damaged", "newer"],
        "Whether it can be finished: not where its journal cannot be read, nor here where a newer codex-cfg wrote it.",
      ),
      command: orNull(text("The command that was making it; null where nobody can tell.")),
      folder: text("Where its journal lies."),
    },
    ({ command, id, state }) =>
      ({
        midway: `a change was interrupted midway (${command}, ${id}): some of its files may be as before it, others as after it`,
        damaged: `a change was interrupted (${id}), and its journal cannot be read: what it did to the files is not known`,
        newer: `a newer codex-cfg's change was interrupted (${id}), and this one cannot finish it`,
      })[state],
    ({ folder, id, state }) =>
      ({
        midway: [
          "its command typed again finishes it, and so does the next one that writes",
          { note: "to finish it and take it back", argv: ["revert", id] },
        ],
        damaged: [
          {
            note: "compare your files with the images in it, then move it away",
            shell: `mv ${word(folder)} ${word(beside(folder, "damaged-"))}`,
          },
        ],
        newer: ["update codex-cfg, then run a command that writes"],
      })[state],
  ),
  recovered: row(
    {
      id: entryId("The interrupted change."),
      outcome: oneOf(["discarded", "completed", "conflict", "damaged"], "What became of it."),
    },
    ({ id, outcome }) =>
      `an interrupted change (${id}) was found and ${
        {
          discarded: "discarded; nothing of it had been made",
          completed: "completed",
          conflict: "taken back, but for what others have changed since",
          damaged: "left alone, because its journal cannot be read",
        }[outcome]
      }`,
  ),
  "credentials-stay": row(
    { next: text("The command that signs in again.") },
    () => "credentials do not move by themselves",
    ({ next }) => [{ note: "sign in once more", shell: next }],
  ),
  "deletes-login": row(
    { reason: oneOf(["api-key", "chatgpt-login", "other-workspace"], "What is stored.") },
    ({ reason }) =>
      ({
        "api-key":
          'forced_login_method = "chatgpt" beside a stored API key makes `codex exec` log out and delete auth.json; keep a copy of the key',
        "chatgpt-login":
          'forced_login_method = "api" beside a ChatGPT login makes `codex exec` log out and delete auth.json',
        "other-workspace":
          "forced_chatgpt_workspace_id names no workspace that your ChatGPT login is known to belong to; `codex exec` logs out and deletes auth.json unless it does",
      })[reason],
  ),
};

/** A folder's name with a beginning of its own, beside the folder that holds it. */
function beside(folder: string, beginning: string): string {
  const parts = folder.split(/([/\\])/);
  return [...parts.slice(0, -3), beginning + parts.at(-1)].join("");
}
