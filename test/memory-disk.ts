/**
 * A file system in memory behind the {@link Disk} seam: inodes, hard and symbolic links, modes, owners, a clock of its
 * own, a fault at any call, and a power loss: what was not flushed may be lost or torn.
 */
import type { Attributes, Disk, Stat, Writer } from "../src/host/host.ts";

/**
 * What happens at a call: the process dies, the call fails, or a write takes fewer bytes than it was given, and says so
 * (`short`) or not (`swallow`).
 */
export type Fault =
  | "die-before"
  | "die-after"
  | { readonly errno: string; readonly after?: boolean }
  | "short"
  | "swallow";

/** The process is gone: no code of it runs any more. */
export class Crash extends Error {
  override readonly name = "Crash";
}

type Dir = { kind: "dir"; entries: Map<string, Inode> };
type Regular = { kind: "file"; bytes: Uint8Array; synced: Uint8Array | null };
type Link = { kind: "link"; target: string };
type Other = { kind: "other" };
type Inode = (Dir | Regular | Link | Other) & {
  readonly ino: bigint;
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  mtimeNs: bigint;
  ctimeNs: bigint;
};
/** Names that change together: a power loss keeps all of them or none. */
type Rename = readonly { folder: Dir & Inode; name: string; was: Inode | null; is: Inode | null }[];

export class MemoryDisk implements Disk {
  /** Milliseconds since the epoch; the host's clock is this one. */
  now = 1_767_225_600_000;
  /** Who is writing: 0 may give files away, nobody else. */
  uid = 1000;
  gid = 1000;
  /** False on a file system without second names. */
  links = true;
  /** Every call so far, and the mutating ones among them. */
  calls = 0;
  mutations = 0;
  /** Runs before each call, to let somebody else do something there, or to let it fail. */
  onCall: ((name: string, path: string, call: number) => void) | undefined;

  /** Runs in the middle of each reading. */
  onRead: ((path: string) => void) | undefined;

  #inodes = 0n;
  readonly #root = this.#inode({ kind: "dir", entries: new Map() }, 0o755) as Dir & Inode;
  #unsynced: Rename[] = [];
  #dead = false;
  #plan:
    | { readonly at: number; readonly fault: Fault; readonly persistent: boolean; readonly any: boolean }
    | undefined;

  /** Lets the k-th mutating call from now (the first is 1, the one being made is 0), or the k-th of `any`, meet a fault. */
  failAt(k: number, fault: Fault, { persistent = false, any = false } = {}): void {
    this.calls = 0;
    this.mutations = 0;
    this.#plan = { at: k, fault, persistent, any };
  }

  /** No more faults, and a new process may run. */
  revive(): void {
    this.#dead = false;
    this.#plan = undefined;
    this.calls = 0;
    this.mutations = 0;
  }

  // --- the seam ---------------------------------------------------------------------------------------------------

  stat(path: string): Stat | null {
    return this.#call("stat", path, false, () => this.#statOf(this.#find(path)));
  }

