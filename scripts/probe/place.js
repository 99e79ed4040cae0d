/**
 * A place in the config that is being measured: how to build the smallest document with a value there. Knows which
 * neighbours a value needs before the client looks at it at all.
 */

/** What must stand beside a key in a map entry or table, by the place it is in; `*` is the sample entry. */
const NEEDED = /** @type {Record<string, Record<string, unknown>>} */ ({
  "mcp_servers.*": { command: "x" },
  "model_providers.*": { name: "x", base_url: "https://x.test" },
  "features.guardianv2.sync_elastic_sections.*": {
    min_total_section_tokens: 100,
    max_section_entry_tokens: 100,
    max_total_section_tokens: 1000,
  },
});

/** Tables of more than one form, each with what it needs, where the client does not say which forms there are. */
const FORMS = /** @type {Record<string, Record<string, unknown>[]>} */ ({
  "model_providers.*.gateway_oauth": [
    { credential_export: { command: "x" } },
    { authorization_url: "https://x.test/a", token_url: "https://x.test/t", client_id: "x" },
  ],
  "model_providers.*.gateway_oauth.delivery": [
    { kind: "header", name: "X-A" },
    { kind: "cookie", name: "x" },
  ],
});

/** What must stand at the root beside a root table. */
const COMPANIONS = /** @type {Record<string, Record<string, unknown>>} */ ({
  permissions: { default_permissions: ":read-only" },
});

/** The name of the sample entry in a map. */
export const SAMPLE = "sample";

export class Place {
  /**
   * @param {string[]} path
   * @param {(value: unknown) => Record<string, unknown>} build
   */
  constructor(path, build) {
    this.path = path;
    this.build = build;
  }

  static root() {
    return new Place([], (value) => {
      const document = /** @type {Record<string, unknown>} */ (value);
      const companions = Object.keys(document).map((key) => COMPANIONS[key] ?? {});
      return Object.assign({}, ...companions, document);
    });
  }

  /** The place as people write it, sample entries as `*`, items of arrays as `[]`. */
  get label() {
    return this.path.map((part) => (part === SAMPLE ? "*" : part)).join(".");
  }

  /** The same place at the root: a profile holds the same tables. */
  get kind() {
    return this.label.replace(/^profiles\.\*\./, "");
  }

  /** @returns {Record<string, unknown>} */
  needed() {
    return NEEDED[this.kind] ?? {};
  }

  forms() {
    return FORMS[this.kind] ?? [];
  }

  /**
   * @param {string} key
   * @param {Record<string, unknown>} beside
   */
  child(key, beside = {}) {
    const { [key]: _, ...rest } = beside;
    return new Place([...this.path, key], (value) => this.build({ ...rest, [key]: value }));
  }

  item() {
    return new Place([...this.path, "[]"], (value) => this.build([value]));
  }
}
