/**
 * Builds the schema of `--json` from the forms of its documents and from the table of findings, both in src.
 * `node scripts/output-schema.js` writes it; a test holds the committed file equal to what it would write.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeShape } from "./probe/write.js";

const ROOT = new URL("../", import.meta.url);
const OUTPUT = "schemas/output.schema.json";

/** @typedef {import("../src/model/form.ts").Form} Form */
/** @typedef {Record<string, unknown>} Json */
/** @typedef {{ DOCUMENTS: Readonly<Record<string, Form>>, PARTS: Readonly<Record<string, Form>>, SCHEMA_VERSION: number }} Source */

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL(OUTPUT, ROOT), outputSchema(await source()));

/**
 * @param {Source} source
 * @returns {string} the text of the schema
 */
export function outputSchema({ DOCUMENTS, PARTS, SCHEMA_VERSION }) {
  const names = new Map(Object.entries(PARTS).map(([name, form]) => [form, name]));
  const kinds = Object.keys(DOCUMENTS);
  const head = (/** @type {string} */ kind) => ({
    schemaVersion: {
      description: "Goes up when a document changes in a way that breaks its readers.",
      const: SCHEMA_VERSION,
    },
    kind: { description: "Which document this is.", const: kind },
  });
  return writeShape({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:codex-cfg:output:${SCHEMA_VERSION}`,
    title: "What codex-cfg prints under --json",
    description: "One document on standard output for each command; secrets are masked in every text.",
    oneOf: kinds.map((kind) => ({ $ref: `#/$defs/${kind}` })),
    $defs: Object.fromEntries([
      ...Object.entries(DOCUMENTS).map(([kind, form]) => [kind, whole(form, names, head(kind))]),
      ...Object.entries(PARTS).map(([name, form]) => [name, whole(form, names)]),
    ]),
  });
}

/**
 * A form wherever it is used: by its name where it has one.
 * @param {Form} form
 * @param {Map<Form, string>} names
 * @returns {Json}
 */
function used(form, names) {
  const name = names.get(form);
  if (name !== undefined) return { $ref: `#/$defs/${name}` };
  if (!form.of) return whole(form, names);
  const { description: _, ...inner } = used(form.of, names);
  const about = form.about === undefined ? {} : { description: form.about };
  if (!form.orNull) return { ...about, ...inner };
  if (Array.isArray(inner.enum)) return { ...about, enum: [...inner.enum, null] };
  if (typeof inner.type === "string") return { ...about, ...inner, type: [inner.type, "null"] };
  return { ...about, oneOf: [inner, { type: "null" }] };
}

/**
 * @param {Form} form
 * @param {Map<Form, string>} names
 * @param {Json} before members that every document has
 * @returns {Json}
 */
function whole({ about, items, members, schema }, names, before = {}) {
  const { type, ...rules } = schema;
  const described = about === undefined ? {} : { description: about };
  const typed = { ...described, ...(type === undefined ? {} : { type }) };
  if (items) return { ...typed, items: used(items, names), ...rules };
  if (!members) return { ...typed, ...rules };
  const inner = Object.entries(members).map(([name, form]) => [name, used(form, names)]);
  const properties = { ...before, ...Object.fromEntries(inner) };
  return { ...typed, properties, required: Object.keys(properties), additionalProperties: false, ...rules };
}

/** @returns {Promise<Source>} */
async function source() {
  const contents =
    'export { DOCUMENTS } from "./documents.ts"; export { PARTS } from "./document-parts.ts"; export { SCHEMA_VERSION } from "../model/version.ts";';
  const resolveDir = fileURLToPath(new URL("src/cli", ROOT));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
}
