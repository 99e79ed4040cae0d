/** Secrets that anybody knows by their looks, wherever they stand. */

/** Keys of well-known services, and signed tokens. */
export const KEY_SHAPES: readonly RegExp[] = [
  /\b(?:[sp]k[-_]|gh[pos]_|github_pat_|xox[abprs]-|glpat-|AKIA(?=[A-Z0-9]{8})|AIza(?=[-_A-Za-z0-9]{16}))[-_A-Za-z0-9]{8,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
];
