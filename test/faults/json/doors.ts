/** The doors through which JSON comes in. Each takes pieces of JSON, and says of each what became of it. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {v7} from 'uuid'
import {Asker, sayTo} from '../text/clients.js'
import type {Room, Server} from '../text/room.js'

/** `stored`, or the code of the error. `silence`: nothing was said, nothing was answered. */
export type Verdict = string

export interface Piece {
  name: string
  bytes: Buffer
}

export interface Door {
  name: string
  /** One piece a line: a newline ends it. */
  inLines: boolean
  /** What is stored is exactly what was given; elsewhere white space around it is no part of it. */
  exact: boolean
  /** Sends each piece as the content of a message in the channel of the door's name, its correlation id the piece's name. */
  contents(pieces: readonly Piece[]): Promise<Verdict[]>
  /** Sends each piece as all that is said: a line, a body, a frame, a request. Absent where that is the same. */
  whole?(pieces: readonly Piece[]): Promise<Verdict[]>
}

/** Bad lines that a command tells of. */
const TOLD = 100

/** Lines with nothing in them are passed over. */
const isBlank = (bytes: Buffer): boolean => /^[ \t\r]*$/.test(bytes.toString('latin1'))

const around = (head: string, {bytes}: Piece, tail: string): Buffer =>
  Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)])

const message = (channel: string | undefined, {name}: Piece): string =>
  `${channel === undefined ? '' : `"channel":"${channel}",`}"contentType":"application/json","correlationId":"${name}","content":`

