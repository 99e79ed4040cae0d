/** Chats that cannot be resumed, because nothing defines their provider any more. */
import { forVersion } from "../codex/facts.ts";
import type { Finding } from "../findings/finding.ts";
import type { Home } from "../home.ts";
import { providersOfChats } from "../machine/chats.ts";
import type { ConfigFile } from "../machine/leftovers.ts";
import type { Op } from "../model/op.ts";
import { documentOf } from "../toml/document.ts";

/** Chats whose provider is gone, with the table's way back where the history has it. */
export function chatsWithoutProvider(home: Home, files: readonly ConfigFile[]): Finding[] {
  const known = [
    ...forVersion("builtInProviders", home.codex.version),
    ...files.flatMap(({ document }) => Object.keys(document.table(["model_providers"]) ?? {})),
  ];
  return [...providersOfChats(home.host, home.dir)].flatMap(([id, chats]): Finding[] => {
    if (known.includes(id)) return [];
    const back = tableOf(home, id);
    return [
      {
        code: "chats-without-provider",
        severity: "warning",
        args: { id, chats },
        file: "config",
        path: ["model_providers", id],
        ...(back
          ? {
              fix: {
                kind: "choice",
                reason: "the provider can be chosen again, and gets what is sent then",
                options: [{ label: "bring its table back from history", ops: [back] }],
              },
            }
          : {}),
      },
    ];
  });
}

/** The op that brings a provider's table back out of the newest image that has it. */
function tableOf(home: Home, id: string): Op | null {
  const path = ["model_providers", id];
  for (const entry of [...home.history.entries].reverse()) {
    const touched = entry.touched.some(({ path: [group, name] }) => group === path[0] && name === id);
    for (const { after, before, file } of touched ? home.history.imagesLeft(entry) : []) {
      const image = [after, before].find((text) => file === "config" && documentOf(text ?? "")?.table(path));
      if (image) return { op: "reinsert", file, path, image };
    }
  }
  return null;
}
