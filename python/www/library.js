// The standard library as the program sees it below /lib: one file, of which each worker reads what it is asked for.

const DIRECTORY = 3, FILE = 4;

/// `buffer` begins with the length of an index, which follows as JSON: names lead to further ones, or to [from, size].
export function library(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length).slice()));
  const bytes = new Uint8Array(buffer, 4 + length);
  let inodes = 1;
  const entry = (node) => {
    const inode = inodes++;
    if (Array.isArray(node)) return { inode, from: node[0], size: node[1] };
    return { inode, names: new Map(Object.entries(node).map(([name, child]) => [name, entry(child)])) };
  };
  const root = entry({ lib: index });
  return {
    find: (path) => path.split("/").reduce((at, name) => at?.names?.get(name), root),
    read: ({ from, size }) => bytes.subarray(from, from + size),
    list: (at) => [...(at?.names ?? [])].map(([name, child]) => [name, child.inode, child.names ? DIRECTORY : FILE]),
  };
}
