import {randomFillSync} from 'node:crypto'
import {closeSync, openSync, readSync} from 'node:fs'

/** Random bytes from the system, where it hands them out as a file: loading what else there is takes milliseconds of each start. */
export function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  try {
    const file = openSync('/dev/urandom', 'r')
    try {
      if (readSync(file, bytes) === size) return bytes
    } finally {
      closeSync(file)
    }
  } catch {
    // Not there, as on Windows.
  }
  return randomFillSync(bytes)
}
