/**
 * Places where a secret can stand, each as a piece of TOML with a canary of its own in it. All pieces together are one
 * config that parses, so that few processes look at many places.
 */

/** `of` says what kind of place it is; `text` a piece of a config, whose tables no other piece has. */
export type Place = { readonly of: string; readonly name: string; readonly text: string };

/** A word that stands nowhere else, and that nothing but its place can tell from others. */
export const canary = (name: string) =>
  `CANARY${[...name].map((c) => LETTERS[c.charCodeAt(0) % LETTERS.length]).join("")}`;

const LETTERS = "abcdefghijkmnopqrstuvwxyz";

const NAMES =
  "openai_key azure_key access_key github_pat pat pass pwd passphrase signing_key encryption_key session_key webhook_url dsn key bearer jwt token password passwd secret api_key apikey apiKey exaApiKey githubPat client_secret private_key credentials cookie authorization creds pin otp license connection_string accessKey secretAccessKey session_token refresh_token id_token db_password DB_PASS SLACK_TOKEN x-api-key webhookUrl";
const FLAGS =
  "--api-key --apikey --api_key --token --auth-token --access-token --secret --client-secret --password --passwd --pass --pwd --passphrase --pat --dsn --connection-string --jwt --session --pin --otp --license --creds --credentials --auth --bearer --key --access-key --secret-key --private-key --cookie --authorization --apiKey --header --headers -H -p --github-token --db-password --webhook-url";
/** Beginnings of the keys of services. */
const BEGINNINGS =
  "sk- sk-proj- sk-ant-api03- sk-or-v1- sk_live_ pk_live_ rk_live_ gsk_ xai- hf_ nvapi- r8_ pplx- figd_ tvly- fc- ctx7sk- ntn_ lin_api_ sbp_ npm_ pypi- SG. xapp-1- xoxb- xoxp- ATATT3x ya29. glsa_ dapi dop_v1_ whsec_ glptt- glpat- ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ hvs. shpat_ dckr_pat_ phx_ sntrys_ tskey-auth- GOCSPX- apify_api_ pcsk_ lsv2_pt_ napi_ rnd_ re_ key- jina_ tgp_v1_ csk- PMAK- HRKU- CFPAT- NRAK- AGE-SECRET-KEY-1 dp.pt. dt0c01. sq0atp- rubygems_ pscale_tkn_ sess- fw_";
/** Shapes that no beginning tells of. */
const SHAPES = {
  "access key": "AKIA0CANARY0FAKE0KEY",
  "temporary access key": "ASIA0CANARY0FAKE0KEY",
  "google key": "AIzaCANARYfakeFakeFake1234567890abcdef",
  "signed token": "eyJhbGciOiJub25lIn0.eyJDQU5BUlkiOjF9.CANARYx",
  bearer: "Bearer CANARYabc123",
  basic: "Basic Q0FOQVJZ0CANARY==",
  "hex key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
  "random text": "a1B2c3CANARYd4E5f6G7h8J9k0",
  "bot token": "123456789:CANARYabcdefghijklmnopqrstuvwx",
} as const;
const ADDRESSES: Readonly<Record<string, (x: string) => string>> = {
  userinfo: (x) => `https://user:${x}@h.example/v1`,
  "a name alone": (x) => `https://${x}@h.example/v1`,
  "an at in a password": (x) => `postgres://u:p@${x}@h.example/db`,
  "a slash in a password": (x) => `postgres://u:a/${x}@h.example/db`,
  "a hash in a password": (x) => `redis://:a${x}@h.example:6379/0`,
  "a path key": (x) => `https://h.example/api/${x}4a7b1c/mcp`,
  "a bot's path": (x) => `https://api.telegram.org/bot123456789:${x}/sendMessage`,
  "a hook's path": (x) => `https://hooks.example/services/T000/B000/${x}4a7b1c`,
  ...Object.fromEntries(
    "code k key access token api_key apikey access_token sig signature auth password pwd secret client_secret sas t jwt"
      .split(" ")
      .map((name) => [`?${name}=`, (x: string) => `https://h.example/mcp?a=1&${name}=${x}`]),
  ),
  "#token=": (x) => `https://h.example/mcp#token=${x}`,
  ";token=": (x) => `https://h.example/mcp;token=${x}`,
};
/** What an argument, or a text that somebody wrote, may say. */
const LINES: Readonly<Record<string, (x: string) => string>> = {
  JSON: (x) => `{"exaApiKey":"${x}"}`,
  "JSON deeper": (x) => `{"a": [{"config": {"token": "${x}"}}]}`,
  "JSON with env": (x) => `{"env": {"ANY": "${x}"}}`,
  "escaped JSON": (x) => String.raw`{\"apiKey\":\"${x}\"}`,
  "JSON that is cut": (x) => `{"apiKey":"${x}`,
  "JSON without quotes": (x) => `{apiKey:'${x}'}`,
  "a connection": (x) => `Server=h;Database=d;Uid=u;Pwd=${x};`,
  "a connection's password": (x) => `Server=h;Password=${x}`,
  "an account key": (x) => `AccountName=a;AccountKey=${x};EndpointSuffix=e`,
  "a variable": (x) => `GH_PAT=${x}`,
  "a token's variable": (x) => `API_TOKEN=${x} npx tool`,
  "an exported variable": (x) => `export PASS=${x}`,
  "a header": (x) => `X-Api-Key: ${x}`,
  "curl -u": (x) => `curl -u me:${x} https://h.example`,
  "curl -H": (x) => `curl -H 'X-Api-Key: ${x}' https://h.example`,
  "curl --user": (x) => `curl --user "me:${x}" https://h.example`,
  "psql address": (x) => `psql postgres://u:${x}@h.example/db`,
  "a flag in it": (x) => `npx tool --token ${x} --verbose`,
  "-p in it": (x) => `mysql -u root -p ${x} db`,
  "a password in words": (x) => `the password: 4711${x}`,
  "a token in words": (x) => `my token is 4711${x} for now`,
};

