/** `codex-cfg apply <preset>`: brings a preset into the home. */
import { type Command, Option } from "commander";
import { type HttpSseOptions, httpSse } from "../../codex/http-sse.ts";
import { readLogin } from "../../codex/login.ts";
import { projectsThatWin } from "../../codex/projects.ts";
import { CfgError } from "../../errors.ts";
import type { Run } from "../context.ts";
import { nearestNames } from "../nearest.ts";
import { settle } from "../settle.ts";

const PRESETS = ["http-sse"];

export function register(program: Command, run: Run): void {
  program
    .command("apply")
    .summary("bring a preset into the home: http-sse")
    .description(
      "Brings a preset into the Codex home: previews it, makes it entirely or not at all, and can take it back.\n\n" +
        "  http-sse   lets Codex answer over HTTP at once instead of trying a WebSocket seven times first",
    )
    .argument("<preset>", "http-sse")
    .addOption(
      new Option("--scope <scope>", "for `codex --profile NAME`, or for every start (IDE and desktop app, too)")
        .choices(["profile", "default"])
        .default("profile"),
    )
    .option("--profile <name>", "name of the profile", "http_sse")
    .option("--provider-id <id>", "id of the provider table", "openai-http")
    .option("--name <name>", "the provider's name; Codex ties features to exactly OpenAI", "OpenAI")
    .option("--base-url <url>", "a fixed address; without it Codex picks the one that fits the login")
    .option("--env-key <variable>", "take the key from this environment variable instead of the login")
    .option("--overwrite", "replace a different table of that id; revert brings it back", false)
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg apply http-sse --dry-run\n  codex-cfg apply http-sse --scope default\n",
    )
    .action((preset: string, options: HttpSseOptions) =>
      run(async (context) => {
        if (!PRESETS.includes(preset)) throw unknownPreset(preset);
        const { home, host } = context;
        const { snapshot, codex } = home;
        const { ops, findings } = httpSse(options, {
          codex,
          login: readLogin(host, home.dir),
          env: host.env,
          document: (role) => snapshot.document(role),
          exists: (role) => snapshot.exists(role),
        });
        const rivals =
          options.scope === "profile"
            ? projectsThatWin(host, home.dir, snapshot.document("config"), ["model", "model_provider"], codex.version)
            : [];
        return settle(context, home.plan(ops, [...findings, ...rivals]), { command: `apply ${preset}`, preset });
      }),
    );
}

function unknownPreset(name: string): CfgError {
  const near = nearestNames(name, PRESETS)[0] ?? PRESETS[0];
  return new CfgError("unknown-name", `there is no preset ${JSON.stringify(name)}`, {
    hints: [`did you mean: codex-cfg apply ${near}`],
  });
}
