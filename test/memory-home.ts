/** A Codex home on a disk in memory, opened anew for each step as another process would: nothing to wait for, nothing to clean. */
import { type Home, openHome } from "../src/home.ts";
import type { Op } from "../src/model/op.ts";
import type { Plan } from "../src/plan/plan.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import { type MemoryHostOptions, memoryHost } from "./memory-host.ts";
import { HOME, world } from "./store/world.ts";

export type MemoryHome = {
  readonly disk: MemoryDisk;
  /** The home as a new process finds it. */
  open(): Home;
  /** Commits a plan of these steps; the id of the entry. */
  change(command: string, ...steps: readonly (readonly Op[])[]): Promise<string>;
  /** Commits the plan that is made of the opened home; the id of the entry, null where nothing came of it. */
  commit(planOf: (home: Home) => Promise<Plan | null>): Promise<string | null>;
  text(name: string): string | null;
  /** What somebody else writes, long enough ago to be believed. */
  write(name: string, text: string): void;
};

type Settings = { readonly version?: string | null; readonly host?: Omit<MemoryHostOptions, "disk"> };

/** Names count from the home; `version` is the release that it is edited for, null for the one that is installed. */
export function memoryHome(files: Readonly<Record<string, string>> = {}, settings: Settings = {}): MemoryHome {
  const { host, version = "0.169.0" } = settings;
  const { disk } = world();
  const self: MemoryHome = {
    disk,
    open() {
      disk.now += 60_000;
      return openHome(memoryHost({ ...host, disk }), { dir: HOME, codexVersion: version ?? undefined });
    },
    async change(command, ...steps) {
      const id = await self.commit((home) => home.plan({ command }, ...steps));
      if (id === null) throw new Error(`${command} changed nothing`);
      return id;
    },
    async commit(planOf) {
      const home = self.open();
      const plan = await planOf(home);
      return (plan && home.commit(plan)?.id) ?? null;
    },
    text: (name) => disk.text(`${HOME}/${name}`),
    write(name, text) {
      const folders = name.split("/").slice(0, -1);
      for (const i of folders.keys()) {
        const folder = `${HOME}/${folders.slice(0, i + 1).join("/")}`;
        if (disk.look(folder) === null) disk.putFolder(folder);
      }
      disk.put(`${HOME}/${name}`, text);
      disk.now += 60_000;
    },
  };
  for (const [name, text] of Object.entries(files)) self.write(name, text);
  return self;
}
