/** Every row of the rules has something that it hides and something near to it that is shown. A new row needs both. */
import { describe, expect, test } from "vitest";
import { KNOWN_TOKENS } from "../../src/redact/known-tokens.ts";
import { Redactor } from "../../src/redact/redactor.ts";
import { ARGUMENTS, FLAGS, HARMLESS, NAMES, SHAPES, TABLES } from "../../src/redact/rules.ts";

/** What must not be seen stands between angle brackets, which are taken out. */
type Cases = { readonly hides: readonly string[]; readonly shows: readonly string[] };

const server = (line: string) => `[mcp_servers.x]\n${line}`;

const CASES: Readonly<Record<string, Cases>> = {
  // Tokens and shapes of text.
  "service token": {
    hides: [
      'a = "see <ghp_0123456789abcdef>"',
      'a = "<xoxb-1234567890-abc>"',
      "# was <gsk_FAKE0123456789>",
      '[a."<SG.FAKE012345.678>"]\nb = 1',
    ],
    shows: ['a = "ghp_short"', 'a = "figd_of_words"'],
  },
  "access key": {
    hides: ["# was <AKIAIOSFODNN7EXAMPLE>", 'a = "<ASIAIOSFODNN7EXAMPLE>"'],
    shows: ['a = "AKIA-lower-case"'],
  },
  "service key": {
    hides: ['a = "<npm_FAKE0123456789>"', "# was <fc-0123456789fake>"],
    shows: ['a = "fc-cache-of-fonts"', 'a = "npm_config_registry"', "[mcp_servers.re_0123456789]\nenabled = true"],
  },
  "bot token": { hides: ['a = "see <123456789:FAKEfakeFAKEfakeFAKE>"'], shows: ['a = "127:0123456789012345678901"'] },
  "private key": {
    hides: ['a = """<-----BEGIN RSA PRIVATE KEY-----\nRkFLRQ==\n-----END RSA PRIVATE KEY----->"""'],
    shows: ['a = "-----BEGIN PUBLIC KEY-----"'],
  },
  "long key": {
    hides: [
      'a = "<sk-fakefakefakefakefake1>"',
      "# key <pk_live_fakefakefakefake1>",
      '[a."<sk-CANARY-name-0123456789>"]\nb = 1',
    ],
    shows: ['a = "sk-a-name-of-many-words-and-no-digit"', '[a.sk-projects-2026]\nb = "/srv/sk-projects-2026"'],
  },
  "short key": {
    hides: ['a = "<sk-12345678>"', "# was <sk-fake-12345>"],
    shows: ['a = "sk-learn-docs"', "[mcp_servers.sk-12345678]\nenabled = true"],
  },
  "signed token": { hides: ['a = "<eyJhbGciOiJub25lIn0.e30.>"'], shows: ['a = "eyJ"', 'a = "heyJude-and-the-rest"'] },
  bearer: {
    hides: ['a = "Bearer <x1y2>"', "# Authorization: bearer <FAKE>", 'a = "BEARER <words.and.dots>"'],
    shows: ["# the bearer token of mine"],
  },
  "telling word": {
    hides: ["# the password <x1y2z3w4>", "# my token is <x1y2z3w4> now", 'a = "key: <x1y2z3w4>"'],
    shows: ["# the token budget of it", "# password rotated 2030-01-02", "# token limit 100000"],
  },
  "random text": {
    hides: ['a = "<a1B2c3D4e5F6g7H8i9J0k1L2>"', "# <0f1e2d3c4b5a69788796a5b4c3d2e1f0>"],
    shows: [
      'a = "/nix/store/0f1e2d3c4b5a69788796a5b4c3d2e1f0"',
      'a = "image@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f0"',
      'a = "AVeryLongNameOfWordsVersion2"',
      'a = "0123456789012345678901234567890123456789"',
    ],
  },
  basic: { hides: ['a = "Basic <dXNlcjpwYXNz=>"'], shows: ['a = "basic authentication"'] },

  // Names.
  name: {
    hides: [
      'api_key = "<x>"',
      'passphrase = "<x>"',
      'a.PASSWORD = "<x>"',
      server('args = ["--passphrase", "<x>"]'),
      'a = "run TOKEN=<x> it"',
      `a = '{"clientSecret": "<x>"}'`,
      'a = "https://h.example/?access_token=<x>"',
    ],
    shows: ['model = "x"', server('args = ["--port", "80"]'), `a = '{"name": "x"}'`, "# the token: see below"],
  },
  "last word": {
    hides: [
      'openai_key = "<x>"',
      'githubPat = "<x>"',
      'a.pwd = "<x>"',
      server('args = ["--pat", "<x>"]'),
      'a = "Server=h;Pwd=<x>;"',
      `a = '{"openaiKey": "<x>"}'`,
    ],
    shows: ['keymap = "x"', 'author = "x"', server('args = ["--bypass", "x"]'), "a = 1 # pass: by"],
  },
  "name that is none": {
    hides: ['env_key = "<FAKE-0123>"', server('bearer_token_env_var = "<0f1e2d3c4b5a69788796>"')],
    shows: ['env_key = "A1_KEY"', 'env_key = ""'],
  },
  flag: {
    hides: [
      server('args = ["--auth", "<x>"]'),
      server('args = ["--bearer=<x>"]'),
      server('args = ["--the-key", "<x>"]'),
    ],
    shows: [server('args = ["--author", "x"]'), server('args = ["-y", "x"]'), 'session = "x"'],
  },
  query: {
    hides: ['a = "https://h.example/?x=1&key=<x>"', 'a = "https://h.example/#sig=<x>"'],
    shows: ['a = "https://h.example/?page=2"', 'a = "key=value"'],
  },
  "variable's name": {
    hides: ['env_keys.token = "<x>"'],
    shows: [
      'env_key = "API_TOKEN"',
      server('bearer_token_env_var = "API_TOKEN"'),
      'a.secret = { env_var = "MY_SECRET" }',
    ],
  },
  "place of a secret": {
    hides: ['credentials = "<x>"'],
    shows: ['cli_auth_credentials_store = "file"', 'credential_file = "/etc/x"', 'secret_file = "/etc/x"'],
  },
  "service of a login": {
    hides: ['token_urls = "<x>"'],
    shows: ['token_url = "https://login.example"', 'token_endpoint_auth_method = "none"'],
  },
  "words about a key": { hides: ['env_keys.token = "<x>"'], shows: ['env_key_instructions = "get one"'] },
  "plain word": {
    hides: ['key = "<x1>"', 'a = "https://h.example/?key=<x>"'],
    shows: ['key = "value"', 'a = "key=value"'],
  },
  "kind of login": { hides: ['auth = "<x>"'], shows: [server('auth = "oauth"')] },
  switch: { hides: ['use_token = "<x>"', server("env.ON = <true>")], shows: ["use_token = true"] },
  count: {
    hides: ["token = <123456>", 'max_tokens = "<many>"'],
    shows: ["max_tokens = 4_000", server('args = ["--max-tokens", "4000"]'), 'a = "env MAX_TOKENS=9 foo"'],
  },

  // Tables.
  variables: {
    hides: [server('env.ANY = "<x>"'), server('env = { ANY = "<x>" }'), server('env = "<x>"'), 'env.ANY = "<x>"'],
    shows: ['[mcp_servers.env]\ncommand = "docs"', '[profiles.env]\nmodel = "x"', '[tui]\nenv = "x"'],
  },
  "variables of a shell": {
    hides: ['shell_environment_policy.set.ANY = "<x>"'],
    shows: ['shell_environment_policy.inherit = "core"', 'a.set.b = "x"'],
  },
  headers: {
    hides: ['otel.exporter.otlp-http.headers.any = "<x>"'],
    shows: ['[model_providers.headers]\nname = "x"', '[permissions.headers]\nextends = "x"'],
  },
  "HTTP headers": {
    hides: ['[model_providers.x]\nhttp_headers = { X-Any = "<x>" }', '# [mcp_servers.x.http_headers]\n# X-Any = "<x>"'],
    shows: ["[mcp_servers.http_headers]\nenabled = false", server('env_http_headers = { Authorization = "MY_TOKEN" }')],
  },
  "query parameters": {
    hides: ['[model_providers.x.query_params]\nany = "<x>"'],
    shows: ['[model_providers.query_params]\nname = "x"'],
  },
  "variables, misspelt": {
    hides: [server('envs = { A = "<x>" }'), server('enviroment.A = "<x>"'), server('ENV.A = "<x>"')],
    shows: [server('environment_id = "x"')],
  },
  "headers, misspelt": {
    hides: [server('header = { A = "<x>" }'), server('extra_headers = { A = "<x>" }')],
    shows: ['[model_providers.header]\nname = "x"', 'header_style = "x"'],
  },
  "parameters, misspelt": { hides: ['[model_providers.x.query_param]\na = "<x>"'], shows: ['parameters_of = "x"'] },
  budget: {
    hides: ['[a.token_budget]\nmessage = "<x>"'],
    shows: ['[features.token_budget]\nguidance_message = "words"\nreminder_threshold_tokens = 5'],
  },
  "known credentials": {
    hides: ['[a.credentials]\nuser = "<x>"'],
    shows: ['[features.network_proxy.credentials.x]\npatterns = ["h.example"]'],
  },
  substitution: {
    hides: ['[permissions.p.network.mitm.actions.a.body_secret_substitution.x]\nsecret = "<x>"'],
    shows: ["[permissions.p.network.mitm.actions.a.body_secret_substitution]\nport = 80"],
  },
  "AWS export": {
    hides: ['[a.credential_export]\ncommand = "<x>"'],
    shows: ['[model_providers.x.aws.credential_export]\ncommand = "aws"'],
  },
  "login of a provider": {
    hides: ['[a.auth]\ncommand = "<x>"', '[model_providers.x]\nauth = "<x>"'],
    shows: ['[model_providers.x.auth]\ncommand = "get-token"\nargs = ["me"]'],
  },
  "gateway export": {
    hides: ['[model_providers.x.gateway_oauth.credential_export]\ncommand = "aws"\nargs = ["--token", "<x>"]'],
    shows: ['[model_providers.x.gateway_oauth.credential_export]\ncommand = "gcloud"\nargs = ["auth"]'],
  },

  // Arguments.
  header: {
    hides: [
      server('args = ["-H", "X-Any: <x>"]'),
      server('args = ["--headers", "X-Any=<x>"]'),
      server('args = ["--header=X-Any: <x>"]'),
      server('args = ["--header", "X-Any: <x>", "-HX-Other: <y>"]'),
      server(String.raw`args = ["-c", "curl -H \"X-Any: <x>\" https://h.example"]`),
      server(`args = ["-lc", 'curl --header="X-Any: <x>"']`),
      server(`args = ["--headers", '{"X-Any": "<x>"}']`),
      server('args = ["--headers", "<x1y2z3>"]'),
    ],
    shows: [server('args = ["-H", "localhost"]'), server('args = ["-c", "ls -H dir"]')],
  },
  variable: {
    hides: [server('args = ["-e", "any=<x>"]'), server('args = ["--env=ANY=<x>"]'), server('args = ["-eANY=<x>"]')],
    shows: [
      server('args = ["-e", "PLAIN"]'),
      server('args = ["--env", "production"]'),
      server('args = ["-endpoint=x"]'),
    ],
  },
  login: {
    hides: [
      server('args = ["-u", "me:<x>"]'),
      server('args = ["--user=me:<x>"]'),
      server('args = ["-ume:<x>"]'),
      'notify = ["sh", "-c", "curl -u me:<x> https://h.example"]',
    ],
    shows: [server('args = ["-u", "server.py"]'), server('args = ["-u", "https://h.example/a"]')],
  },
  password: {
    hides: [server('args = ["-p", "<x>"]'), server('args = ["-p<X1>"]')],
    shows: [
      server('args = ["-p", "8080:80"]'),
      server('args = ["-p", "./a"]'),
      server('args = ["-c", "mkdir -p a/b"]'),
      server('args = ["-port", "x"]'),
    ],
  },
  "variable with its value": {
    hides: [server('args = ["ANY_NAME=<x>", "npx"]')],
    shows: [server('args = ["ANY_NAME="]'), server('args = ["mode=fast"]')],
  },
  "header with its value": {
    hides: [server('args = ["X-Any: <x>"]')],
    shows: [server('args = ["note: this"]'), server('args = ["a-b:c"]')],
  },
};

const ROWS = [...KNOWN_TOKENS, ...SHAPES, ...NAMES, ...HARMLESS, ...TABLES, ...FLAGS, ...ARGUMENTS].map(
  ({ kind }) => kind,
);

test("every row has its cases, and every case its row", () => {
  expect(Object.keys(CASES).sort()).toEqual([...ROWS].sort());
});

describe.each(Object.entries(CASES))("%s", (_, { hides, shows }) => {
  test.each(hides)("hides: %s", (marked) => {
    const secrets = [...marked.matchAll(/<([^>]*)>/g)].map(([, secret = ""]) => secret);
    const { text } = new Redactor().text(`${marked.replace(/[<>]/g, "")}\n`);
    const shown = secrets.reduce((rest, secret) => rest.replace(/\u2039secret [A-Z]\u203a/, `<${secret}>`), text);
    // A number, too, is hidden by a text.
    expect(shown.trimEnd()).toBe(marked.replace(/(?<== )<[^>]*>/g, '"$&"'));
  });

  test.each(shows)("shows: %s", (text) => {
    expect(new Redactor().text(`${text}\n`).text).toBe(`${text}\n`);
  });
});
