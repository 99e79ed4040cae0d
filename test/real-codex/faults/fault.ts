/** What a fault of the bench is: a home, a service and an environment in which a real client fails, and what doctor must say first. */

import type { Symptom } from "../../../src/doctor/evidence.ts";
import type { Action } from "../../../src/findings/finding.ts";
import type { Version } from "../install.ts";
import type { Posts, Upgrades } from "../responses-server.ts";

export const CLIENTS = ["0.134.0", "0.155.0", "0.169.0", "0.171.0"] as const satisfies readonly Version[];

/** What a fault is set up with: the service's address and port, and a port where nobody listens. */
export type Stage = { readonly url: string; readonly port: number; readonly silent: number };

export type Fault = {
  readonly name: string;
  /** The clients that can show it; all of them unless told. */
  readonly clients?: readonly Version[];
  readonly upgrades?: Upgrades;
  readonly posts?: Posts;
  readonly files: (stage: Stage) => Readonly<Record<string, string>>;
  readonly env?: (stage: Stage) => Readonly<Record<string, string>>;
  /** How doctor comes to its evidence: by what is there, by running the client, or by lines that one has written. */
  readonly by?: "looking" | "watching" | { readonly log: string };
  /** Options of the client, as its profile. */
  readonly flags?: readonly string[];
  readonly symptom: Symptom;
  readonly action: Action;
  /** What the action names; anything unless told. */
  readonly subject?: string;
  /** What makes the client answer: a command of ours, files that change, variables that go, or a service that starts. */
  readonly cure?: {
    readonly argv?: readonly string[];
    readonly files?: (stage: Stage) => Readonly<Record<string, string>>;
    readonly env?: (stage: Stage) => Readonly<Record<string, string>>;
    readonly start?: true;
    readonly flags?: readonly string[];
  };
};
