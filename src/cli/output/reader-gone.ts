/** Whether anybody can still read what is written to a pipe: who only waits would not notice until the next write. */
import {fstatSync, lstatSync, readdirSync, readlinkSync, type Stats, writeSync} from 'node:fs'

export interface ReaderWatch {
  /** Aborts within a second after the last reader is gone, where the system can tell. */
  readonly signal: AbortSignal
  /** Must be called: looking keeps the process alive. */
  stop(): void
}

/** Milliseconds between two looks. */
const LOOK = 700
/** A pipe that is being handed from one process to the next may have no reader in sight for so long, in milliseconds. */
const MOMENT = 200

/** Watches the other end of a file descriptor. */
export function watchReader(fd: number): ReaderWatch {
  const gone = new AbortController()
  const look = lookFor(fd)
  if (!look) return {signal: gone.signal, stop: () => {}}
  let timer: NodeJS.Timeout
  const again = (): void => (look() ? void timer.refresh() : later(MOMENT, last))
  const last = (): void => (look() ? later(LOOK, again) : gone.abort())
  const later = (ms: number, then: () => void): void => {
    timer = setTimeout(then, ms)
  }
  later(LOOK, again)
  return {signal: gone.signal, stop: () => clearTimeout(timer)}
}

/** How one looks whether a file descriptor is read; undefined where nothing can be told. */
function lookFor(fd: number): (() => boolean) | undefined {
  const stats = statsOf(fd)
  if (!stats?.isFIFO() && !stats?.isSocket()) return undefined
  const pipe = stats.isFIFO() ? pipeOf(fd) : undefined
  return () => takesNothing(fd) && (pipe?.isRead() ?? true)
}

function statsOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd)
  } catch {
    return undefined // started without it: there is nobody to lose
  }
}

/** A write of nothing fails when nobody reads: on sockets everywhere, on pipes of the BSDs and macOS, not of Linux. */
function takesNothing(fd: number): boolean {
  try {
    writeSync(fd, new Uint8Array(0))
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPIPE'
  }
}

/** A pipe between processes, where the system lists who has it open (Linux). One that has a name may get new readers. */
function pipeOf(fd: number): Pipe | undefined {
  const link = linkOf(`/proc/self/fd/${fd}`)
  return link?.startsWith('pipe:[') ? new Pipe(link) : undefined
}

class Pipe {
  readonly #link: string
  /** An open file of a process that reads it. */
  #reader: string | undefined
  /** Readers that can't be seen are believed to be there. */
  #unseen = false

  constructor(link: string) {
    this.#link = link
  }

  isRead(): boolean {
    const known = this.#reader
    if (this.#unseen || (known !== undefined && linkOf(known) === this.#link)) return true
    const {reader, isComplete} = readerOf(this.#link)
    if (reader !== undefined) this.#reader = reader
    // Nobody in sight: it is another user's, or has become that.
    else this.#unseen = !isComplete && (known === undefined || isHidden(known))
    return this.#unseen || reader !== undefined
  }
}

/** Looks through the open files of all processes. `isComplete`: there was none that may not be looked into. */
function readerOf(link: string): {reader?: string; isComplete: boolean} {
  let isComplete = true
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const file = `/proc/${pid}/fd/${fd}`
        if (linkOf(file) === link && isReadable(file)) return {reader: file, isComplete}
      }
    } catch (error) {
      if (isDenied(error)) isComplete = false // else it is gone, and has nothing open
    }
  }
  return {isComplete}
}

/** The link of an open file has the permissions with which it was opened. */
const isReadable = (file: string): boolean => ((lstatSync(file, {throwIfNoEntry: false})?.mode ?? 0) & 0o400) !== 0

const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')

function isHidden(file: string): boolean {
  try {
    readlinkSync(file)
    return false
  } catch (error) {
    return isDenied(error)
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return undefined // closed, gone, or not to be seen
  }
}
