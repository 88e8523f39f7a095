// WASI for one worker: descriptors, clocks and chance for the program. Streams are the kernel's, files the owner's, and the
// standard library is read from where it lies.

import { EBADF, EINTR, EINVAL, ENOENT, ENOSYS, FIRST } from "./kernel.js";

const ENOTDIR = 54, EROFS = 69, ESPIPE = 70;
const CHARACTERS = 2, DIRECTORY = 3, FILE = 4, STREAM = 6;
const ROOT = 3, LIBRARY = 1 << 20;

/// What the program imports as `wasi_snapshot_preview1`. `host` has: memory, kernel, thread(), library, args, env,
/// ask(op, args, data), print(fd, bytes), readLine(length), exit(code), interrupted() or nothing.
export function wasi(host) {
  const { kernel, library } = host;
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  let buffer, data, bytes;
  // The memory grows: its views are made anew then.
  const view = () => {
    if (buffer !== host.memory.buffer) {
      buffer = host.memory.buffer;
      data = new DataView(buffer);
      bytes = new Uint8Array(buffer);
    }
    return data;
  };
  const at = (pointer, length) => (view(), bytes.subarray(pointer, pointer + length));
  const text = (pointer, length) => decoder.decode(at(pointer, length).slice());
  const setU32 = (pointer, value) => view().setUint32(pointer, value, true);
  const setU64 = (pointer, value) => view().setBigUint64(pointer, BigInt(value), true);

  const strings = (list) => list.map((string) => encoder.encode(`${string}\0`));
  const args = strings(["python"]), env = strings(host.env);
  const sizes = (list, count, size) => {
    setU32(count, list.length);
    setU32(size, list.reduce((sum, string) => sum + string.length, 0));
    return 0;
  };
  const put = (list, pointers, into) => {
    for (const string of list) {
      setU32(pointers, into);
      pointers += 4;
      at(into, string.length).set(string);
      into += string.length;
    }
    return 0;
  };

  // In nanoseconds. Workers' clocks begin at different times.
  const now = () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
  const iovecs = (list, count) => Array.from({ length: count }, (_, i) =>
    [view().getUint32(list + 8 * i, true), view().getUint32(list + 8 * i + 4, true)]);
  const gather = (list, count) => {
    const parts = iovecs(list, count);
    const out = new Uint8Array(parts.reduce((sum, [, length]) => sum + length, 0));
    let done = 0;
    for (const [pointer, length] of parts) {
      out.set(at(pointer, length), done);
      done += length;
    }
    return out;
  };
  const scatter = (list, count, source, read) => {
    let done = 0;
    for (const [pointer, length] of iovecs(list, count)) {
      const part = source.subarray(done, done + length);
      at(pointer, part.length).set(part);
      done += part.length;
    }
    setU32(read, done);
    return 0;
  };
  const room = (list, count) => iovecs(list, count).reduce((sum, [, length]) => sum + length, 0);
  /// A number of a call as an errno of WASI, its answer handled by `f`.
  const done = (result, f) => {
    const value = typeof result === "number" ? result : result.value;
    if (value < 0) return -value;
    f?.(typeof result === "number" ? value : result.answer ?? value);
    return 0;
  };

  // The library's files: descriptors of this worker alone, {entry, at}.
  const opened = new Map();
  let nextOpened = LIBRARY;
  const isStream = (fd) => fd >= FIRST && fd < LIBRARY;
  const inLibrary = (path) => path === "lib" || path.startsWith("lib/");
  const resolve = (fd, pointer, length) => {
    let base = "";
    if (fd >= LIBRARY) base = opened.get(fd)?.path ?? "";
    else if (fd !== ROOT) base = decoder.decode(host.ask("path", { fd }).answer ?? new Uint8Array(0));
    const parts = [];
    for (const part of `${base}/${text(pointer, length)}`.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "" && part !== ".") parts.push(part);
    }
    return parts.join("/");
  };
  const writeStat = (pointer, stat) => at(pointer, 64).set(stat);
  const libraryStat = (entry) => {
    const out = new BigUint64Array([0n, BigInt(entry.inode), BigInt(entry.names ? DIRECTORY : FILE), 1n, BigInt(entry.size ?? 0), 0n, 0n, 0n]);
    return new Uint8Array(out.buffer);
  };
  const kind = (fd) => {
    if (fd <= 2) return CHARACTERS;
    if (fd === ROOT) return DIRECTORY;
    if (isStream(fd)) return kernel.holds(fd) ? STREAM : -EBADF;
    if (fd >= LIBRARY) return opened.has(fd) ? (opened.get(fd).entry.names ? DIRECTORY : FILE) : -EBADF;
    return host.ask("kind", { fd }).value;
  };
  /// Up to `length` bytes of `fd`, or a negative errno.
  const read = (fd, length, from) => {
    if (fd === 0) return host.readLine(length);
    if (isStream(fd)) return kernel.read(fd, length);
    if (fd < LIBRARY) {
      // An answer has room for so much, and a read may be short.
      const result = host.ask("read", { fd, length: Math.min(length, 65536), at: from });
      return result.value < 0 ? result.value : result.answer ?? new Uint8Array(0);
    }
    const file = opened.get(fd);
    if (!file || file.entry.names) return -EBADF;
    const out = library.read(file.entry, from ?? file.at, length);
    if (from === undefined) file.at += out.length;
    return out;
  };
  const write = (fd, chunk, from) => {
    if (fd === 1 || fd === 2) return host.print(fd, chunk);
    if (isStream(fd)) return kernel.write(fd, chunk);
    return fd >= LIBRARY ? -EBADF : host.ask("write", { fd, at: from }, chunk).value;
  };

  const functions = {
    args_get: (pointers, into) => put(args, pointers, into),
    args_sizes_get: (count, size) => sizes(args, count, size),
    environ_get: (pointers, into) => put(env, pointers, into),
    environ_sizes_get: (count, size) => sizes(env, count, size),
    clock_time_get: (_id, _precision, into) => (setU64(into, now()), 0),
    clock_res_get: (_id, into) => (setU64(into, 5000), 0),
    random_get(into, length) {
      const chance = new Uint8Array(length);
      for (let i = 0; i < length; i += 65536) crypto.getRandomValues(chance.subarray(i, i + 65536));
      at(into, length).set(chance);
      return 0;
    },
    sched_yield: () => 0,
    proc_exit: (code) => host.exit(code),

    fd_prestat_get(fd, into) {
      if (fd !== ROOT) return EBADF;
      setU32(into, 0);
      setU32(into + 4, 1);
      return 0;
    },
    fd_prestat_dir_name: (_fd, into) => (at(into, 1).set([47]), 0),
    fd_fdstat_get: (fd, into) => done(kind(fd), (type) => {
      const nonblocking = isStream(fd) && kernel.nonblocking(fd);
      at(into, 24).fill(0);
      view().setUint8(into, type);
      view().setUint16(into + 2, nonblocking ? 4 : 0, true);
      setU64(into + 8, 0x1fffffffn);
      setU64(into + 16, 0x1fffffffn);
    }),
    fd_fdstat_set_flags: (fd, flags) => isStream(fd) ? done(kernel.setNonblocking(fd, flags & 4)) : 0,
    fd_filestat_get(fd, into) {
      if (fd <= ROOT || isStream(fd)) {
        return done(kind(fd), (type) => {
          at(into, 64).fill(0);
          view().setUint8(into + 16, type);
        });
      }
      if (fd >= LIBRARY) return opened.has(fd) ? (writeStat(into, libraryStat(opened.get(fd).entry)), 0) : EBADF;
      return done(host.ask("fstat", { fd }), (stat) => writeStat(into, stat));
    },
    fd_filestat_set_size: (fd, size) => done(host.ask("truncate", { fd, size: Number(size) })),
    fd_filestat_set_times: () => 0,
    fd_close(fd) {
      if (isStream(fd)) return done(kernel.close(fd));
      if (fd >= LIBRARY) return opened.delete(fd) ? 0 : EBADF;
      return fd <= ROOT ? 0 : done(host.ask("close", { fd }));
    },
    fd_renumber: () => ENOSYS,
    fd_sync: () => 0,
    fd_datasync: () => 0,
    fd_advise: () => 0,
    fd_seek(fd, offset, whence, into) {
      if (fd <= ROOT || isStream(fd)) return ESPIPE;
      if (fd < LIBRARY) return done(host.ask("seek", { fd, offset: Number(offset), whence }), (value) => setU64(into, value));
      const file = opened.get(fd);
      if (!file) return EBADF;
      file.at = Number(offset) + (whence === 0 ? 0 : whence === 1 ? file.at : file.entry.size);
      setU64(into, file.at);
      return 0;
    },
    fd_tell: (fd, into) => functions.fd_seek(fd, 0n, 1, into),
    fd_read: (fd, list, count, into) => {
      const result = read(fd, room(list, count));
      return typeof result === "number" ? -result : scatter(list, count, result, into);
    },
    fd_pread: (fd, list, count, from, into) => {
      const result = read(fd, room(list, count), Number(from));
      return typeof result === "number" ? -result : scatter(list, count, result, into);
    },
    fd_write: (fd, list, count, into) => done(write(fd, gather(list, count)), (value) => setU32(into, value)),
    fd_pwrite: (fd, list, count, from, into) =>
      done(write(fd, gather(list, count), Number(from)), (value) => setU32(into, value)),
    fd_readdir(fd, into, length, cookie, used) {
      let names;
      if (fd >= LIBRARY) names = library.list(opened.get(fd)?.entry);
      else {
        const path = fd === ROOT ? "" : decoder.decode(host.ask("path", { fd }).answer ?? new Uint8Array(0));
        const { value, answer } = host.ask("list", { path });
        if (value < 0) return -value;
        names = JSON.parse(decoder.decode(answer));
        if (path === "") names.push(["lib", 1, DIRECTORY]);
      }
      let offset = 0;
      for (let i = Number(cookie); i < names.length && offset < length; i++) {
        const [name, inode, type] = names[i], encoded = encoder.encode(name), entry = new Uint8Array(24 + encoded.length);
        const head = new DataView(entry.buffer);
        head.setBigUint64(0, BigInt(i + 1), true);
        head.setBigUint64(8, BigInt(inode), true);
        head.setUint32(16, encoded.length, true);
        head.setUint8(20, type);
        entry.set(encoded, 24);
        const part = entry.subarray(0, length - offset);
        at(into + offset, part.length).set(part);
        offset += part.length;
      }
      setU32(used, offset);
      return 0;
    },

    path_open(fd, _lookup, pointer, length, oflags, rights, _inheriting, fdflags, into) {
      const path = resolve(fd, pointer, length), writes = (rights & 64n) !== 0n;
      if (inLibrary(path)) {
        const entry = library.find(path);
        if (!entry) return ENOENT;
        if (writes || oflags & 9) return EROFS;
        if (oflags & 2 && !entry.names) return ENOTDIR;
        opened.set(nextOpened, { entry, path, at: 0 });
        setU32(into, nextOpened++);
        return 0;
      }
      const how = { path, create: !!(oflags & 1), wantsDirectory: !!(oflags & 2), exclusive: !!(oflags & 4),
        truncate: !!(oflags & 8), append: !!(fdflags & 1), writes };
      return done(host.ask("open", how), (value) => setU32(into, value));
    },
    path_filestat_get(fd, _flags, pointer, length, into) {
      const path = resolve(fd, pointer, length);
      if (inLibrary(path)) {
        const entry = library.find(path);
        return entry ? (writeStat(into, libraryStat(entry)), 0) : ENOENT;
      }
      return done(host.ask("stat", { path }), (stat) => writeStat(into, stat));
    },
    path_filestat_set_times: () => 0,
    path_create_directory: (fd, pointer, length) => done(host.ask("mkdir", { path: resolve(fd, pointer, length) })),
    path_unlink_file: (fd, pointer, length) => done(host.ask("unlink", { path: resolve(fd, pointer, length) })),
    path_remove_directory: (fd, pointer, length) => done(host.ask("rmdir", { path: resolve(fd, pointer, length) })),
    path_rename: (fd, pointer, length, toFd, toPointer, toLength) =>
      done(host.ask("rename", { path: resolve(fd, pointer, length), to: resolve(toFd, toPointer, toLength) })),
    path_readlink: () => EINVAL,
    path_link: () => ENOSYS,
    path_symlink: () => ENOSYS,

    /// Waits for clocks and streams: `select`, `nanosleep`.
    poll_oneoff(input, output, count, into) {
      const clocks = [], ends = [], others = [];
      for (let i = 0; i < count; i++) {
        const from = input + 48 * i, user = view().getBigUint64(from, true), tag = view().getUint8(from + 8);
        if (tag === 0) {
          let time = view().getBigUint64(from + 24, true);
          if (view().getUint16(from + 40, true) & 1) time -= now();
          clocks.push({ user, seconds: Math.max(0, Number(time) / 1e9) });
        } else {
          const fd = view().getUint32(from + 16, true);
          (isStream(fd) ? ends : others).push({ user, tag, fd, writes: tag === 2 });
        }
      }
      const seconds = others.length ? 0 : Math.min(Infinity, ...clocks.map((clock) => clock.seconds));
      let states = [];
      if (ends.length) {
        states = kernel.select(ends, seconds === Infinity ? -1 : seconds);
        if (states === -EINTR) return EINTR;
      } else if (!others.length && kernel.sleep(seconds) === -EINTR) return EINTR;
      let events = 0;
      const event = (user, tag, size, flags) => {
        const to = output + 32 * events++;
        at(to, 32).fill(0);
        setU64(to, user);
        view().setUint8(to + 10, tag);
        setU64(to + 16, size);
        view().setUint16(to + 24, flags, true);
      };
      states.forEach((state, i) => state.ready && event(ends[i].user, ends[i].tag, state.bytes, state.hangup ? 1 : 0));
      others.forEach(({ user, tag }) => event(user, tag, 1, 0));
      if (!events) clocks.filter((clock) => clock.seconds <= seconds).forEach(({ user }) => event(user, 0, 0, 0));
      setU32(into, events);
      return 0;
    },
  };
  return new Proxy(functions, { get: (all, name) => all[name] ?? (() => ENOSYS) });
}
