// Draws the pictures of the README: the wait for a first answer, from the measured numbers, and a preview, from what the
// program really prints. With --check it writes nothing and exits with 1 when a picture says something else.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const place = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";

/** One bar a row on a line of seconds; the last one is ours. */
function waits() {
  const { bars, client, unit } = JSON.parse(readFileSync(place("scripts/measured/first-answer.json"), "utf8"));
  const longest = Math.max(...bars.map(({ seconds }) => seconds));
  const rows = bars.map(({ name, seconds }, i) => {
    const y = 50 + i * 52;
    const width = Math.max(4, Math.round((seconds / longest) * 560));
    const fill = i === bars.length - 1 ? "#1a7f37" : "#cf222e";
    return [
      `<text x="24" y="${y}" fill="#57606a">${escaped(name)}</text>`,
      `<rect x="24" y="${y + 8}" width="${width}" height="18" rx="3" fill="${fill}"/>`,
      `<text x="${32 + width}" y="${y + 22}" fill="#57606a" font-weight="600">${seconds} s</text>`,
    ].join("\n");
  });
  const title = `${unit}: ${client}`;
  return drawing(680, 220, title, [
    `<text x="24" y="24" fill="#57606a" font-size="12">${escaped(title)}</text>`,
    ...rows,
  ]);
}

/** What `apply http-sse -n` prints in a home with one of the broken recipes, with its colours. */
function preview() {
  const home = mkdtempSync(join(tmpdir(), "codex-cfg-picture-"));
  try {
    const broken = 'model = "gpt-5.5"\n\n[profiles.http_sse]  # from an article\nmodel_provider = "openai-http"\n';
    writeFileSync(join(home, "config.toml"), broken);
    const argv = ["apply", "http-sse", "-n", "--no-preflight", "--codex-version", "0.169.0", "--color", "always"];
    const env = { CODEX_HOME: home, HOME: home, PATH: "" };
    const { stderr, stdout } = spawnSync(process.execPath, [place("dist/bin.cjs"), ...argv], { env, encoding: "utf8" });
    // The line in the picture does not name a release, and what it tells to type would not either.
    const printed = `${stdout}${stderr}`.replaceAll("codex-cfg --codex-version 0.169.0 ", "codex-cfg ");
    const lines = ["$ codex-cfg apply http-sse", ...printed.trimEnd().split("\n")].flatMap(folded);
    const height = 44 + lines.length * 18;
    const drawn = lines.map(
      (line, i) => `<text x="20" y="${38 + i * 18}" xml:space="preserve">${coloured(line)}</text>`,
    );
    const back = `<rect width="860" height="${height}" rx="8" fill="#0d1117"/>`;
    return drawing(860, height, "the preview of codex-cfg apply http-sse", [
      back,
      `<g fill="#e6edf3">`,
      ...drawn,
      "</g>",
    ]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A long line over several, as a terminal of this width shows it. Only notes are that long: a label, then plain words. */
function folded(line) {
  const width = 100;
  const bare = line.replace(SGR, "");
  if (bare.length <= width) return [line];
  const cut = bare.lastIndexOf(" ", width) + (line.length - bare.length);
  return [line.slice(0, cut), ...folded(`      ${line.slice(cut + 1)}`)];
}

const ESCAPE = "\u001b";
const SGR = new RegExp(`${ESCAPE}\\[\\d+m`, "g");
const COLOURS = { 1: "#ffffff", 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 36: "#79c0ff" };

function coloured(line) {
  return line.split(new RegExp(`(${SGR.source})`)).reduce(
    ({ colour, text }, part) => {
      const code = part.startsWith(ESCAPE) ? part.slice(2, -1) : undefined;
      if (code !== undefined) return { colour: COLOURS[code] ?? null, text };
      const span = colour ? `<tspan fill="${colour}">${escaped(part)}</tspan>` : escaped(part);
      return { colour, text: text + span };
    },
    { colour: null, text: "" },
  ).text;
}

function drawing(width, height, title, parts) {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="14" role="img">`;
  return `${[head, `<title>${escaped(title)}</title>`, ...parts, "</svg>"].join("\n")}\n`;
}

for (const [name, picture] of [
  ["first-answer", waits()],
  ["preview", preview()],
]) {
  const path = place(`docs/pictures/${name}.svg`);
  if (!process.argv.includes("--check")) writeFileSync(path, picture);
  else if (readFileSync(path, "utf8") !== picture) {
    console.error(`docs/pictures/${name}.svg is not what the program shows; draw it again: npm run docs`);
    process.exitCode = 1;
  }
}
