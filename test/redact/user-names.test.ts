/** The text of `doctor --report` names nobody: home folders in every spelling, and nothing else that only looks like one. */
import { expect, test } from "vitest";
import { withoutUser } from "../../src/redact/user-names.ts";
import { cpuTime } from "../cpu-time.ts";

/** The folders that hold home folders; no file here may name a path of somebody's machine. */
const real = (text: string) =>
  text.replaceAll("HOME", "home").replaceAll("USERS", "Users").replaceAll("/ROOT", "/root");

test.each([
  [
    "a basic string",
    String.raw`command = "C:\\USERS\\alice\\docs.exe"`,
    String.raw`command = "C:\\USERS\\…\\docs.exe"`,
  ],
  ["a key", String.raw`[projects."C:\\USERS\\alice"]`, String.raw`[projects."C:\\USERS\\…"]`],
  ["a literal string", String.raw`'C:\USERS\John Smith\w'`, String.raw`'C:\USERS\…\w'`],
  [
    "JSON inside of a string",
    String.raw`"{\"d\":\"C:\\\\USERS\\\\al\\\\w\"}"`,
    String.raw`"{\"d\":\"C:\\\\USERS\\\\…\\\\w\"}"`,
  ],
  ["lower case", String.raw`c:\users\alice\w`, String.raw`c:\users\…\w`],
  ["another system's share", String.raw`\\wsl$\Debian\HOME\alice\w`, String.raw`\\wsl$\Debian\HOME\…\w`],
  ["a name of two words", "/USERS/John Smith/w", "/USERS/…/w"],
  ["a name of two words at the end", "# /USERS/John Smith", "# /USERS/…"],
  ["a name of two words before a quote", `"/USERS/John Smith"`, `"/USERS/…"`],
  ["an apostrophe in a name", `"/USERS/Pat O'Neil/w"`, `"/USERS/…/w"`],
  ["an escaped letter in a name", String.raw`"/HOME/J\u00f6rg/w"`, `"/HOME/…/w"`],
  ["a list of folders", "PATH=/HOME/bob/bin:/HOME/eve:/usr/bin", "PATH=/HOME/…/bin:/HOME/…/usr/bin"],
  [
    "a sentence",
    "starts /HOME/bob/x, see /HOME/bob for that and much more of it",
    "starts /HOME/…/x, see /HOME/… for that and much more of it",
  ],
])("somebody's home as %s", (_, given, expected) => {
  expect(withoutUser(real(given), real("/HOME/al"))).toBe(real(expected));
});

test.each([
  ["/HOME/al", "/HOME/al/w", "~/w"],
  ["/HOME/al", "/HOME/alice/w", "/HOME/…/w"],
  ["/HOME/al", "/HOME/al.b/w and /HOME/al-b/w", "/HOME/…/w and /HOME/…/w"],
  ["/HOME/al", "/HOME/al smith/w", "/HOME/…/w"],
  ["/HOME/al", "at /HOME/al.", "at ~."],
  ["/srv/a-b.(c)", "/srv/a-b.(c)/w", "~/w"],
  ["/data/me", "/data/me/w /data/mela/w", "~/w /data/mela/w"],
  ["/USERS/John Smith", '"/USERS/John Smith/w"', '"~/w"'],
  ["C:\\USERS\\John", String.raw`"C:\\USERS\\John\\w" 'C:\USERS\John Smith\w'`, String.raw`"~\\w" 'C:\USERS\…\w'`],
  ["/ROOT", "/ROOT/.codex", "~/.codex"],
  ["/", "/etc/codex a/b", "/etc/codex a/b"],
  ["", "/etc/codex", "/etc/codex"],
])("with the home folder %s: %s", (home, given, expected) => {
  expect(withoutUser(real(given), real(home))).toBe(real(expected));
});

test.each(['model = "users"', "https://x.example/v1/responses", "[mcp_servers.home]", "`codex resume`"])(
  "leaves as it is: %s",
  (text) => {
    expect(withoutUser(text, real("/HOME/al"))).toBe(text);
  },
);

test("takes no longer for a text that nearly is one", () => {
  const text = `${"/HOME/".repeat(20_000)}${"a ".repeat(200_000)}${"\\u0041".repeat(50_000)}`;
  expect(cpuTime(() => withoutUser(real(text), real("/HOME/al")))).toBeLessThan(2000);
});
