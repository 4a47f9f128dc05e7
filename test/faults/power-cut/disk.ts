/** A disk that remembers what was synced, and what may or may not be there after a power cut. */
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import type {Event} from './trace.js'

/** What becomes of what wasn't synced. */
export const FATES = [
  /** All of it is gone. */
  'dropped',
  /** All of it is there. */
  'kept',
  /** What was done first is there, the last of it in part. */
  'cut short',
  /** Each page is as it was after any of the writes to it: the system writes pages when it likes. */
  'pages',
  /** The same with sectors. */
  'sectors',
  /** The same, and what was being written may be nothing that anyone ever wrote. */
  'garbage',
] as const
export type Fate = (typeof FATES)[number]

/** From 0 up to 1. */
type Random = () => number

const SECTOR = 512
const PAGE = 4096

type Change = {do: 'write'; data: Buffer; at: number} | {do: 'truncate'; size: number}

/** A file, whatever its names are. */
class File {
  /** What was synced. */
  #durable: Buffer = Buffer.alloc(0)
  readonly #pending: Change[] = []
  /** How many changes are durable already: changes have numbers from 0. */
  #settled = 0
  /** Bytes, as processes see it. */
  size = 0

  /** The number of the next change. */
  get changes(): number {
    return this.#settled + this.#pending.length
  }

  change(change: Change): void {
    this.#pending.push(change)
    this.size = change.do === 'truncate' ? change.size : Math.max(this.size, change.at + change.data.length)
  }

  /** All changes with lower numbers are durable. */
  sync(upTo: number): void {
    const done = this.#pending.splice(0, Math.max(0, upTo - this.#settled))
    for (const change of done) this.#durable = applied(this.#durable, change)
    this.#settled += done.length
  }

