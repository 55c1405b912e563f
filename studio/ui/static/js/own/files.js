// Files and folders that are given: which class each belongs to.

/** @typedef {{ file: File, into: string }} Given */

const LOOSE = 'sounds';

/**
 * The class of a file by the folder it lies in.
 *
 * @param {string} path  such as 'tapes/rewind/1.wav'
 */
export function classOf(path) {
  const folders = path.split('/').filter(part => part && part !== '.' && part !== '..').slice(0, -1);
  return folders.pop() ?? LOOSE;
}

/**
 * Files of an input; those of a folder know their path.
 *
 * @param {Iterable<File>} files
 * @param {string} [into]  the class, where it is known
 * @returns {Given[]}
 */
export const ofInput = (files, into) => visible([...files].map(file => ({ file, into: into ?? classOf(file.webkitRelativePath || file.name) })));

/**
 * Files and folders that are dropped.
 *
 * @param {DataTransfer} transfer
 * @param {string} [into]
 * @returns {Promise<Given[]>}
 */
export async function ofDrop(transfer, into) {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.()).filter(entry => entry !== null && entry !== undefined);
  const found = await Promise.all(entries.map(entry => walk(entry)));
  return visible(found.flat().map(({ file, path }) => ({ file, into: into ?? classOf(path) })));
}

/** @param {Given[]} given */
const visible = given => given.filter(({ file }) => !file.name.startsWith('.'));

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<{ file: File, path: string }[]>}
 */
async function walk(entry) {
  if (entry.isFile) {
    const { file } = /** @type {FileSystemFileEntry} */ (entry);
    return [{ file: await new Promise((resolve, reject) => { file.call(entry, resolve, reject); }), path: entry.fullPath }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const inside = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(walk))).flat();
}
