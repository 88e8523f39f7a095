// The files of a run: a tree in the owner's memory, which all processes see alike. Workers ask for it (worker.js: `ask`).
// By hand, as the shims for WASI that exist keep a tree for each worker, and a run's threads and processes share theirs.

import { EBADF, EINVAL, EMFILE, ENOENT, ENOSPC } from "./kernel.js";

const EACCES = 2, EEXIST = 20, EISDIR = 31, ENOTDIR = 54, ENOTEMPTY = 55, EROFS = 69;
const DIRECTORY = 3, FILE = 4;
const OPENS = 512;

class Failure extends Error {
  constructor(errno) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}
const fail = (errno) => {
  throw new Failure(errno);
};

let inodes = 1000;
const directory = () => ({ inode: inodes++, entries: new Map(), time: Date.now() });
const file = (bytes = new Uint8Array(0)) => ({ inode: inodes++, bytes, size: bytes.length, time: Date.now() });

/// The files of a run, of at most `most` bytes in all. `readonly` holds the names that a run may not change ("lib").
export class Files {
  constructor(most, readonly = []) {
    this.root = directory();
    this.left = most;
    this.readonly = new Set(readonly);
    this.open = new Map(); // "slot:fd" to {node, at, append}
    for (const name of ["home", "tmp", "bin"]) this.root.entries.set(name, directory());
  }

  /// Puts a file there before the run begins.
  put(path, bytes) {
    const { parent, name } = this.parent(path, true);
    parent.entries.set(name, file(bytes));
    this.left -= bytes.length;
  }

  /// All files below `path` that a run has written, as [path, bytes].
  list(path = "home", node = this.find(path)) {
    return [...node.entries].flatMap(([name, child]) =>
      child.entries ? this.list(`${path}/${name}`, child) : [[`${path}/${name}`, child.bytes.slice(0, child.size)]]);
  }

