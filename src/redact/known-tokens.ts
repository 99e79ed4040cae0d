/** Secrets that anybody knows by their looks, wherever they stand. */

/** Keys of well-known services, and signed tokens; each has one of its words in it. */
export const KEY_SHAPES: readonly { readonly shape: RegExp; readonly words: readonly string[] }[] = [
  {
    shape:
      /\b(?:[sp]k[-_]|gh[pousr]_|github_pat_|xox[abprs]-|glpat-|AKIA(?=[A-Z0-9]{8})|AIza(?=[-_A-Za-z0-9]{16}))[-_A-Za-z0-9]{8,}/g,
    words: ["sk-", "sk_", "pk-", "pk_", "gh", "github_pat_", "xox", "glpat-", "AKIA", "AIza"],
  },
  { shape: /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g, words: ["eyJ"] },
];

/** The text with `put` in the place of each of them. */
export function withoutKeys(text: string, put: string): string {
  return KEY_SHAPES.reduce(
    (shown, { shape, words }) => (words.some((word) => shown.includes(word)) ? shown.replace(shape, put) : shown),
    text,
  );
}
