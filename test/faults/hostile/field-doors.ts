/** The doors through which messages come in, with a text in one place of each. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {openBus} from '../../../src/index.js'
import {parseDraft} from '../../../src/model/draft-json.js'
import {LeatError} from '../../../src/model/errors.js'
import {each as inLanes} from '../program.js'
import {Asker, sayTo} from '../text/clients.js'
import type {Room, Server} from '../text/room.js'
import {type Fields, NOT_IN_RECORDS, type Place} from './places.js'

export interface Ask {
  place: Place
  text: string
  id: string
  fields: Fields
}

export interface Door {
  name: string
  takes(place: Place): boolean
  /** Several are sent at once: they are stored in any order, each with the id that it was given. */
  atOnce?: true
  /** `stored`, or a code, for each. */
  send(asks: readonly Ask[]): Promise<string[]>
}

/** Bad lines that a command tells of. */
const TOLD = 100
/** Requests that a door is asked at once. */
const AT_ONCE = 12

export function doorsOf({leat, folder}: Room, {http, socket}: Server): Door[] {
  const isSent = (): boolean => true
  const isRecord = ({name}: Place): boolean => !NOT_IN_RECORDS.includes(name)
  const each = async (asks: readonly Ask[], ask: (one: Ask) => Promise<string>, atOnce = 1): Promise<string[]> => {
    const answers: string[] = []
    await inLanes(asks.entries(), atOnce, async ([at, one]) => {
      answers[at] = await ask(one)
    })
    return answers
  }
  const lines = async (
    words: readonly string[],
    asks: readonly Ask[],
    object: (ask: Ask, at: number) => object,
  ): Promise<string[]> => {
    const answers: string[] = []
    for (const some of piecesOf(asks)) {
      const from = answers.length
      const stdin = some.map((ask, at) => `${JSON.stringify(object(ask, from + at))}\n`).join('')
      const {stdout, stderr} = await leat([...words, '--on-error', 'skip', '--json'], {stdin})
      const {errors = []} = JSON.parse(`${stdout}` || '{}') as {errors?: {line: number; code: string}[]}
      assert.doesNotMatch(stderr, /a bug in leat/)
      assert.ok(`${stdout}` !== '', stderr)
      const codes = new Map(errors.map(({line, code}) => [line, code]))
      answers.push(...some.map((_, at) => codes.get(at + 1) ?? 'stored'))
    }
    return answers
  }
  const time = new Date().toISOString()
  const given = ({id, fields}: Ask): object => ({id, ...fields})
  return [
    {name: 'jsonl', takes: isSent, send: (asks) => lines(['send', 'jsonl', '--jsonl'], asks, given)},
    {
      name: 'import',
      takes: isRecord,
      send: (asks) =>
        lines(['import', '-'], asks, (ask, at) => ({
          ...given(ask),
          ...(typeof ask.fields['content'] === 'object' && {contentType: 'application/json'}),
          ...{channel: 'import', seq: at + 1, sender: 'bob', time},
        })),
    },
    {
      name: 'http',
      takes: isSent,
      atOnce: true,
      send: (asks) =>
        each(
          asks,
          async (ask) => {
            const answer = await fetch(`${http}/v1/channels/http/messages`, {
              method: 'POST',
              headers: {'content-type': 'application/json'},
              body: JSON.stringify(given(ask)),
            })
            return verdictOf(await answer.text(), answer.status)
          },
          AT_ONCE,
        ),
    },
    {
      name: 'websocket',
      takes: isSent,
      atOnce: true,
      send: async (asks) => {
        // Each of them asks one thing after the other.
        const askers = Array.from({length: AT_ONCE}, () => new Asker(http))
        const answers = await each(
          asks,
          async (ask) => {
            const asker = askers.pop() as Asker
            const input = {channel: 'websocket', ...given(ask)}
            const answer = await asker.ask(JSON.stringify({id: 'q', do: 'message.send', input}))
            askers.push(asker)
            return verdictOf(answer)
          },
          AT_ONCE,
        )
        for (const asker of askers) asker.close()
        return answers
      },
    },
    {
      name: 'socket',
      takes: isSent,
      atOnce: true,
      send: (asks) =>
        each(
          asks,
          async (ask) =>
            verdictOf(await sayTo(socket, JSON.stringify({v: 'message.send', channel: 'socket', ...given(ask)}))),
          AT_ONCE,
        ),
    },
    {
      name: 'library',
      takes: isSent,
      send: async (asks) => {
        const bus = await openBus({store: join(folder, 'data', 'leat', 'leat.db'), as: 'alice'})
        try {
          return await each(asks, async (ask) => {
            try {
              await bus.send('library', parseDraft(Buffer.from(JSON.stringify(given(ask)))))
              return 'stored'
            } catch (error) {
              if (error instanceof LeatError) return error.code
              throw error
            }
          })
        } finally {
          await bus.close()
        }
      },
    },
    {
      name: 'eric',
      takes: ({name}) => name === 'content' || name === 'type',
      send: (asks) =>
        each(asks, async ({fields: {content, type = 'note'}}) => {
          const answer = await sayTo(socket, JSON.stringify({v: 'b', c: 'eric', t: type, p: content}))
          return answer === 'ack' ? 'stored' : (/^\w+\(.(\w+): /.exec(answer)?.[1] ?? answer)
        }),
    },
  ]
}

function verdictOf(answer: string, status = 0): string {
  // One line, whatever it repeats.
  assert.doesNotMatch(answer.trimEnd(), /[\u0000-\u001f]/)
  if (answer.includes('"sent":[')) return 'stored'
  const {code} = (JSON.parse(answer) as {error: {code: string}}).error
  return [0, 400, 404, 413].includes(status) ? code : `${code} with ${status}`
}

/** Pieces in each of which no more lines may be refused than a command tells of. */
function* piecesOf(asks: readonly Ask[]): Generator<Ask[]> {
  let piece: Ask[] = []
  let doubtful = 0
  for (const ask of asks) {
    const isTaken = ask.place.takes?.(ask.text) ?? false
    if (!isTaken && doubtful++ === TOLD) {
      yield piece
      piece = []
      doubtful = 1
    }
    piece.push(ask)
  }
  yield piece
}
