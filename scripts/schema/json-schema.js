/** Writes a merged shape as JSON Schema draft-07, the dialect that TOML editors read best. */
import { describe } from "./describe.js";

/** @typedef {import("./merge.js").Shape} Shape */
/** @typedef {Record<string, any>} Schema */

/** Tables that occur at several places and are longer than this are written once. */
const SHARED = 400;

/**
 * @param {Shape} root
 * @param {string} version
 * @param {Record<string, string>} sentences
 * @returns {Schema}
 */
export function jsonSchema(root, version, sentences) {
  const writer = new Writer(sentences);
  writer.count(root, []);
  const body = writer.struct(root, []);
  const definitions = Object.fromEntries([...writer.definitions].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `urn:codex-cfg:codex-config:${version}`,
    title: `Codex ${version} config.toml`,
    description: `What the OpenAI Codex CLI ${version} reads in config.toml and in profile files, as measured on it.`,
    ...body,
    definitions,
  };
}

class Writer {
  /** @param {Record<string, string>} sentences */
  constructor(sentences) {
    this.sentences = sentences;
    /** @type {Map<string, Schema>} */
    this.definitions = new Map();
    /** @type {Map<string, { text: string, times: number }>} */
    this.named = new Map();
  }

  /**
   * Counts named tables first: one that always reads the same can be written once.
   * @param {Shape} shape
   * @param {string[]} path
   */
  count(shape, path) {
    if (shape.name !== undefined && path.length > 0) {
      const text = JSON.stringify(this.struct(shape, path));
      const known = this.named.get(shape.name);
      if (known === undefined) this.named.set(shape.name, { text, times: 1 });
      else known.times = known.text === text ? known.times + 1 : Number.NEGATIVE_INFINITY;
    }
    for (const [key, field] of Object.entries(shape.fields ?? {})) this.count(field, [...path, key]);
    if (shape.rest) this.count(shape.rest, [...path, "*"]);
    if (shape.kind === "map") this.count(shape.values, [...path, "*"]);
    if (shape.items) this.count(shape.items, [...path, "[]"]);
    for (const option of shape.options ?? []) this.count(option, path);
  }

  /**
   * @param {Shape} shape
   * @param {string[]} path
   * @returns {Schema}
   */
  value(shape, path) {
    if (shape.kind === "boolean" || shape.kind === "string") return { type: shape.kind };
    if (shape.kind === "integer") return integer(shape);
    if (shape.kind === "number") return { type: "number" };
    if (shape.kind === "enum") return { type: "string", enum: [...shape.values, ...(shape.aliases ?? [])] };
    if (shape.kind === "array") return { type: "array", items: this.value(shape.items, [...path, "[]"]) };
    if (shape.kind === "map") return { type: "object", additionalProperties: this.value(shape.values, [...path, "*"]) };
    if (shape.kind === "oneOf")
      return { anyOf: shape.options.map((/** @type {Shape} */ one) => this.value(one, path)) };
    if (shape.kind !== "struct") return {};
    return this.shared(shape, path) ?? this.struct(shape, path);
  }

  /**
   * @param {Shape} shape
   * @param {string[]} path
   * @returns {Schema | undefined}
   */
  shared(shape, path) {
    const known = this.named.get(shape.name);
    if (known === undefined || known.times < 2 || known.text.length < SHARED) return undefined;
    if (!this.definitions.has(shape.name)) {
      this.definitions.set(shape.name, {});
      this.definitions.set(shape.name, this.struct(shape, path));
    }
    return { $ref: `#/definitions/${shape.name}` };
  }

  /**
   * @param {Shape} shape
   * @param {string[]} path
   * @returns {Schema}
   */
  struct(shape, path) {
    const fields = Object.entries(/** @type {Record<string, Shape>} */ (shape.fields));
    const properties = Object.fromEntries(fields.map(([key, field]) => [key, this.field(field, [...path, key])]));
    const required = fields.filter(([, field]) => field.required).map(([key]) => key);
    return {
      type: "object",
      properties,
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: shape.rest && !shape.restUnknown ? this.value(shape.rest, [...path, "*"]) : false,
    };
  }

  /**
   * @param {Shape} field
   * @param {string[]} path
   * @returns {Schema}
   */
  field(field, path) {
    const schema = this.value(field, path);
    const old = field.until !== undefined || field.stage === "removed" || field.stage === "deprecated";
    return {
      description: describe(this.sentences, path, field),
      // Beside $ref this dialect reads nothing else.
      ...(schema.$ref === undefined ? schema : { allOf: [schema] }),
      ...(old || field.aliasOf !== undefined || field.refused !== undefined ? { deprecated: true } : {}),
      ...(field.since === undefined ? {} : { "x-since": field.since }),
      ...(field.until === undefined ? {} : { "x-until": field.until }),
      ...(field.stage === undefined ? {} : { "x-stage": field.stage }),
    };
  }
}

/**
 * @param {Shape} shape
 * @returns {Schema}
 */
function integer(shape) {
  return {
    type: "integer",
    ...(shape.min === undefined ? {} : { minimum: Number(shape.min) }),
    ...(shape.max === undefined ? {} : { maximum: Number(shape.max) }),
  };
}
