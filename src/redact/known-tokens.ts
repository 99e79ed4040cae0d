/** Secrets that anybody knows by their looks, wherever they stand. */

/** A shape of text. What its first group matches, where it has one, stands before the secret. */
export type Schema = {
  readonly kind: string;
  readonly shape: RegExp;
  /** One of them is in every text that has the shape. */
  readonly words: readonly string[];
  /** Whether a name that somebody chose is a secret when it has the shape. */
  readonly names: boolean;
};

/**
 * Keys of well-known services, and signed tokens. People call servers, providers, profiles and folders `sk-learn-docs`
 * or `sk-projects-2026`: a name is a key only where 20 characters or more, letters and digits, follow `sk-`.
 */
export const KNOWN_TOKENS: readonly Schema[] = [
  {
    kind: "service token",
    shape:
      /\b(?:gh[pousr]_|github_pat_|xox[abprs]-|glpat-|AKIA(?=[A-Z0-9]{8})|AIza(?=[-_A-Za-z0-9]{16}))[-_A-Za-z0-9]{8,}/g,
    words: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "glpat-", "AKIA", "AIza"],
    names: true,
  },
  {
    kind: "long key",
    shape: /\b[sp]k[-_](?=[A-Za-z_-]{0,60}\d)(?=[\d_-]{0,60}[A-Za-z])[-_A-Za-z0-9]{20,}/g,
    words: ["sk-", "sk_", "pk-", "pk_"],
    names: true,
  },
  {
    kind: "short key",
    shape: /\b[sp]k[-_](?=(?:[A-Za-z_-]{0,40}\d){5})[-_A-Za-z0-9]{8,}/g,
    words: ["sk-", "sk_", "pk-", "pk_"],
    names: false,
  },
  { kind: "signed token", shape: /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g, words: ["eyJ"], names: true },
];

/** The last net under everything that is printed, names included: the text with `put` in the place of each token. */
export function withoutTokens(text: string, put: string): string {
  return KNOWN_TOKENS.reduce(
    (shown, { names, shape, words }) =>
      names && words.some((word) => shown.includes(word)) ? shown.replace(shape, put) : shown,
    text,
  );
}

/** Part of an address's path that is more likely a key than a name: a word of it mixes letters and digits. */
export function isKeyPart(part: string): boolean {
  if (part.length < 10 || !/^[\w~%.=:-]+$/.test(part) || !/[a-z]/i.test(part)) return false;
  return part.split(/[-_.~:=%]/).some((word) => {
    const turns = word.match(/\d(?=[a-z])|[a-z](?=\d)/gi)?.length ?? 0;
    const isDate = /^20\d{6}$/.test(word);
    return turns > 2 || (turns > 1 && word.length >= 16) || (/\d{5}/.test(word) && !isDate);
  });
}

/** A word that is more likely a secret than prose: long, or with digits and neither a date, a time nor a version. */
export function looksSecret(word: string): boolean {
  if (word.length < 6 || word.includes("://")) return false;
  return /\d/.test(word) ? !/^v?\d{1,4}(?:[-./:T]\d{1,4})*Z?$/.test(word) : /^[\w+=-]{24,}$/.test(word);
}
