// The standard library as the program sees it below /lib: one file, of which each worker reads what it is asked for, and
// another with the text of its modules, which the owner fetches when one is needed.

const DIRECTORY = 3, FILE = 4;

/// `buffer` begins with the length of an index, which follows as JSON: names lead to further ones, or to [from, size], or
/// to [from, size, 1] in the other file, which `source(from, length)` reads.
export function library(buffer, source) {
  const length = new DataView(buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length).slice()));
  const bytes = new Uint8Array(buffer, 4 + length);
  let inodes = 1;
  const entry = (node) => {
    const inode = inodes++;
    if (Array.isArray(node)) return { inode, from: node[0], size: node[1], isSource: node[2] === 1 };
    return { inode, names: new Map(Object.entries(node).map(([name, child]) => [name, entry(child)])) };
  };
  const root = entry({ lib: index });
  return {
    find: (path) => path.split("/").reduce((at, name) => at?.names?.get(name), root),
    /// At most `length` bytes of a file from `at` on; fewer do not mean its end.
    read({ from, size, isSource }, at, length) {
      const part = Math.max(0, Math.min(length, size - at));
      return isSource && part ? source(from + at, part) : bytes.subarray(from + at, from + at + part);
    },
    list: (at) => [...(at?.names ?? [])].map(([name, child]) => [name, child.inode, child.names ? DIRECTORY : FILE]),
  };
}
