/** A file of a home as somebody has edited it by hand: the plan that puts it in its place, and the editor before that. */
import { fileName, profileRole } from "../codex/file-role.ts";
import type { Home } from "../home.ts";
import { openInEditor } from "../machine/editor.ts";
import { CfgError } from "../model/error.ts";
import type { FileRole } from "../model/op.ts";
import { checkCall } from "../model/wish.ts";
import type { Plan } from "../plan/plan.ts";
import { parseDocument } from "../toml/document.ts";

export type EditWish = {
  /** The whole new text. */
  readonly text: string;
  /** The profile whose file it is; config.toml without one. */
  readonly profile?: string | undefined;
  /** Take it although Codex does not load it. */
  readonly force?: boolean | undefined;
};

/**
 * The plan that replaces a file by an edited text. What others change meanwhile is merged by key at the commit. Throws
 * `invalid-toml` for what is no TOML, and `invalid-config` for what Codex would no longer load, unless that is forced.
 */
export async function edit(home: Home, wish: EditWish): Promise<Plan> {
  checkCall("edit", home, wish, { text: "text", profile: "text?", force: "flag?" });
  const { force = false, profile, text } = wish;
  home.readAnyBytes();
  const file = fileToEdit(profile);
  parsed(text, fileName(file));
  const command = `edit ${fileName(file)}`;
  return home.plan({ command, ...(force ? { mayBreak: "any-start" as const } : {}) }, [{ op: "write", file, text }]);
}

/** The text of a file as it is now, for an editor; what is no UTF-8 in it is left out. */
export function textToEdit(home: Home, profile: string | undefined): string {
  home.readAnyBytes();
  return (home.snapshot.text(fileToEdit(profile)) ?? "").replace(/[\ud800-\udfff]/gu, "");
}

/** What somebody makes of a text in their editor; null where the editor failed. */
export function editByHand({ host, scratch }: Home, profile: string | undefined, text: string): Promise<string | null> {
  return openInEditor(host, scratch, fileName(fileToEdit(profile)), text);
}

function parsed(text: string, name: string): void {
  try {
    parseDocument(text, name);
  } catch (error) {
    if (!(error instanceof CfgError) || error.code !== "invalid-toml") throw error;
    const hints = ["Nothing was written.", { note: "edit it again", argv: ["edit"] }];
    throw new CfgError(error.code, error.message, { path: name, line: error.line, column: error.column, hints });
  }
}

function fileToEdit(profile: string | undefined): FileRole {
  return profile === undefined ? "config" : profileRole(profile);
}