/** @param time of imported messages, ISO 8601 */
export function doorsOf({leat, inner}: Room, {http, socket}: Server, time: string): Door[] {
  const lines = async (words: readonly string[], pieces: readonly Buffer[]): Promise<Verdict[]> => {
    const verdicts: Verdict[] = []
    for (let at = 0; at < pieces.length; at += TOLD) {
      const some = pieces.slice(at, at + TOLD)
      const stdin = Buffer.concat(some.flatMap((piece) => [piece, Buffer.from('\n')]))
      const done = await leat([...words, '--on-error', 'skip', '--json'], {stdin})
      const {stored, errors, error} = JSON.parse(done.stdout.toString() || done.stderr.split('\n', 1)[0] || '{}')
      if (error !== undefined || /a bug in leat/.test(done.stderr)) throw new Error(done.stderr)
      if (done.code !== (errors.length === 0 ? 0 : stored > 0 ? 7 : 2))
        throw new Error(`exit ${done.code}: ${done.stderr}`)
      const codes = new Map<number, string>(errors.map((one: {line: number; code: string}) => [one.line, one.code]))
      verdicts.push(...some.map((piece, line) => codes.get(line + 1) ?? (isBlank(piece) ? 'silence' : 'stored')))
    }
    return verdicts
  }
  const each = async (pieces: readonly Piece[], ask: (piece: Piece) => Promise<Verdict>): Promise<Verdict[]> => {
    const verdicts: Verdict[] = []
    for (const piece of pieces) verdicts.push(await ask(piece))
    return verdicts
  }
  const post = async (channel: string, body: Buffer, type = 'application/json', query = ''): Promise<Verdict> => {
    const url = `${http}/v1/channels/${channel}/messages${query}`
    const answer = await fetch(url, {method: 'POST', headers: {'content-type': type}, body: new Uint8Array(body)})
    const text = await answer.text()
    if (answer.status === 201) return 'stored'
    return `${codeOf(text)}${[400, 404, 413].includes(answer.status) ? '' : ` with ${answer.status}`}`
  }
  const asker = new Asker(http)
  const frame = async (bytes: Buffer): Promise<Verdict> => verdictOf(await asker.ask(bytes))

  return [
    {
      name: 'send-J',
      inLines: false,
      exact: true,
      contents: async (pieces) => {
        const ids = pieces.map(() => v7())
        const script = pieces.map(({name, bytes}, at) => {
          writeFileSync(join(inner, `${at}.case`), bytes)
          return `send send-J -J --correlation-id ${name} --id ${ids[at]} --file ${at}.case --json`
        })
        const file = join(inner, 'script')
        writeFileSync(file, `${script.join('\n')}\n`)
        const {stdout, stderr} = await leat(['shell', '--keep-going', file])
        const stored = new Set(Array.from(`${stdout}`.matchAll(/^\{"id":"([^"]+)"/gm), ([, id]) => id))
        // The errors of those that are not stand in their order.
        const codes = stderr
          .split('\n')
          .filter((line) => line.startsWith('{"error"'))
          .map(codeOf)
        if (stored.size + codes.length !== pieces.length) throw new Error(stderr.slice(0, 2000))
        return ids.map((id) => (stored.has(id) ? 'stored' : (codes.shift() as string)))
      },
    },
    {
      name: 'jsonl',
      inLines: true,
      exact: false,
      contents: (pieces) =>
        lines(
          ['send', 'jsonl', '--jsonl'],
          pieces.map((piece) => around(`{${message(undefined, piece)}`, piece, '}')),
        ),
      whole: (pieces) =>
        lines(
          ['send', 'jsonl', '--jsonl'],
          pieces.map(({bytes}) => bytes),
        ),
    },
    {
      name: 'import',
      inLines: true,
      exact: false,
      contents: (pieces) =>
        lines(
          ['import', '-'],
          pieces.map((piece, at) => {
            const own = `"seq":${at + 1},"id":"${v7()}","sender":"bob","time":"${time}",`
            return around(`{${own}${message('import', piece)}`, piece, '}')
          }),
        ),
      // A first line that is none of an export is refused for all of it.
      whole: async (pieces) => {
        const first = Buffer.from('{"record":"nothing"}')
        const verdicts: Verdict[] = []
        for (let at = 0; at < pieces.length; at += TOLD - 1) {
          const some = pieces.slice(at, at + TOLD - 1).map(({bytes}) => bytes)
          verdicts.push(...(await lines(['import', '-'], [first, ...some])).slice(1))
        }
        return verdicts
      },
    },
    {
      name: 'http',
      inLines: false,
      exact: false,
      contents: (pieces) => each(pieces, (piece) => post('http', around(`{${message(undefined, piece)}`, piece, '}'))),
      whole: (pieces) => each(pieces, ({bytes}) => post('http', bytes)),
    },
    {
      name: 'http-raw',
      inLines: false,
      exact: true,
      contents: (pieces) =>
        each(pieces, ({name, bytes}) => post('http-raw', bytes, 'application/vnd.case+json', `?correlationId=${name}`)),
    },
    {
      name: 'websocket',
      inLines: false,
      exact: false,
      contents: (pieces) =>
        each(pieces, (piece) =>
          frame(around(`{"id":"q","do":"message.send",${message('websocket', piece)}`, piece, '}')),
        ),
      whole: (pieces) => each(pieces, ({bytes}) => frame(bytes)).finally(() => asker.close()),
    },
    {
      name: 'socket',
      inLines: false,
      exact: false,
      contents: (pieces) =>
        each(pieces, async (piece) =>
          verdictOf(await sayTo(socket, around(`{"v":"message.send",${message('socket', piece)}`, piece, '}'))),
        ),
      whole: (pieces) => each(pieces, async ({bytes}) => verdictOf(await sayTo(socket, bytes))),
    },
  ]
}

/** Of an answer at a network door. */
function verdictOf(answer: string): Verdict {
  if (answer === '') return 'silence'
  if (/^closed (1007|1009)$/.test(answer)) return 'INVALID'
  if (answer.startsWith('HTTP/1.1 400 ')) return 'INVALID'
  if (/"sent":\[/.test(answer)) return 'stored'
  return codeOf(answer)
}

/** The code in an error of leat, or in one of eric_sse's. */
function codeOf(text: string): string {
  const code = /^\w+\(.(\w+): /.exec(text)?.[1]
  if (code !== undefined) return code
  try {
    return JSON.parse(text).error.code as string
  } catch {
    return `no error of leat: ${text.slice(0, 200)}`
  }
}
