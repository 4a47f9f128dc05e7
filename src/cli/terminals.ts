/** Which of the standard streams are terminals, asked without making a stream of any: that takes milliseconds of each start. */
import {fstatSync} from 'node:fs'
import {isatty} from 'node:tty'

/** stdin, stdout, stderr. */
export type StandardStream = 0 | 1 | 2

/** Whether it is one. A stream that is closed is none. */
export function isTerminal(stream: StandardStream): boolean {
  try {
    const stats = fstatSync(stream)
    // Only where it can be one: `isatty` has to be loaded.
    return stats.isCharacterDevice() && !isMemory(stats.rdev) && isatty(stream)
  } catch {
    return false
  }
}

/** /dev/null and the like: on Linux the devices of number 1. */
const isMemory = (device: number): boolean => process.platform === 'linux' && device >> 8 === 1
