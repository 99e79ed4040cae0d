/** Secrets that anybody knows by their looks, wherever they stand. */

/** A shape of text. What its first group matches, where it has one, stands before the secret. */
export type Schema = {
  readonly kind: string;
  readonly shape: RegExp;
  /** One of them is in every text that has the shape; none where nothing short is. */
  readonly words: readonly string[];
  /** Whether a name that somebody chose is a secret when it has the shape. */
  readonly names: boolean;
};

/** Beginnings that say by themselves that a key follows. */
const SERVICES =
  "AGE-SECRET-KEY-|ATATT|ATBB|ATCTT|CFPAT-|GOCSPX-|HRKU-|NRAK-|NRRA-|PMAK-|SG\\.|ya29\\.|apify_api_|cal_live_|csk-|ctx7sk-|dapi|dckr_oat_|dckr_pat_|doo_v1_|dop_v1_|dor_v1_|dp\\.pt\\.|dp\\.st\\.|dt0c01\\.|figd_|figo_|github_pat_|gh[pousr]_|glagent-|glc_|gldt-|glcbt-|glimt-|glpat-|glptt-|glrt-|glsa_|glsoat-|gsk_|hcaik_|hv[sbr]\\.|jina_|lin_api_|lin_oauth_|lsv2_|napi_|ntn_|nvapi-|phc_|phx_|pcsk_|pplx-|pscale_|pypi-|rdme_|rk_live_|rk_test_|rubygems_|sb_publishable_|sb_secret_|sbp_|sess-|shpat_|shpca_|shppa_|shpss_|sntrys_|sntryu_|sq0atp-|sq0csp-|tgp_v1_|tskey-|tvly-|vcp_|whsec_|xai-|xapp-|xox[abceprs][-.]";

/** Beginnings that many a harmless word has, too: what follows is longer and has digits. */
const SHORT_SERVICES = "AC|AKCp|BSA|SK|ak_|e2b_|fc-|fm[12]_|fw[-_]|hf_|key-|m0-|nk-|npm_|pa-|pul-|r8_|re_|rnd_";

/** The words by which a list of beginnings is found in a text. */
function beginnings(list: string): readonly string[] {
  return list
    .replaceAll("\\", "")
    .split("|")
    .flatMap((one) => {
      const [, head = one, choice = "", tail = ""] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(one) ?? [];
      return choice === "" ? [head] : [...choice].map((letter) => head + letter + tail.replace(/^\[.*/, ""));
    });
}

/**
 * Keys of well-known services, and signed tokens. People call servers, providers, profiles and folders `sk-learn-docs`
 * or `sk-projects-2026`: a name is a key only where 20 characters or more, letters and digits, follow `sk-`.
 */
export const KNOWN_TOKENS: readonly Schema[] = [
  {
    kind: "service token",
    shape: new RegExp(`\\b(?:${SERVICES})(?=[-_.A-Za-z]{0,60}\\d|[-_.A-Za-z]{20})[-_.A-Za-z0-9]{8,}`, "g"),
    words: beginnings(SERVICES),
    names: true,
  },
  {
    kind: "access key",
    shape: /\b(?:A(?:KIA|SIA|BIA|CCA)(?=[A-Z0-9]{8})|AIza(?=[-_A-Za-z0-9]{16}))[-_A-Za-z0-9]{8,}/g,
    words: ["AKIA", "ASIA", "ABIA", "ACCA", "AIza"],
    names: true,
  },
  {
    kind: "service key",
    shape: new RegExp(`\\b(?:${SHORT_SERVICES})(?=[-_A-Za-z]{0,60}\\d)[-_A-Za-z0-9]{10,}`, "g"),
    words: beginnings(SHORT_SERVICES),
    names: false,
  },
  {
    kind: "bot token",
    shape: /\b\d{6,12}:(?=[-_A-Za-z0-9]{0,20}[A-Za-z])[-_A-Za-z0-9]{16,}/g,
    words: [":"],
    names: false,
  },
  {
    kind: "private key",
    shape: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,9999}(?:-----END [A-Z ]{0,40}-----)?/g,
    words: ["PRIVATE KEY-----"],
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
