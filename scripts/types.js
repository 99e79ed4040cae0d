// Leaves of the types that tsc emits only what the library's face leads to: nobody can import the rest. Knows how tsc lays
// declarations out, each beginning at the start of a line, and is no parser of TypeScript; the tests compile what is left.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** `folder` with the types in it; `face` is the file that people import. */
export function pruneTypes(folder, face) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".d.ts"));
  const modules = new Map(files.map((name) => [join(folder, name), moduleOf(join(folder, name))]));
  const needed = new Map();
  const start = modules.get(join(folder, face));
  for (const name of new Set(start.statements.flatMap(({ names }) => names))) need(start, name);
  for (const module of modules.values()) {
    const kept = module.statements.flatMap((statement) => shortened(statement, needed.get(module)) ?? []);
    if (needed.has(module)) writeFileSync(module.file, kept.join(""));
    else rmSync(module.file);
  }

  function need(module, name) {
    const names = needed.get(module) ?? new Set();
    if (names.has(name)) return;
    const declared = module.statements.filter((one) => one.names.includes(name));
    if (declared.length === 0) return;
    needed.set(module, names.add(name));
    for (const { from, sourceOf, text } of declared) {
      if (from !== undefined) {
        const target = modules.get(fileOf(module, from));
        if (target !== undefined) need(target, sourceOf.get(name));
        continue;
      }
      for (const [, path, other] of text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g))
        need(modules.get(fileOf(module, path)), other);
      for (const [other] of wordsOf(text)) need(module, other);
    }
  }
}

const fileOf = ({ file }, path) => join(file, "..", path.replace(/\.ts$/, ".d.ts"));

/** Names that a declaration may refer to: no comments, no texts, no names of members and parameters, nothing that is called. */
function wordsOf(text) {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"/g, " ").replace(/\b\w+\??:/g, " ");
  return bare.matchAll(/\b[A-Za-z_$][\w$]*\b(?!\()/g);
}

function moduleOf(file) {
  const text = readFileSync(file, "utf8").replace(/^#!.*\n/, "");
  // A comment in the midst of a union stands at the start of a line, too.
  const parts = text.split(/^(?=(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)*(?:import|export|declare|type|interface)\b)/m);
  const statements = [];
  let comment = "";
  for (const part of parts) {
    if (part.startsWith("/**")) comment += part;
    else {
      statements.push(statementOf(part, comment));
      comment = "";
    }
  }
  return { file, statements };
}

function statementOf(text, comment) {
  const listed = /^(?:import|export) (?:type )?\{([^}]*)\}(?: from "(.+)")?;/.exec(text);
  if (listed === null) {
    const name =
      /^(?:export )?(?:declare )?(?:abstract )?(?:type|interface|class|const|function) (\w+)/.exec(text)?.[1] ??
      /^import (?:type )?(?:\* as )?(\w+) from/.exec(text)?.[1];
    if (name === undefined) throw new Error(`not the layout of tsc: ${text}`);
    return { text, comment, names: [name] };
  }
  const [, list, from] = listed;
  const items = list.split(",").flatMap((item) => item.trim() || []);
  const sourceOf = new Map(items.map((item) => /(\w+)(?: as (\w+))?$/.exec(item)).map(([, a, b]) => [b ?? a, a]));
  return { text, comment, names: [...sourceOf.keys()], items, list, from, sourceOf };
}

/** A declaration if it is needed, a list of names with those of them that are. */
function shortened({ comment, items, list, names, text }, needed = new Set()) {
  if (items === undefined) return needed.has(names[0]) ? comment + text : null;
  if (items.length === 0) return text;
  const kept = items.filter((_, at) => needed.has(names[at]));
  return kept.length === 0 ? null : comment + text.replace(list, ` ${kept.join(", ")} `);
}
