// The manual page out of docs/cli.md, which is what the program's own help says: a section a verb, as it stands there.

/** Text for troff: a backslash is its own, a dot or a quote at the start of a line a request, a dash a hyphen. */
const plain = (line) =>
  line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/, "\\&$1");

/** `page` in Markdown, as scripts/docs.js writes it; */
export function manPage(page, version) {
  const [, ...sections] = page.split(/^## /m);
  const body = sections.map((section) => {
    const title = section.slice(0, section.indexOf("\n"));
    const [, text = ""] = /```text\n([\s\S]*?)\n```/.exec(section) ?? [];
    return [`.SH "${plain(title.toUpperCase())}"`, ".nf", ...text.split("\n").map(plain), ".fi"].join("\n");
  });
  return `${[
    `.TH CODEX\\-CFG 1 "" "codex\\-cfg ${version}"`,
    ".SH NAME",
    "codex\\-cfg \\- safe editor and profile manager for the configuration of OpenAI Codex CLI",
    ...body,
  ].join("\n")}\n`;
}