const RAW: Readonly<Record<string, (x: string, n: number) => string>> = {
  env: (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nenv = { ANY = "${x}" }`,
  "env of its own": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\n[mcp_servers.r${n}.env]\nANY = "${x}"`,
  "dotted env": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nenv.ANY = '${x}'`,
  envs: (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\n[mcp_servers.r${n}.envs]\nANY = "${x}"`,
  enviroment: (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\n[mcp_servers.r${n}.enviroment]\nANY = "${x}"`,
  environment: (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\n[mcp_servers.r${n}.environment]\nANY = "${x}"`,
  ENV: (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\n[mcp_servers.r${n}.ENV]\nANY = "${x}"`,
  "a variable with its value": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nenv_vars = ["GH_PAT=${x}"]`,
  "a key in env_vars": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nenv_vars = ["gsk_4711${x}"]`,
  "a key in a row of env_vars": (x, n) =>
    `[mcp_servers.r${n}]\ncommand = "c"\nenv_vars = [{ name = "gsk_4711${x}", source = "local" }]`,
  http_headers: (x, n) => `[mcp_servers.r${n}]\nurl = "https://h.example"\nhttp_headers = { X-Foo = "${x}" }`,
  header: (x, n) => `[mcp_servers.r${n}]\nurl = "https://h.example"\nheader = { X-Foo = "${x}" }`,
  headers: (x, n) => `[mcp_servers.r${n}]\nurl = "https://h.example"\nheaders = { X-Foo = "${x}" }`,
  bearer_token_env_var: (x, n) => `[mcp_servers.r${n}]\nurl = "https://h.example"\nbearer_token_env_var = "${x}-4711"`,
  env_http_headers: (x, n) =>
    `[mcp_servers.r${n}]\nurl = "https://h.example"\nenv_http_headers = { X-Foo = "${x}4f6a8b2c" }`,
  bearer_token: (x, n) => `[mcp_servers.r${n}]\nurl = "https://h.example"\nbearer_token = "${x}"`,
  "an oauth secret": (x, n) =>
    `[mcp_servers.r${n}]\nurl = "https://h.example"\noauth = { client_id = "i", client_secret = "${x}" }`,
  "-e in one word": (x, n) => `[mcp_servers.r${n}]\ncommand = "docker"\nargs = ["run", "-eFOO=${x}"]`,
  "-e in two words": (x, n) => `[mcp_servers.r${n}]\ncommand = "docker"\nargs = ["run", "-e", "foo=${x}"]`,
  "-u": (x, n) => `[mcp_servers.r${n}]\ncommand = "curl"\nargs = ["-u", "me:${x}"]`,
  "-u in one word": (x, n) => `[mcp_servers.r${n}]\ncommand = "curl"\nargs = ["-ume:${x}"]`,
  "--user": (x, n) => `[mcp_servers.r${n}]\ncommand = "curl"\nargs = ["--user", "me:${x}"]`,
  "-p in one word": (x, n) => `[mcp_servers.r${n}]\ncommand = "mysql"\nargs = ["-uroot", "-p${x}"]`,
  "-H in one word": (x, n) => `[mcp_servers.r${n}]\ncommand = "curl"\nargs = ["-HX-Foo: ${x}"]`,
  "JSON behind --headers": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nargs = ["--headers", '{"X-Foo":"${x}"}']`,
  "JSON behind --config": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nargs = ["--config", '{"exaApiKey":"${x}"}']`,
  "JSON behind --config=": (x, n) =>
    `[mcp_servers.r${n}]\ncommand = "c"\nargs = ["--config={\\"exaApiKey\\":\\"${x}\\"}"]`,
  "an address among arguments": (x, n) =>
    `[mcp_servers.r${n}]\ncommand = "npx"\nargs = ["-y", "mcp-remote", "https://h.example/s/${x}4a7b1c/mcp"]`,
  "a commented-out argument": (x, n) => `[mcp_servers.r${n}]\ncommand = "c"\nargs = [\n  "a", # "--token", "${x}"\n]`,
  env_key: (x, n) => `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nenv_key = "gsk_4711${x}"`,
  "a hex key in env_key": (x, n) =>
    `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nenv_key = "${x}0a1b2c3d4e5f60718293"`,
  "a provider's token": (x, n) =>
    `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nexperimental_bearer_token = "${x}"`,
  "a provider's header": (x, n) =>
    `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nhttp_headers = { X-Any = "${x}" }`,
  "a provider's variable header": (x, n) =>
    `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nenv_http_headers = { X-Any = "Bearer ${x}" }`,
  "a provider's parameter": (x, n) =>
    `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nquery_params = { code = "${x}" }`,
  "a provider's login": (x, n) => `[model_providers.r${n}]\nname = "n"\nbase_url = "https://u:${x}@h.example/v1"`,
  "a provider's command": (x, n) =>
    `[model_providers.r${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nauth = { command = "get", args = ["--token", "${x}"] }`,
  "root env": (x, n) => `[r${n}.env]\nFOO = "${x}"`,
  "root http_headers": (x, n) => `[r${n}.http_headers]\nX-Foo = "${x}"`,
  "a commented-out table": (x, n) => `[r${n}]\n# [mcp_servers.gone.env]\n# ANY = "${x}"`,
  "commented-out headers": (x, n) => `[r${n}]\n# http_headers = { "X-Foo" = "${x}" }`,
  "commented-out JSON": (x, n) => `[r${n}]\n# {"env": {"FOO": "${x}"}}`,
  "a comment": (x, n) => `[r${n}]\n# token: 4711${x}`,
  "a comment behind": (x, n) => `[r${n}]\nmodel = "m" # password 4711${x}`,
  "text over lines": (x, n) => `[r${n}]\nnotes = """\nfirst\nthe password: 4711${x}\n"""`,
  otel: (x, n) =>
    `[profiles.r${n}.otel]\nexporter = { otlp-http = { endpoint = "https://o.example", protocol = "json", headers = { x = "${x}" } } }`,
  "a shell's variables": (x, n) => `[profiles.r${n}.shell_environment_policy]\nset = { ANY = "${x}" }`,
  "a hook": (x, n) =>
    `[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "curl -u me:${x} https://h.example/${n}"`,
};

function each(of: string, words: string, text: (word: string, x: string, n: number) => string): Place[] {
  return words.split(" ").map((word, n) => ({ of, name: word, text: text(word, canary(`${of} ${word}`), n) }));
}

const spelled = (text: string) => JSON.stringify(text);

function* all(): Iterable<Place> {
  yield* each("a key", NAMES, (word, x, n) => `[k${n}]\n"${word}" = "${x}"`);
  yield* each("a server's key", NAMES, (word, x, n) => `[mcp_servers.k${n}]\ncommand = "c"\n"${word}" = "${x}"`);
  yield* each("a flag", FLAGS, (word, x, n) => `[mcp_servers.f${n}]\ncommand = "c"\nargs = ["${word}", "${x}"]`);
  yield* each("a flag with =", FLAGS, (word, x, n) => `[mcp_servers.g${n}]\ncommand = "c"\nargs = ["${word}=${x}"]`);
  yield* each("a beginning in a comment", BEGINNINGS, (word, x, n) => `[b${n}]\n# was ${word}4711${x}`);
  yield* each(
    "a beginning",
    BEGINNINGS,
    (word, x, n) => `[mcp_servers.b${n}]\ncommand = "c"\nargs = ["${word}4711${x}"]`,
  );
  yield* each(
    "a beginning in env_key",
    BEGINNINGS,
    (word, x, n) =>
      `[model_providers.b${n}]\nname = "n"\nbase_url = "https://h.example/v1"\nenv_key = "${word}4711${x}"`,
  );
  let n = 0;
  for (const [name, text] of Object.entries(SHAPES))
    yield { of: "a shape", name, text: `[s${n++}]\nnote = "see ${text} here"` };
  for (const [name, textOf] of Object.entries(ADDRESSES)) {
    const x = canary(name);
    yield { of: "an address", name, text: `[mcp_servers.a${n++}]\nurl = ${spelled(textOf(x))}` };
    yield {
      of: "an address as argument",
      name,
      text: `[mcp_servers.a${n++}]\ncommand = "c"\nargs = [${spelled(textOf(`${x}a`))}]`,
    };
  }
  for (const [name, textOf] of Object.entries(LINES)) {
    const x = canary(name);
    yield {
      of: "an argument",
      name,
      text: `[mcp_servers.l${n++}]\ncommand = "c"\nargs = [${spelled(textOf(`${x}a`))}]`,
    };
    yield {
      of: "a shell's line",
      name,
      text: `[mcp_servers.l${n++}]\ncommand = "sh"\nargs = ["-c", ${spelled(textOf(`${x}s`))}]`,
    };
    yield {
      of: "instructions",
      name,
      text: `[profiles.l${n++}]\ndeveloper_instructions = ${spelled(`be brief.\n${textOf(`${x}i`)}\n`)}`,
    };
    yield { of: "a line in a comment", name, text: `[l${n++}]\n# ${textOf(`${x}c`)}` };
  }
  for (const [name, textOf] of Object.entries(RAW))
    yield { of: "a setting", name, text: textOf(canary(`r ${name}`), n++) };
}

export const PLACES: readonly Place[] = [...all()];
