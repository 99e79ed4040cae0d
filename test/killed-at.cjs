// Ends the process with SIGKILL as it makes a call on the Codex home that the environment names: "rename 2", "link 1".
const fs = require("node:fs");

const [call, nth] = (process.env.STORY_KILLED_AT ?? "").split(" ");
if (call) {
  const name = `${call}Sync`;
  const real = fs[name];
  let calls = 0;
  fs[name] = (from, to) => {
    if (to.startsWith(process.env.CODEX_HOME)) calls += 1;
    if (calls === Number(nth)) process.kill(process.pid, "SIGKILL");
    return real(from, to);
  };
}
