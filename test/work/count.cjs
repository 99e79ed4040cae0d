// Loaded before the program: counts what it asks of Node, and says so when it ends, in the file that COUNT names.
const fs = require("node:fs");
const Module = require("node:module");
const children = [];
const opened = [];
const modules = new Set();

const load = Module._load;
Module._load = function counted(id, ...rest) {
  const name = id.replace(/^node:/, "");
  if (Module.builtinModules.includes(name)) modules.add(name);
  const loaded = load.call(this, id, ...rest);
  if (name === "child_process" && !loaded.counted) {
    const { spawnSync } = loaded;
    loaded.counted = true;
    loaded.spawnSync = (file, args, ...more) => {
      children.push([file, ...(args ?? [])].join(" "));
      return spawnSync(file, args, ...more);
    };
  }
  return loaded;
};
/** Bytes asked for, by the name of the file. */
const read = {};
const names = new Map();
const { openSync, readFileSync, readSync } = fs;
fs.openSync = (path, ...rest) => {
  opened.push(String(path));
  const fd = openSync(path, ...rest);
  names.set(fd, String(path));
  return fd;
};
fs.readSync = (fd, buffer, offset, length, ...rest) => {
  const got = readSync(fd, buffer, offset, length, ...rest);
  const name = names.get(fd);
  read[name] = (read[name] ?? 0) + got;
  return got;
};
fs.readFileSync = (path, ...rest) => {
  opened.push(String(path));
  return readFileSync(path, ...rest);
};
process.once("exit", () => {
  const counts = { modules: [...modules].sort(), opened, read, children };
  fs.writeFileSync(process.env.COUNT, JSON.stringify(counts));
});
