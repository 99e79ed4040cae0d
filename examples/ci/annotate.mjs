/** Turns what `codex-cfg validate --json` found into annotations of the lines: node annotate.mjs <findings.json */
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { kind, error, findings } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
// A command that could not judge at all says so in a document of its own.
const rows = kind === "error" ? [{ ...error, severity: "error", file: error.path }] : findings;
for (const { code, column, file, hints, line, message, severity } of rows) {
  const place = [file && `file=${file}`, line && `line=${line}`, column && `col=${column}`].filter(Boolean).join(",");
  const level = severity === "info" ? "notice" : severity;
  console.log(`::${level} ${place}::${[message, ...hints].join("; ").replaceAll("\n", " ")} [${code}]`);
}
