/** Which programs of a machine are sessions of Codex. */
import { expect, test } from "vitest";
import { countSessions } from "../../src/machine/sessions.ts";

const count = (...commands: readonly (readonly string[])[]) =>
  countSessions(
    commands.map((command, i) => ({ pid: i + 2, parent: 1, command })),
    "/home/u/.codex",
  );
const CODEX = "/usr/lib/node_modules/@openai/codex-linux-x64/vendor/bin/codex";

test("a terminal is a session once, its launcher none, and what an editor keeps is a server", () => {
  expect(count(["node", "/usr/bin/codex"], [CODEX], [CODEX, "exec", "hi"], [CODEX, "app-server"])).toEqual({
    sessions: 2,
    servers: 1,
  });
});

test("the updater of the background server is neither a session nor a server", () => {
  const updater = [CODEX, "app-server", "daemon", "pid-update-loop"];
  expect(count(updater)).toEqual({ sessions: 0, servers: 0 });
  expect(count(updater, [CODEX])).toEqual({ sessions: 1, servers: 0 });
});

test("a program is known by its own name and nothing else of its command line", () => {
  expect(count(["C:\\codex\\codex.exe"], ["codex"])).toEqual({ sessions: 2, servers: 0 });
  expect(count(["vim", "codex"], ["/opt/codex/vim"], ["codex-cfg"], ["mycodex"], ["codex.exe.old"], [])).toEqual({
    sessions: 0,
    servers: 0,
  });
});

test("a session of another home is none of this one", () => {
  const other = { pid: 2, parent: 1, command: [CODEX], codexHome: "/home/u/other" };
  const own = { pid: 3, parent: 1, command: [CODEX], codexHome: "/home/u/.codex" };
  expect(countSessions([other, own], "/home/u/.codex")).toEqual({ sessions: 1, servers: 0 });
});
