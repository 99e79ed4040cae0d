/** `codex-cfg validate [FILE]`: everything that is wrong with a config, for one release of Codex. */
import { type Command, Option } from "commander";
import { check, checkFile } from "../../actions/check.ts";
import type { Finding } from "../../findings/finding.ts";
import { CfgError } from "../../model/error.ts";
import type { Run } from "../context.ts";
import { codexJson, findingsJson } from "../json.ts";
import { FORMATS, type Format } from "../validate/formats.ts";
import { fileOf, print } from "../validate/print.ts";
import { explained, fixable, summary } from "../validate/summary.ts";

type Options = { readonly profile?: string; readonly strict: boolean; readonly format: Format };

export function register(program: Command, run: Run): void {
  program
    .command("validate")
    .description(
      "Checks the home, or one file, for the installed Codex (another one: --codex-version). Lists all problems at once: what\n" +
        "keeps Codex from starting, what --strict-config refuses, and what starts and still goes wrong.",
    )
    .argument("[file]", "a file to check as config.toml, instead of the home")
    .option("-p, --profile <profile>", "check the home as `codex --profile NAME` reads it")
    .option("--strict", "check as `codex --strict-config` does", false)
    .addOption(new Option("--format <form>", "how findings are printed").choices(FORMATS).default("text"))
    .addHelpText(
      "after",
      "\nExamples:\n  codex-cfg validate\n  codex-cfg validate ./config.toml --codex-version 0.134.0 --format github\n",
    )
    .action((file: string | undefined, options: Options) =>
      run(
        async (context) => {
          const { globals, host, output } = context;
          if (globals.json && ["sarif", "github"].includes(options.format))
            throw new CfgError("usage", `--json and --format ${options.format} are two forms of one output`, {
              hints: [{ note: "say one of them", argv: ["validate", "--format", options.format] }],
            });
          const { profile } = options;
          const { codex, result } =
            file === undefined
              ? { codex: context.home.codex, result: await check(context.home, { profile }) }
              : await checkFile(host, file, { codexVersion: globals.codexVersion, profile });
          const findings = result.findings.map((finding) =>
            options.strict && finding.stops ? ({ ...finding, severity: "error" } as Finding) : finding,
          );
          print(output, findings, options.format, file);
          output.say(summary(findings, result, codex.version));
          if (file === undefined) for (const line of fixable(findings, output)) output.say(line);
          for (const line of explained(findings, output)) output.say(line);
          output.document("validate", {
            file: file ?? null,
            codexHome: file === undefined ? context.home.dir : null,
            codex: codexJson(codex),
            profile: profile ?? null,
            view: options.strict ? "strict" : "loads",
            loads: result.loads,
            strict: result.strict,
            findings: findingsJson(findings, output).map((finding, i) => ({
              ...finding,
              file: file ?? fileOf(findings[i] as Finding),
            })),
          });
          return findings.every(({ severity }) => severity !== "error") ? 0 : 1;
        },
        options.format === "json" ? { json: true } : {},
      ),
    );
}