  parts(path) {
    const parts = [];
    for (const part of path.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "" && part !== ".") parts.push(part);
    }
    return parts;
  }

  find(path) {
    let node = this.root;
    for (const part of this.parts(path)) {
      if (!node.entries) fail(ENOTDIR);
      node = node.entries.get(part) ?? fail(ENOENT);
    }
    return node;
  }

  parent(path, make = false) {
    const parts = this.parts(path), name = parts.pop() ?? fail(EINVAL);
    let parent = this.root;
    for (const part of parts) {
      if (!parent.entries) fail(ENOTDIR);
      if (make && !parent.entries.has(part)) parent.entries.set(part, directory());
      parent = parent.entries.get(part) ?? fail(ENOENT);
    }
    if (!parent.entries) fail(ENOTDIR);
    if (this.readonly.has(parts[0] ?? name)) fail(EROFS);
    return { parent, name, node: parent.entries.get(name) };
  }

  /// Does what a worker of the process in `slot` asks for. Gives `{value, answer}`: a number, and bytes or nothing.
  ask(slot, op, args, data) {
    try {
      const value = this[`do_${op}`](slot, args, data);
      return typeof value === "number" || value === undefined ? { value: value ?? 0 } : { value: value.length, answer: value };
    } catch (error) {
      if (error instanceof Failure) return { value: -error.errno };
      if (error instanceof RangeError) return { value: -ENOSPC };
      throw error;
    }
  }

  /// A process has ended.
  forget(slot) {
    for (const key of this.open.keys()) if (key.startsWith(`${slot}:`)) this.open.delete(key);
  }

  /// A file of a process that is not in the tree, to be read from its beginning.
  handOut(slot, bytes) {
    return this.opened(slot, file(bytes), false);
  }

  opened(slot, node, append) {
    for (let fd = 4; fd < OPENS; fd++) {
      const key = `${slot}:${fd}`;
      if (this.open.has(key)) continue;
      this.open.set(key, { node, at: 0, append });
      return fd;
    }
    fail(EMFILE);
  }

  handle(slot, fd) {
    return this.open.get(`${slot}:${fd}`) ?? fail(EBADF);
  }

  resize(node, size) {
    if (size > node.bytes.length) {
      const room = Math.max(size, Math.min(node.bytes.length * 2, node.bytes.length + (1 << 20)), 256);
      if (room - node.bytes.length > this.left) fail(ENOSPC);
      this.left -= room - node.bytes.length;
      const grown = new Uint8Array(room);
      grown.set(node.bytes.subarray(0, node.size));
      node.bytes = grown;
    } else if (size < node.size) {
      node.bytes.fill(0, size, node.size);
    }
    node.size = size;
    node.time = Date.now();
  }

  stat(node) {
    const out = new BigUint64Array(8);
    out[1] = BigInt(node.inode);
    out[2] = BigInt(node.entries ? DIRECTORY : FILE);
    out[3] = 1n;
    out[4] = BigInt(node.size ?? 0);
    out[5] = out[6] = out[7] = BigInt(Math.round(node.time * 1e6));
    return new Uint8Array(out.buffer);
  }

  do_open(slot, { path, create, wantsDirectory, exclusive, truncate, append, writes }) {
    let node;
    try {
      node = this.find(path);
    } catch (error) {
      if (!create || error.errno !== ENOENT) throw error;
    }
    if (node && create && exclusive) fail(EEXIST);
    if (node && wantsDirectory && !node.entries) fail(ENOTDIR);
    if (node?.entries && writes) fail(EISDIR);
    if (writes || !node) {
      const { parent, name } = this.parent(path);
      if (!node) parent.entries.set(name, node = file());
    }
    if (truncate && !node.entries) this.resize(node, 0);
    return this.opened(slot, node, append);
  }
  do_close(slot, { fd }) {
    this.handle(slot, fd);
    this.open.delete(`${slot}:${fd}`);
  }
  do_read(slot, { fd, length, at }) {
    const handle = this.handle(slot, fd), from = at ?? handle.at;
    if (handle.node.entries) fail(EISDIR);
    const out = handle.node.bytes.slice(from, Math.max(from, Math.min(handle.node.size, from + length)));
    if (at === undefined) handle.at += out.length;
    return out;
  }
  do_write(slot, { fd, at }, data) {
    const handle = this.handle(slot, fd), node = handle.node;
    const from = at ?? (handle.append ? node.size : handle.at);
    if (from + data.length > node.size) this.resize(node, from + data.length);
    node.bytes.set(data, from);
    node.time = Date.now();
    if (at === undefined) handle.at = from + data.length;
    return data.length;
  }
  do_seek(slot, { fd, offset, whence }) {
    const handle = this.handle(slot, fd);
    const at = offset + (whence === 0 ? 0 : whence === 1 ? handle.at : handle.node.size ?? 0);
    return at < 0 ? fail(EINVAL) : (handle.at = at);
  }
  do_kind(slot, { fd }) {
    return this.handle(slot, fd).node.entries ? DIRECTORY : FILE;
  }
  do_fstat(slot, { fd }) {
    return this.stat(this.handle(slot, fd).node);
  }
  do_stat(_slot, { path }) {
    return this.stat(this.find(path));
  }
  do_truncate(slot, { fd, size }) {
    const { node } = this.handle(slot, fd);
    node.entries ? fail(EISDIR) : this.resize(node, size);
  }
  do_list(_slot, { path }) {
    const node = this.find(path);
    if (!node.entries) fail(ENOTDIR);
    const names = [...node.entries].map(([name, child]) => [name, child.inode, child.entries ? DIRECTORY : FILE]);
    return new TextEncoder().encode(JSON.stringify(names));
  }
  do_path(slot, { fd }) {
    const { node } = this.handle(slot, fd);
    const search = (at, path) => {
      if (at === node) return path || "/";
      for (const [name, child] of at.entries ?? []) {
        const found = search(child, `${path}/${name}`);
        if (found) return found;
      }
    };
    return new TextEncoder().encode(search(this.root, "") ?? fail(ENOENT));
  }
  do_mkdir(_slot, { path }) {
    const { parent, name, node } = this.parent(path);
    if (node) fail(EEXIST);
    if (this.left < 256) fail(ENOSPC);
    this.left -= 256;
    parent.entries.set(name, directory());
  }
  do_unlink(_slot, { path }) {
    const { parent, name, node } = this.parent(path);
    if (!node) fail(ENOENT);
    if (node.entries) fail(EISDIR);
    parent.entries.delete(name);
    this.left += node.bytes.length;
  }
  do_rmdir(_slot, { path }) {
    const { parent, name, node } = this.parent(path);
    if (!node) fail(ENOENT);
    if (!node.entries) fail(ENOTDIR);
    if (node.entries.size) fail(ENOTEMPTY);
    parent.entries.delete(name);
    this.left += 256;
  }
  do_rename(_slot, { path, to }) {
    const from = this.parent(path), into = this.parent(to);
    if (!from.node) fail(ENOENT);
    if (into.node?.entries && !from.node.entries) fail(EISDIR);
    if (into.node?.entries?.size) fail(ENOTEMPTY);
    if (`${this.parts(to).join("/")}/`.startsWith(`${this.parts(path).join("/")}/`) && path !== to) fail(EINVAL);
    if (into.node && !into.node.entries && into.node !== from.node) this.left += into.node.bytes.length;
    from.parent.entries.delete(from.name);
    into.parent.entries.set(into.name, from.node);
  }
}
