import {readFileSync, readlinkSync} from 'node:fs'
import {hostname} from 'node:os'

/** Who holds, as it is stored: enough to tell later whether that process still runs. */
export interface Holder {
  /** The machine since its start, and the space in which process ids count: only there a pid says anything. */
  machine: string
  pid: number
  /** When the process started, so that a pid given again is told apart; '' where the system doesn't say. */
  started: string
}

/** This process. */
export function thisProcess(): Holder {
  return {machine: thisMachine(), pid: process.pid, started: startOf(process.pid) ?? ''}
}

/**
 * Whether a holder's process is surely gone. What can't be known from here isn't: then its lease decides.
 * @param here the machine of this process, where the caller knows it
 */
export function isGone({machine, pid, started}: Holder, here = thisMachine()): boolean {
  if (machine !== here) return false
  const now = started === '' ? undefined : startOf(pid)
  if (now !== undefined) return now !== started
  // /proc may hide the processes of other users, or be out of reach for want of a file descriptor.
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Whether a holder's process surely runs. @param here as for `isGone` */
export const isAlive = (holder: Holder, here = thisMachine()): boolean =>
  holder.machine === here && !isGone(holder, here)

function thisMachine(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname() // no Linux, or no /proc
  }
}

/** Start time of a process in clock ticks since boot; '' if it is a zombie, undefined if it doesn't run or nobody can tell. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may hold anything.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? '' : rest[18]
  } catch {
    return undefined
  }
}
