/**
 * What somebody wants changed: plain data, on a file role and a key path. Everything that alters a file becomes a list
 * of these first. Knows nothing of how TOML text is edited, nor of where the files are.
 */

/** A file of a Codex home: `config` is config.toml, `profile:work` is work.config.toml. Never a path. */
export type FileRole = "config" | `profile:${string}`;

/** Decoded key names from the root down; a number picks an element of an array of tables. */
export type KeyPath = readonly (string | number)[];

/** A value as TOML has it: integers are bigint, floats are number; `toISOString()` of a date is its TOML spelling. */
export type TomlValue = string | number | bigint | boolean | Date | readonly TomlValue[] | TomlTable;
export type TomlTable = { readonly [key: string]: TomlValue };

/** A piece of text in the place of a range of the old one, in characters from the start. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

/**
 * What becomes of two definitions of one path: both go together, the other one is commented out, or a list and a table of
 * one name become two of a kind (`by-name`: an element of the list becomes the table that it names itself).
 */
export type Join = {
  readonly path: KeyPath;
  readonly keep: "both" | "first" | "second" | "as-list" | "as-table" | "by-name";
};

export type Op =
  /** Give `path` this value, spelled so where that is TOML for it. A table is only ever created, never replaced. */
  | {
      readonly op: "set";
      readonly file: FileRole;
      readonly path: KeyPath;
      readonly value: TomlValue;
      readonly spelling?: string;
      readonly comment?: readonly string[];
    }
  /**
   * Remove `path`. `comments` also takes the comment lines directly above, `header` a header that stands for this key
   * alone: what an earlier change brought along. `keep` are comments that stay, each on a line of its own.
   */
  | {
      readonly op: "unset";
      readonly file: FileRole;
      readonly path: KeyPath;
      readonly comments?: boolean;
      readonly header?: boolean;
      readonly keep?: readonly string[];
    }
  /**
   * Carry the table or key at `path`, comments and spelling included, into the table `to.path` of `to.file`. The empty
   * path carries a whole file, which another op removes. `copy` leaves it where it is, too.
   */
  | {
      readonly op: "move";
      readonly file: FileRole;
      readonly path: KeyPath;
      readonly to: { readonly file: FileRole; readonly path: KeyPath };
      readonly copy?: boolean;
    }
  /**
   * Write `path` again as it stands in `image`, an earlier text of the same file, there at `from` where elements of arrays
   * have moved. An element that is to come back in front of another one takes its index.
   */
  | {
      readonly op: "reinsert";
      readonly file: FileRole;
      readonly path: KeyPath;
      readonly from?: KeyPath;
      readonly image: string;
    }
  /**
   * Replace ranges of a text that does not parse, to make it parse. The splices of one step and file count from the same
   * text and go in together; then what is still defined twice becomes one, as the joins say.
   */
  | {
      readonly op: "splice";
      readonly file: FileRole;
      readonly splices: readonly Splice[];
      readonly joins?: readonly Join[];
    }
  /** Replace the whole file; null removes it. `image`: an earlier text comes back as it was, valid or not. */
  | { readonly op: "write"; readonly file: FileRole; readonly text: string | null; readonly image?: boolean };
