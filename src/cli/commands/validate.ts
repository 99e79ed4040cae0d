/** `codex-cfg validate [FILE]`: everything that is wrong with a config, for one release of Codex. */
import { type Command, Option } from "commander";
import { check, checkFile } from "../../actions/check.ts";
import { fileName } from "../../codex/file-role.ts";
import type { Finding } from "../../findings/finding.ts";
import { CfgError } from "../../model/error.ts";
import type { Run } from "../context.ts";
import { codexJson, findingsJson } from "../json.ts";
import { FORMATS, type Format, githubLine, sarif } from "../validate/formats.ts";
import { summary } from "../validate/summary.ts";

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
          if (globals.json && options.format !== "json" && options.format !== "text")
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
          const nameOf = (finding: Finding) => (file !== undefined ? file : fileName(finding.file ?? "config"));
          const told = findings.map((finding) => ({ finding, file: nameOf(finding), text: output.text(finding) }));
          if (options.format === "sarif") output.data(sarif(told));
          else if (options.format === "github") for (const one of told) output.data(githubLine(one));
          else
            for (const { file: name, finding, text } of told) {
              const place = finding.at ? `:${finding.at.line}:${finding.at.column}` : "";
              output.data(`${name}${place}: ${finding.severity}: ${text} [${finding.code}]`);
            }
          const clean = findings.every(({ severity }) => severity !== "error");
          output.say(summary(findings, result, codex.version));
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
              file: nameOf(findings[i] as Finding),
            })),
          });
          return clean ? 0 : 1;
        },
        options.format === "json" ? { json: true } : {},
      ),
    );
}
