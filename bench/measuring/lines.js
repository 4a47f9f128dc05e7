import {closeSync, openSync, writeSync} from 'node:fs'

/** Lines written at once. */
const BLOCK = 1000

/**
 * Writes messages as `send --jsonl` reads them, a line each: JSON content of `size` bytes.
 * @param {string} file
 * @param {number} count
 */
export function writeLines(file, count, size = 300) {
  const fd = openSync(file, 'w')
  for (let from = 0; from < count; from += BLOCK) {
    let text = ''
    for (let n = from; n < Math.min(count, from + BLOCK); n++)
      text += `{"type":"log","content":${contentOf(n, size)}}\n`
    writeSync(fd, text)
  }
  closeSync(fd)
}

function contentOf(n, size) {
  const start = `{"n":${n},"level":"info","text":"`
  return `${start}${'request served in time; '.repeat(size / 8).slice(0, size - start.length - 2)}"}`
}
