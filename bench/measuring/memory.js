import {readFileSync} from 'node:fs'

/** Milliseconds between two looks: Linux keeps the peak, so only the end may be missed. */
const EVERY = 50

/**
 * The most memory that a process has had, as Linux keeps it (`VmHWM`).
 * @returns {() => number} ends the watch and gives MB (10⁶ bytes)
 */
export function watchMemory(pid) {
  let peak = 0
  const look = () => {
    try {
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0))
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error // it has ended
    }
  }
  const timer = setInterval(look, EVERY)
  look()
  return () => {
    clearInterval(timer)
    return (peak * 1024) / 1e6
  }
}
