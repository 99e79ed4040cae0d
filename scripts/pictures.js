// Draws the pictures of the README: the wait for a first answer, from the measured numbers, and a preview, from what the
// program really prints. With --check it writes nothing and exits with 1 when a picture says something else.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
    const kind = i === bars.length - 1 ? "ours" : "wait";
    return [
      `<text x="24" y="${y}">${escaped(name)}</text>`,
      `<rect x="24" y="${y + 8}" width="${width}" height="18" rx="3" class="${kind}"/>`,
      `<text x="${32 + width}" y="${y + 22}" font-weight="600">${seconds} s</text>`,
    ].join("\n");
  });
  const title = `${unit}: ${client}`;
  return drawing(680, 220, title, [
    `<style>${LIGHT} @media (prefers-color-scheme: dark) { ${DARK} }</style>`,
    `<text x="24" y="24" font-size="12">${escaped(title)}</text>`,
    ...rows,
  ]);
}

/** Text and bars stand out from a white and from a dark page by 4.5:1 at least. */
const LIGHT = "text { fill: #57606a } .wait { fill: #cf222e } .ours { fill: #1a7f37 }";
const DARK = "text { fill: #c9d1d9 } .wait { fill: #ff7b72 } .ours { fill: #3fb950 }";

/** `apply http-sse` as a person sees it, in a home with one of the broken recipes: typed in a real terminal and read off it. */
function preview() {
  const home = mkdtempSync(join(tmpdir(), "codex-cfg-picture-"));
  const bin = join(home, "bin");
  const tmux = (...args) => {
    const { status, stderr, stdout } = spawnSync(
      "tmux",
      ["-S", join(home, "tmux"), "-f", join(home, "tmux.conf"), ...args],
      {
        env: {
          CODEX_HOME: home,
          HOME: home,
          LANG: "C.UTF-8",
          PATH: `${bin}:/usr/bin:/bin`,
          ENV: join(home, "rc"),
          TERM: "xterm-256color",
        },
        cwd: home,
        encoding: "utf8",
      },
    );
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`);
    return stdout;
  };
  try {
    const broken = 'model = "gpt-5.5"\n\n[profiles.http_sse]  # from an article\nmodel_provider = "openai-http"\n';
    writeFileSync(join(home, "config.toml"), broken);
    writeFileSync(join(home, "tmux.conf"), "set -g status off\nset -g default-terminal tmux-256color\n");
    writeFileSync(join(home, "rc"), "PS1='$ '\n");
    mkdirSync(bin);
    symlinkSync(place("dist/bin.cjs"), join(bin, "codex-cfg"));
    symlinkSync(process.execPath, join(bin, "node"));
    writeFileSync(join(bin, "codex"), '#!/bin/sh\n[ "$1" != --version ] || echo codex-cli 0.169.0\n', { mode: 0o755 });
    tmux("new-session", "-d", "-x", String(COLUMNS), "-y", "60", "sh");
    seen(tmux, /^\$ $/m);
    tmux("send-keys", "codex-cfg apply http-sse", "Enter");
    seen(tmux, /\[y\/N\]/);
    tmux("send-keys", "y", "Enter");
    const screen = seen(tmux, /done \([\s\S]*\n\$ $/m);
    // The change's id is another one each time, and the prompt behind it is of no use.
    const lines = screen
      .trimEnd()
      .replace(/\n\$$/, "")
      .replace(/[0-9a-z]{11}-[0-9a-f]{6}/g, "0jd1fz8q2m0-5b1c9e")
      .split("\n");
    const height = 44 + lines.length * 18;
    const drawn = lines.map(
      (line, i) => `<text x="20" y="${38 + i * 18}" xml:space="preserve">${coloured(line)}</text>`,
    );
    const back = `<rect width="860" height="${height}" rx="8" fill="#0d1117"/>`;
    return drawing(
      860,
      height,
      "codex-cfg apply http-sse in a terminal: the change, the question, and how to take it back",
      [back, `<g fill="#e6edf3">`, ...drawn, "</g>"],
    );
  } finally {
    spawnSync("tmux", ["-S", join(home, "tmux"), "kill-server"]);
    rmSync(home, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 });
  }
}

const COLUMNS = 96;

/** The screen once it fits, with its colours. */
function seen(tmux, pattern) {
  for (let tries = 0; tries < 200; tries++) {
    if (pattern.test(tmux("capture-pane", "-p").trimEnd().concat(" "))) return tmux("capture-pane", "-p", "-e");
    spawnSync("sleep", ["0.1"]);
  }
  throw new Error(`never on the screen: ${pattern}\n${tmux("capture-pane", "-p")}`);
}

const ESCAPE = "\u001b";
const SGR = new RegExp(`${ESCAPE}\\[[\\d;]*m`, "g");
const COLOURS = { 1: "#ffffff", 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 36: "#79c0ff" };

function coloured(line) {
  return line.split(new RegExp(`(${SGR.source})`)).reduce(
    ({ colour, text }, part) => {
      const codes = part.startsWith(ESCAPE) ? part.slice(2, -1).split(";") : null;
      if (codes !== null) return { colour: COLOURS[codes.at(-1)] ?? null, text };
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