  afterwards(fate: Fate, random: Random): Buffer {
    // With memory of its own: what Buffer.from gives may be a part of others'.
    const start = Buffer.from(new ArrayBuffer(this.#durable.length))
    this.#durable.copy(start)
    if (fate === 'dropped') return start
    if (fate === 'kept') return this.#pending.reduce(applied, start)
    if (fate === 'cut short') return cutShort(start, this.#pending, random)
    return inBlocks(start, this.#pending, fate, random)
  }
}

function applied(before: Buffer, change: Change): Buffer {
  if (change.do === 'truncate') return sized(before, change.size)
  const after = sized(before, Math.max(before.length, change.at + change.data.length))
  change.data.copy(after, change.at)
  return after
}

function sized(buffer: Buffer, size: number): Buffer {
  if (size <= buffer.length) return buffer.subarray(0, size)
  // Room for more, so that a file that grows isn't copied each time.
  const room = Buffer.from(buffer.buffer, buffer.byteOffset)
  if (room.length >= size) return room.subarray(0, size).fill(0, buffer.length)
  const grown = Buffer.from(new ArrayBuffer(2 * size))
  buffer.copy(grown)
  return grown.subarray(0, size)
}

function cutShort(start: Buffer, changes: readonly Change[], random: Random): Buffer {
  const whole = Math.floor(random() * (changes.length + 1))
  const result = changes.slice(0, whole).reduce(applied, start)
  const torn = changes[whole]
  if (torn?.do !== 'write') return result
  const end = Math.floor(random() * (torn.data.length / SECTOR + 1)) * SECTOR
  return applied(result, {...torn, data: torn.data.subarray(0, end)})
}

/** Each block has the changes to it up to a random one; its other bytes are never touched. */
function inBlocks(start: Buffer, changes: readonly Change[], fate: Fate, random: Random): Buffer {
  const block = fate === 'pages' ? PAGE : SECTOR
  const last = new Map<number, number>()
  const keepUpTo = (number: number, change: number): boolean => {
    // Some of the disk is always as it was, some always as it will be.
    if (!last.has(number)) last.set(number, random() < 0.5 ? random() * changes.length : random() < 0.5 ? -1 : Infinity)
    return change <= last.get(number)!
  }
  let result = start
  changes.forEach((change, index) => {
    if (change.do === 'truncate') {
      if (keepUpTo(Infinity, index)) result = applied(result, change)
      return
    }
    for (let at = change.at; at < change.at + change.data.length; ) {
      const number = Math.floor(at / block)
      const end = Math.min((number + 1) * block, change.at + change.data.length)
      const data = change.data.subarray(at - change.at, end - change.at)
      if (keepUpTo(number, index)) result = applied(result, {do: 'write', at, data})
      else if (fate === 'garbage' && random() < 0.1)
        result = applied(result, {do: 'write', at, data: noise(data.length, random)})
      at = end
    }
  })
  return result
}

const noise = (length: number, random: Random): Buffer =>
  Buffer.from(Array.from({length}, () => Math.floor(random() * 256)))

type Entry = File | 'folder'
/** A name that came or went. Both halves of a rename are one. */
interface Naming {
  folder: string
  apply(names: Map<string, Entry>): void
}

export class Disk {
  readonly #root: string
  readonly #names = new Map<string, Entry>()
  readonly #durableNames = new Map<string, Entry>()
  #pending: Naming[] = []
  /** By process: how much a sync that has begun will cover. */
  readonly #syncing = new Map<number, {file: File; upTo: number} | {namings: readonly Naming[]}>()

  constructor(root: string) {
    this.#root = root
  }

  do(event: Event): void {
    switch (event.do) {
      case 'open':
        this.#open(event)
        break
      case 'write':
        this.#write(event)
        break
      case 'truncate':
        this.#file(event.path)?.change({do: 'truncate', size: event.size})
        break
      case 'sync':
        this.#sync(event)
        break
      case 'folder':
        this.#name(event.path, (names) => names.set(event.path, 'folder'))
        break
      case 'link': {
        const entry = this.#names.get(event.path)!
        this.#name(event.to, (names) => names.set(event.to, entry))
        break
      }
      case 'unlink':
        this.#name(event.path, (names) => names.delete(event.path))
        break
      case 'rename': {
        const entry = this.#names.get(event.path)!
        this.#name(event.to, (names) => {
          names.delete(event.path)
          names.set(event.to, entry)
        })
        break
      }
      case 'note':
    }
  }

  /** What is there when the power is back, written into a folder that stands for the root. Nothing is there that no name leads to. */
  afterwards(folder: string, fate: Fate, random: Random): void {
    const names = new Map(this.#durableNames)
    const isKept = (): boolean => fate === 'kept' || (fate !== 'dropped' && random() < 0.5)
    for (const naming of this.#pending) if (isKept()) naming.apply(names)
    mkdirSync(folder, {recursive: true})
    for (const [path, entry] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!this.#isReachable(path, names)) continue
      const place = join(folder, path.slice(this.#root.length))
      if (entry === 'folder') mkdirSync(place, {recursive: true})
      else writeFileSync(place, entry.afterwards(fate, random), {mode: 0o600})
    }
  }

  #isReachable(path: string, names: ReadonlyMap<string, Entry>): boolean {
    const parent = dirname(path)
    return parent === this.#root || (names.get(parent) === 'folder' && this.#isReachable(parent, names))
  }

  #file(path: string): File | undefined {
    const entry = this.#names.get(path)
    return entry === 'folder' ? undefined : entry
  }

  #open({path, create, truncate}: Extract<Event, {do: 'open'}>): void {
    const known = this.#file(path)
    if (known) {
      if (truncate) known.change({do: 'truncate', size: 0})
      return
    }
    if (!create) return
    const file = new File()
    this.#name(path, (names) => void names.set(path, file))
  }

  #write({path, data, at}: Extract<Event, {do: 'write'}>): void {
    const file = this.#file(path)
    file?.change({do: 'write', data, at: at === 'end' ? file.size : at})
  }

  #name(path: string, apply: Naming['apply']): void {
    apply(this.#names)
    this.#pending.push({folder: dirname(path), apply})
  }

  #sync({path, is, process}: Extract<Event, {do: 'sync'}>): void {
    if (is === 'begun') {
      const file = this.#file(path)
      const namings = this.#pending.filter(({folder}) => folder === path)
      this.#syncing.set(process, file ? {file, upTo: file.changes} : {namings})
      return
    }
    const begun = this.#syncing.get(process)
    this.#syncing.delete(process)
    if (!begun) return
    if ('file' in begun) begun.file.sync(begun.upTo)
    else {
      for (const naming of begun.namings) naming.apply(this.#durableNames)
      this.#pending = this.#pending.filter((naming) => !begun.namings.includes(naming))
    }
  }
}
