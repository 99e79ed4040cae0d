/** Which project configs Codex reads: every claim was measured on `codex mcp list` of the release it names. */
import { describe, expect, test } from "vitest";
import { projectsThatWin, trustedProjects } from "../../src/machine/projects.ts";
import { parseDocument } from "../../src/toml/document.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { memoryHost } from "../memory-host.ts";

type World = {
  /** By folder below /w. */
  readonly trust: Readonly<Record<string, "trusted" | "untrusted">>;
  /** Files below /w beside the configs; a folder ends with a slash. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly markers?: string;
  readonly version?: string;
  readonly profile?: Readonly<Record<string, "trusted" | "untrusted">>;
  readonly system?: string;
  readonly managed?: string;
};

const NEW = "0.169.0";
const GIT = { "/r/.git/HEAD": "ref: refs/heads/main\n" };
const WORKTREE = {
  "/r/.git/HEAD": "ref: refs/heads/main\n",
  "/r/.git/worktrees/wt/gitdir": "/w/wt/.git\n",
  "/wt/.git": "gitdir: /w/r/.git/worktrees/wt\n",
};
/** The folders that have a config of their own. */
const PROJECTS = ["", "/r", "/r/sub", "/wt"];

const trustOf = (trust: World["trust"]) =>
  Object.entries(trust)
    .map(([folder, level]) => `[projects."/w${folder}"]\ntrust_level = "${level}"\n`)
    .join("");

function worldOf({ beside = {}, cwd, system, managed }: World) {
  const disk = new MemoryDisk();
  const put = (path: string, text: string) => {
    for (let cut = path.indexOf("/", 1); cut > 0; cut = path.indexOf("/", cut + 1))
      if (disk.look(path.slice(0, cut)) === null) disk.putFolder(path.slice(0, cut));
    if (!path.endsWith("/")) disk.put(path, text);
  };
  for (const folder of PROJECTS) put(`/w${folder}/.codex/config.toml`, 'model = "x"\n');
  for (const [path, text] of Object.entries(beside)) put(`/w${path}`, text);
  if (system !== undefined) put("/etc/codex/config.toml", system);
  if (managed !== undefined) put("/etc/codex/managed_config.toml", managed);
  return { ...memoryHost({ disk }), cwd: `/w${cwd}` };
}

function read(world: World): string[] {
  const markers = world.markers === undefined ? "" : `project_root_markers = ${world.markers}\n`;
  const texts = [markers + trustOf(world.trust), ...(world.profile ? [trustOf(world.profile)] : [])];
  const configs = texts.map((text) => parseDocument(text, "config.toml"));
  const found = trustedProjects(worldOf(world), "/home/u/.codex", configs, world.version ?? NEW);
  return found.map(({ folder }) => folder.slice("/w".length));
}

const OLDER = { trust: { "/r": "trusted" }, cwd: "/wt", beside: WORKTREE } as const;

describe("of the folders around, Codex reads", () => {
  const CLAIMS: Readonly<Record<string, readonly [world: World, folders: readonly string[]]>> = {
    "a trusted one": [{ trust: { "/r": "trusted" }, cwd: "/r" }, ["/r"]],
    "none that only a folder above is trusted for": [{ trust: { "": "trusted" }, cwd: "/r" }, []],
    "no repository that only a folder above is trusted for": [{ trust: { "": "trusted" }, cwd: "/r", beside: GIT }, []],
    "none that is untrusted itself": [{ trust: { "": "trusted", "/r": "untrusted" }, cwd: "/r" }, []],
    "all of a trusted repository, the nearest first": [
      { trust: { "/r": "trusted" }, cwd: "/r/sub", beside: GIT },
      ["/r/sub", "/r"],
    ],
    "no untrusted part of a trusted repository": [
      { trust: { "/r": "trusted", "/r/sub": "untrusted" }, cwd: "/r/sub", beside: GIT },
      ["/r"],
    ],
    "a trusted part of an untrusted repository": [
      { trust: { "/r": "untrusted", "/r/sub": "trusted" }, cwd: "/r/sub", beside: GIT },
      ["/r/sub"],
    ],
    "nothing above the root of the repository": [
      { trust: { "": "trusted", "/r": "trusted" }, cwd: "/r", beside: GIT },
      ["/r"],
    ],
    "nothing above the working directory without a repository": [
      { trust: { "": "trusted", "/r": "trusted", "/r/sub": "trusted" }, cwd: "/r/sub" },
      ["/r/sub"],
    ],
    "what a marker of one's own is above": [
      { trust: { "": "trusted" }, cwd: "/r", beside: { "/.hg": "" }, markers: '[".hg"]' },
      ["/r", ""],
    ],
    "the working directory alone without markers, trusted with its repository": [
      { trust: { "": "trusted", "/r": "trusted" }, cwd: "/r/sub", beside: GIT, markers: "[]" },
      ["/r/sub"],
    ],
    "nothing by a path in other words": [{ trust: { "/r/": "trusted", "/wt/../r": "trusted" }, cwd: "/r" }, []],
    "a worktree of a trusted checkout": [OLDER, ["/wt"]],
    "no untrusted worktree of it": [{ ...OLDER, trust: { "/r": "trusted", "/wt": "untrusted" } }, []],
    "a worktree by a relative path": [
      { ...OLDER, beside: { ...WORKTREE, "/wt/.git": "gitdir: ../r/.git/worktrees/wt\n" } },
      ["/wt"],
    ],
    "no worktree that the checkout does not know": [
      { ...OLDER, beside: { ...WORKTREE, "/r/.git/worktrees/wt/gitdir": "/w/other/.git\n" } },
      [],
    ],
    "such a one before 0.150.1": [
      { ...OLDER, beside: { ...WORKTREE, "/r/.git/worktrees/wt/gitdir": "/w/other/.git\n" }, version: "0.148.0" },
      ["/wt"],
    ],
    "no worktree of a trusted checkout before 0.113": [{ ...OLDER, version: "0.107.0" }, []],
    "no submodule of a trusted repository": [
      { ...OLDER, beside: { ...GIT, "/wt/.git": "gitdir: ../r/.git/modules/wt\n" } },
      [],
    ],
    "nothing by an empty folder .git": [{ trust: { "/r": "trusted" }, cwd: "/r/sub", beside: { "/r/.git/": "" } }, []],
    "a repository with an empty folder .git before 0.150.1": [
      { trust: { "/r": "trusted" }, cwd: "/r/sub", beside: { "/r/.git/": "" }, version: "0.148.0" },
      ["/r/sub", "/r"],
    ],
    "one that only the profile trusts": [{ trust: {}, profile: { "/r": "trusted" }, cwd: "/r" }, ["/r"]],
    "none that the profile takes its trust from": [
      { trust: { "/r": "trusted" }, profile: { "/r": "untrusted" }, cwd: "/r" },
      [],
    ],
    "one that the administrator trusts": [{ trust: {}, cwd: "/r", system: trustOf({ "/r": "trusted" }) }, ["/r"]],
    "one that the user trusts and the administrator does not": [
      { trust: { "/r": "trusted" }, cwd: "/r", system: trustOf({ "/r": "untrusted" }) },
      ["/r"],
    ],
    "none that the managed file does not trust": [
      { trust: { "/r": "trusted" }, cwd: "/r", managed: trustOf({ "/r": "untrusted" }) },
      [],
    ],
    "such a one before 0.150.1, too": [
      { trust: { "/r": "trusted" }, cwd: "/r", managed: trustOf({ "/r": "untrusted" }), version: "0.148.0" },
      ["/r"],
    ],
    "whatever is there in 0.87": [{ trust: {}, cwd: "/r/sub", beside: GIT, version: "0.87.0" }, ["/r/sub", "/r"]],
    "nothing before": [{ trust: { "/r": "trusted" }, cwd: "/r", version: "0.86.0" }, []],
  };

  test.each(Object.entries(CLAIMS))("%s", (_, [world, folders]) => {
    expect(read(world)).toEqual(folders);
  });
});

test.each([
  ["0.134.0", 1],
  ["0.133.0", 0],
])("in Codex %s, so many projects beat a profile: %i", (version, count) => {
  const host = worldOf({ trust: {}, cwd: "/r" });
  const config = parseDocument(trustOf({ "/r": "trusted" }), "config.toml");
  expect(projectsThatWin(host, "/home/u/.codex", config, ["model"], version)).toHaveLength(count);
});
