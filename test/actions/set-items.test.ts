/** One element of an array, by what it holds; one item of a list; and a value as it was typed. */
import { describe, expect, test } from "vitest";
import { type SettingChange, setSettings } from "../../src/actions/set-settings.ts";
import { memoryHome } from "../memory-home.ts";

const CONFIG = "config.toml";

async function left(given: string, ...settings: readonly SettingChange[]) {
  const home = memoryHome({ [CONFIG]: given });
  await home.commit((opened) => setSettings(opened, { settings, allowUnknown: true, force: true }));
  return home.text(CONFIG);
}
const refusal = (given: string, key: string) =>
  left(given, { key, value: "1" }).then(
    () => null,
    (error: { code: string; message: string; hints: unknown }) => error,
  );

const skills = '[[skills.config]]\npath = "/a"\nenabled = true\n\n[[skills.config]]\npath = "/b"\nenabled = true\n';

describe("an element by what it holds", () => {
  test.each([
    ["skills.config[path=/b].enabled", "false", skills.replace('"/b"\nenabled = true', '"/b"\nenabled = false')],
    ['skills.config[path="/b"].enabled', "false", skills.replace('"/b"\nenabled = true', '"/b"\nenabled = false')],
    ["skills.config[path = /a]", null, `\n${skills.slice(skills.lastIndexOf("[["))}`],
    ["skills.config.1.enabled", "false", skills.replace('"/b"\nenabled = true', '"/b"\nenabled = false')],
    ["skills.config.2.path", '"/c"', `${skills}\n[[skills.config]]\npath = "/c"\n`],
  ])("%s", async (key, value, expected) => {
    expect(await left(skills, { key, value })).toBe(expected);
  });

  test("is in an array that is written as one value, too", async () => {
    const given = 'h = [{ id = 1, m = "a" }, { id = 2, m = "b" }] # mine\n';
    expect(await left(given, { key: "h[id=2].m", value: '"z"' })).toBe(given.replace('"b"', '"z"'));
    expect(await left(given, { key: "h.0", value: null })).toBe('h = [{ id = 2, m = "b" }] # mine\n');
  });

  test("that is none, or is several, is refused with what there is", async () => {
    expect(await refusal(skills, "skills.config[path=/c].enabled")).toMatchObject({
      code: "usage",
      message: "no element of skills.config has this path",
      hints: ['there are skills.config.0: path = "/a"; skills.config.1: path = "/b"'],
    });
    expect(await refusal(skills, "skills.config[enabled=true].path")).toMatchObject({
      code: "usage",
      message: "2 elements of skills.config have this enabled",
    });
    expect(await refusal("a = 1\n", "a[path=/c].enabled")).toMatchObject({
      code: "usage",
      hints: ["a has no elements"],
    });
  });

  test("brackets in quotes are part of a name", async () => {
    expect(await left("", { key: 'projects."/x[a=b]".trust_level', value: '"trusted"' })).toBe(
      '[projects."/x[a=b]"]\ntrust_level = "trusted"\n',
    );
  });
});

describe("one item of a list", () => {
  const list = 'notify = [\n  "a", # first\n  # second is slow\n  "b",\n]\n';
  const item = (value: string, how: "add" | "remove", key = "notify") => ({ key, value, item: how });

  test("is added and taken out, and the comments and the layout of the others stay", async () => {
    expect(await left(list, item("c", "add"))).toBe(list.replace('  "b",\n', '  "b",\n  "c",\n'));
    expect(await left(list, item("b", "remove"))).toBe(list.replace('  "b",\n', ""));
    expect(await left(list, { key: "notify", value: '["a", "c"]' })).toBe(list.replace('"b"', '"c"'));
    expect(await left('notify = ["a", "b"] # x\n', item('"c"', "add"))).toBe('notify = ["a", "b", "c"] # x\n');
    expect(await left('notify = ["a", "b"]\n', item('"a"', "remove"))).toBe('notify = ["b"]\n');
  });

  test("is not added twice, nor taken out where it is not", async () => {
    expect(await left(list, item("a", "add"))).toBe(list);
    expect(await left(list, item("z", "remove"))).toBe(list);
    expect(await left("a = 1\n", item("z", "remove"))).toBe("a = 1\n");
    expect(await left("a = 1\n", item("z", "add"))).toBe('a = 1\nnotify = ["z"]\n');
  });

  test("may be an element of an array of tables, taken out by some of its keys", async () => {
    const more = `${skills}\n[[skills.config]]\npath = "/c"\n`;
    expect(await left(skills, item('{ path = "/c" }', "add", "skills.config"))).toBe(more);
    expect(await left(more, item('{ path = "/c" }', "remove", "skills.config"))).toBe(skills);
  });

  test("of what is no list is refused", async () => {
    await expect(left("a = 1\n", item("z", "add", "a"))).rejects.toMatchObject({ code: "usage" });
  });
});

describe("what is typed is what is written, where TOML allows it", () => {
  test.each(["0xFF", "1_000.5", "07:32", "1e21", "'x'", "[1,2]", "{a=1}"])("%s", async (value) => {
    expect(await left("c.k = 1\n", { key: "c.i", value })).toBe(
      value === "{a=1}" ? "c.k = 1\nc.i.a = 1\n" : `c.k = 1\nc.i = ${value}\n`,
    );
  });

  test("and a bare word, which is no TOML, is a string", async () => {
    expect(await left("", { key: "model", value: "gpt-5.5" })).toBe('model = "gpt-5.5"\n');
    expect(await left("", { key: "model", value: '"x" # no' })).not.toContain("#");
  });
});