  read(path: string, limit: number, part: "head" | "tail" = "head"): { bytes: Uint8Array; stat: Stat; after: Stat } {
    return this.#call("read", path, false, () => {
      const found = this.#must(path);
      const stat = this.#statOf(found) as Stat;
      if (found.kind === "link") throw errno("ELOOP", path);
      const bytes =
        found.kind === "file" ? found.bytes.slice(...(part === "head" ? [0, limit] : [-limit])) : new Uint8Array(0);
      this.onRead?.(path);
      return { bytes, stat, after: this.#statOf(found) as Stat };
    });
  }

  /** Whether the whole disk is write-protected. */
  readOnly = false;

  mayWrite(): boolean {
    return !this.readOnly;
  }

  list(path: string): readonly string[] {
    return this.#call("list", path, false, () => [...this.#folder(path).entries.keys()].sort());
  }

  create(path: string, mode: number): Writer {
    const file = this.#call("create", path, true, () => {
      const made = this.#inode({ kind: "file", bytes: new Uint8Array(0), synced: null }, mode);
      this.#add(path, made);
      return made as Regular & Inode;
    });
    let open = true;
    return {
      write: (bytes) =>
        this.#call("write", path, true, (fault) => {
          if (!open) throw errno("EBADF", path);
          const part = fault === undefined ? bytes : bytes.subarray(0, Math.ceil(bytes.length / 3));
          file.bytes = Buffer.concat([file.bytes, part]);
          file.mtimeNs = file.ctimeNs = this.#time();
          return fault === "swallow" ? bytes.length : part.length;
        }),
      finish: (attributes) => {
        open = false;
        if (attributes !== undefined) this.#call("dress", path, true, () => this.#dress(file, attributes, path));
        this.#call("sync", path, true, () => {
          file.synced = file.bytes;
        });
      },
      close: () => {
        open = false;
      },
    };
  }

  rename(from: string, to: string): void {
    this.#call("rename", to, true, () => {
      const moved = this.#must(from);
      const old = this.#find(to);
      if (old === moved) return;
      if (old?.kind === "dir" && (moved.kind !== "dir" || old.entries.size > 0)) throw errno("ENOTEMPTY", to);
      if (old && old.kind !== "dir" && moved.kind === "dir") throw errno("ENOTDIR", to);
      const [target, name] = this.#parent(to);
      const [source, oldName] = this.#parent(from);
      if (old) old.nlink -= 1;
      this.#rename([source, oldName, null], [target, name, moved]);
      moved.ctimeNs = this.#time();
    });
  }

  link(from: string, to: string): void {
    this.#call("link", to, true, () => {
      if (!this.links) throw errno("EPERM", to);
      const file = this.#must(from);
      this.#add(to, file);
      file.nlink += 1;
      file.ctimeNs = this.#time();
    });
  }

  remove(path: string): void {
    this.#call("remove", path, true, () => {
      const gone = this.#must(path);
      if (gone.kind === "dir" && gone.entries.size > 0) throw errno("ENOTEMPTY", path);
      const [parent, name] = this.#parent(path);
      this.#rename([parent, name, null]);
      gone.nlink -= 1;
      gone.ctimeNs = this.#time();
    });
  }

  mkdir(path: string, mode: number, owner?: { readonly uid: number; readonly gid: number }): void {
    this.#call("mkdir", path, true, () => {
      const made = this.#inode({ kind: "dir", entries: new Map() }, mode);
      this.#add(path, made);
      if (owner !== undefined) Object.assign(made, owner);
    });
  }

  syncDir(path: string): void {
    this.#call("syncDir", path, true, () => {
      const folder = this.#folder(path);
      this.#unsynced = this.#unsynced.filter((names) => names.every((one) => one.folder !== folder));
    });
  }

  // --- for tests: what others do, without faults and without being counted ------------------------------------------

  /** Creates or replaces a file, as somebody else would. */
  put(path: string, text: string | Uint8Array, attributes: Partial<Attributes> = {}): void {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    const made = this.#inode({ kind: "file", bytes, synced: bytes }, 0o600);
    Object.assign(made, attributes);
    const [parent, name] = this.#parent(path);
    parent.entries.set(name, made);
  }

  /** Changes a file in place, as a careless writer would. */
  overwrite(path: string, text: string): void {
    const file = this.#must(path);
    if (file.kind === "file") file.bytes = Buffer.from(text);
    file.mtimeNs = file.ctimeNs = this.#time();
  }

  putFolder(path: string, attributes: Partial<Attributes> = {}): void {
    this.#add(path, Object.assign(this.#inode({ kind: "dir", entries: new Map() }, 0o755), attributes));
  }

  putLink(path: string, target: string): void {
    this.#add(path, this.#inode({ kind: "link", target }, 0o777));
  }

  /** A pipe, a device or a socket. */
  putOther(path: string): void {
    this.#add(path, this.#inode({ kind: "other" }, 0o644));
  }

  /** Nothing that was done so far can be lost any more. */
  settle(): void {
    this.#unsynced = [];
  }

  /** How many changes of names a power loss could still take away. */
  get unsynced(): number {
    return this.#unsynced.length;
  }

  /**
   * What is there when the power comes back: of the unsynced changes of names those that `survives` picks, of unsynced
   * bytes what `tear` leaves of them.
   */
  powerLoss(survives: (change: number) => boolean, tear: (bytes: Uint8Array) => Uint8Array): MemoryDisk {
    const after = this.clone();
    const changes = after.#unsynced;
    for (const names of [...changes].reverse()) for (const { folder, name, was } of names) setName(folder, name, was);
    for (const names of changes.filter((_, i) => survives(i)))
      for (const { folder, name, is } of names) setName(folder, name, is);
    const files = (node: Inode): Regular[] =>
      node.kind === "dir" ? [...node.entries.values()].flatMap(files) : node.kind === "file" ? [node] : [];
    for (const file of files(after.#root)) {
      if (file.bytes !== file.synced) file.bytes = tear(file.bytes);
      file.synced = file.bytes;
    }
    after.#unsynced = [];
    return after;
  }

  take(path: string): void {
    const [parent, name] = this.#parent(path);
    parent.entries.delete(name);
  }

  /** The text behind a path, links followed; null when there is none. */
  text(path: string): string | null {
    const found = this.#find(path, true);
    return found?.kind === "file" ? Buffer.from(found.bytes).toString("utf8") : null;
  }

  /** What `stat` would say, without being a call. */
  look(path: string): Stat | null {
    return this.#statOf(this.#find(path));
  }

  /** Every path below a folder. */
  tree(path: string): readonly string[] {
    const walk = (at: string, node: Inode): string[] =>
      node.kind === "dir"
        ? [...node.entries].sort().flatMap(([name, child]) => [`${at}/${name}`, ...walk(`${at}/${name}`, child)])
        : [];
    const found = this.#find(path, true);
    return found ? walk(path, found) : [];
  }

  /** An independent copy of everything, without faults. */
  clone(): MemoryDisk {
    const copy = new MemoryDisk();
    const known = new Map<Inode, Inode>();
    const dup = (node: Inode): Inode => {
      const done = known.get(node);
      if (done) return done;
      const twin = { ...node } as Inode;
      known.set(node, twin);
      if (twin.kind === "dir") twin.entries = new Map([...twin.entries].map(([name, child]) => [name, dup(child)]));
      return twin;
    };
    known.set(this.#root, copy.#root);
    copy.#root.entries = new Map([...this.#root.entries].map(([name, child]) => [name, dup(child)]));
    const twin = (node: Inode | null) => node && dup(node);
    copy.#unsynced = this.#unsynced.map((names) =>
      names.map(({ folder, name, was, is }) => ({
        folder: dup(folder) as Dir & Inode,
        name,
        was: twin(was),
        is: twin(is),
      })),
    );
    copy.#inodes = this.#inodes;
    Object.assign(copy, { now: this.now, uid: this.uid, gid: this.gid, links: this.links });
    return copy;
  }

  // --- inside -----------------------------------------------------------------------------------------------------

  #call<T>(name: string, path: string, mutating: boolean, run: (fault?: Fault) => T): T {
    if (this.#dead) throw new Crash(`${name} after death`);
    this.calls += 1;
    if (mutating) this.mutations += 1;
    const hook = this.onCall;
    if (hook) {
      this.onCall = undefined;
      try {
        hook(name, path, this.calls);
      } finally {
        this.onCall = hook;
      }
    }
    const fault = this.#due(mutating);
    if (fault === undefined || fault === "short" || fault === "swallow") return run(fault);
    if (typeof fault === "object") {
      if (fault.after) run();
      throw errno(fault.errno, path);
    }
    this.#dead = true;
    try {
      if (fault === "die-after") run();
    } catch {
      // Whatever the call said, nobody is there to hear it.
    }
    throw new Crash(`${fault} ${name} ${path}`);
  }

  #due(mutating: boolean): Fault | undefined {
    const plan = this.#plan;
    if (plan === undefined || !(mutating || plan.any)) return undefined;
    const count = plan.any ? this.calls : this.mutations;
    return count === plan.at || (plan.persistent && count > plan.at) ? plan.fault : undefined;
  }

  #time(): bigint {
    return BigInt(this.now) * 1_000_000n;
  }

  #inode(kind: Dir | Regular | Link | Other, mode: number): Inode {
    this.#inodes += 1n;
    const time = this.#time();
    const { uid, gid } = this;
    return { ...kind, ino: this.#inodes, mode, uid, gid, nlink: 1, mtimeNs: time, ctimeNs: time };
  }

  #dress(file: Inode, wanted: Attributes, path: string): void {
    const given = file.uid !== wanted.uid || file.gid !== wanted.gid;
    if (given && this.uid !== 0) throw errno("EPERM", path);
    Object.assign(file, { mode: wanted.mode, uid: wanted.uid, gid: wanted.gid, ctimeNs: this.#time() });
  }

  #statOf(node: Inode | null): Stat | null {
    if (node === null) return null;
    const { kind, mode, uid, gid, nlink, ino, mtimeNs, ctimeNs } = node;
    const size = node.kind === "file" ? node.bytes.length : 0;
    const target = node.kind === "link" ? { target: node.target } : {};
    return { kind, ...target, size, mode, uid, gid, nlink, dev: 1n, ino, mtimeNs, ctimeNs };
  }

  #must(path: string): Inode {
    const found = this.#find(path);
    if (found === null) throw errno("ENOENT", path);
    return found;
  }

  #folder(path: string): Dir & Inode {
    const found = this.#find(path, true);
    if (found === null) throw errno("ENOENT", path);
    if (found.kind !== "dir") throw errno("ENOTDIR", path);
    return found;
  }

  #parent(path: string): [Dir & Inode, string] {
    const cut = path.lastIndexOf("/");
    return [this.#folder(path.slice(0, cut) || "/"), path.slice(cut + 1)];
  }

  #add(path: string, node: Inode): void {
    const [parent, name] = this.#parent(path);
    if (parent.entries.has(name)) throw errno("EEXIST", path);
    this.#rename([parent, name, node]);
  }

  #rename(...changes: readonly (readonly [folder: Dir & Inode, name: string, is: Inode | null])[]): void {
    const names = changes.map(([folder, name, is]) => ({ folder, name, was: folder.entries.get(name) ?? null, is }));
    this.#unsynced.push(names);
    for (const { folder, name, is } of names) setName(folder, name, is);
  }

  /** Resolves as a kernel does: links in the middle always, one at the end only when asked to. */
  #find(path: string, follow = false): Inode | null {
    const rest = path.split("/");
    let trail: Inode[] = [this.#root];
    for (let links = 0, name = rest.shift(); name !== undefined; name = rest.shift()) {
      const here = trail.at(-1) as Inode;
      if (name === "" || name === ".") continue;
      if (name === "..") {
        trail = trail.length > 1 ? trail.slice(0, -1) : trail;
        continue;
      }
      const next = here.kind === "dir" ? here.entries.get(name) : undefined;
      if (next === undefined) return null;
      if (next.kind === "link" && (follow || rest.length > 0)) {
        links += 1;
        if (links > 40) throw errno("ELOOP", path);
        if (next.target.startsWith("/")) trail = [this.#root];
        rest.unshift(...next.target.split("/"));
      } else {
        trail = [...trail, next];
      }
    }
    return trail.at(-1) ?? null;
  }
}

function setName(folder: Dir, name: string, is: Inode | null): void {
  if (is === null) folder.entries.delete(name);
  else folder.entries.set(name, is);
}

function errno(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${path}`), { code, path, syscall: "simulated" });
}
