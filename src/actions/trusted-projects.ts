/**
 * The projects that a home trusts or does not: listed, decided, and cleared of folders that are gone or named twice. A
 * trusted project's own config counts, so nothing here trusts one that the user has not named.
 */
import { resolve } from "node:path";
import { fileName, profileRole } from "../codex/file-role.ts";
import type { Home } from "../home.ts";
import { type FolderState, folderState, realFolder } from "../machine/folders.ts";
import { projectRoot } from "../machine/projects.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole, KeyPath, Op } from "../model/op.ts";
import { checkCall } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { word } from "../text/shell-quote.ts";

/** One `[projects."FOLDER"]`. */
export type TrustEntry = {
  readonly folder: string;
  readonly trust: string | null;
  /** The file of the home that says it. */
  readonly file: string;
  readonly role: FileRole;
  readonly state: FolderState;
  /** Another entry of the same file that is the same folder, spelled as Codex looks it up. */
  readonly sameAs: string | null;
};

/** Every entry of config.toml and the profiles' files, in their order. */
export function listTrust(home: Home): TrustEntry[] {
  checkCall("listTrust", home, {}, {});
  const { host, profileFiles, snapshot } = home;
  const roles: FileRole[] = ["config", ...profileFiles.map(profileRole)];
  return roles.flatMap((role) => {
    const table = snapshot.parsed(role)?.table(["projects"]) ?? {};
    const folders = Object.keys(table);
    return folders.map((folder): TrustEntry => {
      const trust = snapshot.document(role).get(["projects", folder, "trust_level"]);
      const real = folderState(host, folder) === "there" ? realFolder(host, folder) : null;
      const sameAs = real !== null && real !== folder && folders.includes(real) ? real : null;
      const word = typeof trust === "string" ? trust : null;
      return { folder, trust: word, file: fileName(role), role, state: folderState(host, folder), sameAs };
    });
  });
}

/** A folder; without one the project around the working directory. */
export type TrustWish = { readonly trusted: boolean; readonly folder?: string | undefined };

/**
 * The plan that trusts a project, or says that it is not to be trusted, in config.toml. Throws `unknown-name` for a folder
 * that is not there.
 */
export async function setTrust(home: Home, wish: TrustWish): Promise<Plan> {
  checkCall("setTrust", home, wish, { trusted: "flag", folder: "text?" });
  const { folder, trusted } = wish;
  const { codex, host, snapshot } = home;
  const config = snapshot.document("config");
  const named = folder === undefined ? projectRoot(host, [config], codex.version) : resolve(host.cwd, folder);
  const known = config.table(["projects", named]) !== undefined;
  // Codex looks a project up by its real path. One that is gone can still be distrusted.
  const real = known && !trusted ? named : realFolder(host, named);
  if (real === null || (folderState(host, real) !== "there" && !known))
    throw new CfgError("unknown-name", `there is no folder ${JSON.stringify(named)}`, {
      hints: [{ note: "see the known ones", argv: ["projects", "list"] }],
    });
  const path: KeyPath = ["projects", real, "trust_level"];
  return home.plan({ command: `projects ${trusted ? "trust" : "untrust"} ${word(real)}` }, [
    { op: "set", file: "config", path, value: trusted ? "trusted" : "untrusted" },
  ]);
}

/** The plan that takes out the entries of folders that are gone, and second spellings of one that say the same. */
export async function pruneTrust(home: Home): Promise<Plan> {
  const entries = listTrust(home);
  const isTwice = ({ role, sameAs, trust }: TrustEntry) =>
    entries.some((other) => other.role === role && other.folder === sameAs && other.trust === trust);
  const gone = entries.filter((entry) => entry.state === "gone" || isTwice(entry));
  return home.plan(
    { command: "projects prune" },
    gone.map(({ folder, role }): Op => ({ op: "unset", file: role, path: ["projects", folder] })),
  );
}
