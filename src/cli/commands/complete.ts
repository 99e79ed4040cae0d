/**
 * `codex-cfg __complete`: what the completion scripts call while somebody types. Writes nothing, prints no error and always
 * exits with 0: the command line is usually incomplete, and the config may be broken.
 */
import type { Command } from "commander";
import { printable } from "../../redact/printable.ts";
import { completions, type Line, type Offer } from "../completion/complete.ts";
import { liveValues } from "../completion/live-values.ts";
import { Context, type Run } from "../context.ts";

export function register(program: Command, run: Run): void {
  program
    .command("__complete", { hidden: true })
    .option("--current <word>", "the word being typed", "")
    .argument("[words...]", "those before it, behind two dashes")
    .action((words: string[], { current }: { readonly current: string }) =>
      run(async (context) => {
        const offer = completions(program, words, current, (placeholder, line, typed) =>
          liveValues(contextFor(context, line), placeholder, line, typed).catch(() => NOTHING),
        );
        const { candidates, paths } = await offer.catch(() => NOTHING);
        for (const { about, value } of candidates) {
          // A value with characters that a terminal or a shell may misread is not offered.
          if (printable(value) === value && !/[\n\t]/.test(value))
            context.output.data(`${value}\t${about.replace(/\s+/g, " ").slice(0, 60)}`);
        }
        if (paths !== undefined) context.output.data(`\t${paths}`);
        return 0;
      }),
    );
}

const NOTHING: Offer = { candidates: [] };

/** The context with the home and the release that earlier words of the line name. */
function contextFor({ globals, host }: Context, { options }: Line): Context {
  const { codexHome, codexVersion } = options;
  return new Context(host, {
    ...globals,
    ...(codexHome === undefined ? {} : { codexHome }),
    ...(codexVersion === undefined ? {} : { codexVersion }),
  });
}
