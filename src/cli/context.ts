/**
 * What every command is given: the host, the global options, the home (opened when first asked for) and the output.
 */
import { type Home, openHome } from "../home.ts";
import type { Host } from "../host/host.ts";
import { type ColorWhen, Output } from "./output.ts";

export type Globals = {
  readonly codexHome?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly codexVersion?: string;
  readonly preflight: boolean;
  readonly color: ColorWhen;
};

/** Runs the work of a command with its context; the number is the exit code. */
export type Run = (work: (context: Context) => Promise<number>) => Promise<void>;

export class Context {
  readonly host: Host;
  readonly globals: Globals;
  readonly output: Output;
  #home: Home | undefined;

  constructor(host: Host, globals: Globals) {
    this.host = host;
    this.globals = globals;
    this.output = new Output(host, globals);
  }

  /** Whether to ask: on a terminal, unless an option forbids it. */
  get asks(): boolean {
    return this.host.terminal.interactive && !this.globals.yes && !this.globals.json;
  }

  /** Asks a person for a yes; whatever else is typed is a no. */
  async agrees(question: string): Promise<boolean> {
    const answer = await this.host.terminal.ask(`${question} [y/N] `);
    return /^\s*y(es)?\s*$/i.test(answer ?? "");
  }

  get home(): Home {
    this.#home ??= openHome(this.host, { dir: this.globals.codexHome, codexVersion: this.globals.codexVersion });
    return this.#home;
  }

  /** Notes that the home does not exist: a mistyped folder would else look like an empty home. */
  sayIfMissing(): void {
    if (this.#home && !this.globals.dryRun && !this.#home.exists)
      this.output.say(`there is no ${this.#home.dir} yet; it counts as an empty Codex home`);
  }
}
