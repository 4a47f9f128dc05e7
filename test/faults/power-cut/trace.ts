/** What processes did to the files below a folder, in the order in which they did it, as strace saw it. */
import {spawnSync} from 'node:child_process'
import {createReadStream} from 'node:fs'
import {createInterface} from 'node:readline'

/** One thing that was done. Paths are absolute; `process` is a thread's number. */
export type Event =
  | {do: 'write'; path: string; data: Buffer; at: number | 'end'; process: number}
  | {do: 'truncate'; path: string; size: number}
  | {do: 'open'; path: string; create: boolean; truncate: boolean}
  | {do: 'folder'; path: string}
  | {do: 'link'; path: string; to: string}
  | {do: 'rename'; path: string; to: string}
  | {do: 'unlink'; path: string}
  /** A sync covers what was written before it began, once it has ended. */
  | {do: 'sync'; path: string; is: 'begun' | 'ended'; process: number}
  /** Something that was told to the outside: whatever comes later, it has to be true. */
  | {do: 'note'; text: string}

export const hasStrace = spawnSync('strace', ['--version']).status === 0

/** Everything that changes files; what isn't among what is understood below is refused. */
const CALLS = [
  'openat,open,creat,mkdir,mkdirat,link,linkat,rename,renameat,renameat2,unlink,unlinkat,rmdir',
  'write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,copy_file_range,sendfile',
  'fsync,fdatasync,sync_file_range,msync,mmap',
].join(',')

/** Runs a command under strace. @param log where strace writes @throws the command failed */
export function record(command: readonly string[], log: string, env: NodeJS.ProcessEnv): void {
  const options = ['-f', '--seccomp-bpf', '-y', '-xx', '-s', String(2 ** 20), '-e', `trace=${CALLS}`, '-o', log]
  const {status, stderr} = spawnSync('strace', [...options, ...command], {env, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${command.join(' ')}: exit ${status}\n${stderr}`)
}

/** What a trace has about the files below `root`. What is written to `notes` is what was told to the outside. */
export async function* eventsOf(log: string, {root, notes}: {root: string; notes: string}): AsyncGenerator<Event> {
  /** What a thread has begun: the text of the call, without its result. */
  const begun = new Map<string, string>()
  for await (const line of createInterface({input: createReadStream(log, 'latin1'), crlfDelay: Infinity})) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? []
    const unfinished = / <unfinished \.\.\.>$/.exec(rest)
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/s.exec(rest)
    if (unfinished) {
      const call = rest.slice(0, unfinished.index)
      begun.set(pid, call)
      yield* below(root, notes, entered(call, Number(pid)))
    } else if (resumed) {
      const call = begun.get(pid) ?? ''
      begun.delete(pid)
      yield* below(root, notes, left(call + resumed[2], Number(pid)))
    } else {
      yield* below(root, notes, entered(rest, Number(pid)))
      yield* below(root, notes, left(rest, Number(pid)))
    }
  }
}

/** Files of the folder, and what was noted as what it is. What SQLite shares in memory is gone after a power cut anyway. */
function* below(root: string, notes: string, event: Event | undefined): Generator<Event> {
  if (event === undefined || event.do === 'note') return
  if (event.path === notes) {
    if (event.do === 'write')
      for (const text of event.data.toString().split('\n').slice(0, -1)) yield {do: 'note', text}
    return
  }
  if (event.path !== root && !event.path.startsWith(`${root}/`)) return
  if (event.path.endsWith('-shm') || event.path.endsWith('-bell')) return
  yield event
}

/** A write reaches the file at any time after it was asked for; a note counts when it was. */
function entered(text: string, process: number): Event | undefined {
  const {call, words} = parsed(text)
  switch (call) {
    case 'pwrite64':
      return {do: 'write', path: pathOf(words[0]), data: bytesOf(words[1]), at: Number(words[3]), process}
    case 'ftruncate':
      return {do: 'truncate', path: pathOf(words[0]), size: Number(words[1])}
    case 'fsync':
    case 'fdatasync':
      return {do: 'sync', path: pathOf(words[0]), is: 'begun', process}
    default:
      return undefined
  }
}

/** What is done when the call has returned. A call that failed did nothing. */
function left(text: string, process: number): Event | undefined {
  const {call, words, result} = parsed(text)
  if (result.startsWith('-1') || result.startsWith('?')) return undefined
  switch (call) {
    case 'write': {
      const data = bytesOf(words[1])
      return {
        do: 'write',
        path: pathOf(words[0]),
        data: data.subarray(0, Number.parseInt(result, 10)),
        at: 'end',
        process,
      }
    }
    case 'fsync':
    case 'fdatasync':
      return {do: 'sync', path: pathOf(words[0]), is: 'ended', process}
    case 'openat': {
      const flags = words[2] ?? ''
      const [create, truncate] = [/O_CREAT/.test(flags), /O_TRUNC/.test(flags)]
      return create || truncate ? {do: 'open', path: pathOf(result), create, truncate} : undefined
    }
    case 'mkdir':
      return {do: 'folder', path: textOf(words[0])}
    case 'link':
      return {do: 'link', path: textOf(words[0]), to: textOf(words[1])}
    case 'rename':
      return {do: 'rename', path: textOf(words[0]), to: textOf(words[1])}
    case 'unlink':
      return {do: 'unlink', path: textOf(words[0])}
    case 'pwrite64':
    case 'ftruncate':
      return undefined
    case 'mmap':
      if (/MAP_SHARED/.test(words[3] ?? '') && /PROT_WRITE/.test(words[2] ?? ''))
        return {do: 'write', path: notMapped(pathOf(words[4])), data: Buffer.alloc(0), at: 0, process}
      return undefined
    default:
      return unknown(text)
  }
}

/** Writes through memory can't be traced. */
function notMapped(path: string): string {
  if (path.startsWith('/') && !path.endsWith('-shm') && !path.startsWith('/dev/'))
    throw new Error(`${path} is written through memory`)
  return path
}

/** What isn't understood is none of ours, or a reason to stop. */
function unknown(text: string): undefined {
  const {call, words} = parsed(text)
  if (call === '' || words.every((word) => !/-wal|\.db|\.jsonl/.test(textOf(word) + pathOf(word)))) return undefined
  throw new Error(`not understood: ${text.slice(0, 200)}`)
}

interface Parsed {
  call: string
  words: string[]
  result: string
}

function parsed(text: string): Parsed {
  const [, call = '', rest = ''] = /^(\w+)\((.*)$/s.exec(text) ?? []
  const end = rest.lastIndexOf(') ')
  const inside = end < 0 ? rest : rest.slice(0, end)
  const result = /= (.*)$/s.exec(end < 0 ? '' : rest.slice(end))?.[1] ?? ''
  return {call, words: inside.split(', '), result}
}

/** `19<\x2f\x74…>` → the path; '' where the file has no name any more, or never had one. */
const pathOf = (word = ''): string => decoded(/<([^>]*)>(?!\(deleted\))/.exec(word)?.[1] ?? '').toString()
/** `"\x2f\x74…"` → the text. */
const textOf = (word = ''): string => bytesOf(word).toString()
function bytesOf(word = ''): Buffer {
  if (word.endsWith('...')) throw new Error('strace cut a text short')
  return word.startsWith('"') ? decoded(word.slice(1, -1)) : Buffer.alloc(0)
}

/** Everything is written as `\xNN`. */
const decoded = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex')
