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

/** What a command hands its work to; the number is the exit code. */
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

  /** Whether a person is there who wants to be asked. */
  get asks(): boolean {
    return this.host.terminal.interactive && !this.globals.yes && !this.globals.json;
  }

  /** Asks a person for a yes; whatever else is typed is a no. */
  async agrees(question: string): Promise<boolean> {
    const answer = await this.host.terminal.ask(`${question} [y/N] `);
    return /^\s*y(es)?\s*$/i.test(answer ?? "");
  }

  get home(): Home {
    const { codexHome: dir, codexVersion, dryRun: readOnly } = this.globals;
    this.#home ??= openHome(this.host, { dir, codexVersion, readOnly });
    return this.#home;
  }

  /** Says of an opened home that it is not there: what a mistyped name leads to would look like an empty one. */
  sayIfMissing(): void {
    if (this.#home && !this.globals.dryRun && !this.#home.exists)
      this.output.say(`there is no ${this.#home.dir} yet; it counts as an empty Codex home`);
  }
}
