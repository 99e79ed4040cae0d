/** Opens a text in the person's own editor, on a copy that only they can read, and gives back what they made of it. */
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { CfgError } from "../model/error.ts";
import { withScratch } from "./scratch.ts";
import { textAt } from "./try-read.ts";

/** What is started for `$VISUAL` or `$EDITOR`, a line of the shell as elsewhere; `vi` where neither is set. */
export function editorOf({ env, platform }: Pick<Host, "env" | "platform">): string {
  return env.VISUAL || env.EDITOR || (platform === "win32" ? "notepad" : "vi");
}

/** The text after the editor has ended; null where it said that something went wrong. Throws `usage` for no editor. */
export function openInEditor(host: Host, scratch: string | null, name: string, text: string): Promise<string | null> {
  const editor = editorOf(host);
  const hints = [{ note: "name one", shell: "EDITOR=nano codex-cfg edit" }];
  return withScratch(host, scratch, { [name]: text }, async (folder) => {
    const path = join(folder, name);
    const [file, args] =
      host.platform === "win32"
        ? ["cmd.exe", ["/d", "/s", "/c", `${editor} "${path}"`]]
        : ["/bin/sh", ["-c", `${editor} "$1"`, editor, path]];
    const { notStarted, status } = await host.run(file, args, {
      env: host.env,
      cwd: host.cwd,
      timeoutMs: 0,
      terminal: true,
    });
    if (notStarted || status === 127)
      throw new CfgError("usage", "the editor cannot be started", { path: editor, hints });
    return status === 0 ? textAt(host, path) : null;
  });
}
