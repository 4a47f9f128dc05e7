/** The fields of a message that a sender gives, each with hostile text in it, through every door that takes messages. */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {v7} from 'uuid'
import {openBus} from '../../../src/index.js'
import {parseDraft} from '../../../src/model/draft-json.js'
import {LeatError} from '../../../src/model/errors.js'
import {Asker, sayTo} from '../text/clients.js'
import type {Room, Server} from '../text/room.js'
import {sampleOf} from '../text/sample.js'

type Fields = Readonly<Record<string, unknown>>

interface Place {
  name: string
  /** The message with the text in this place. */
  put(text: string): Fields
  /** What stands there in a message that was stored. */
  read(message: Fields): unknown
  /** Whether it has to be taken, by a rule of the test's own; where it is left out, all doors have to agree. */
  takes?(text: string): boolean
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text) && !text.includes('..')
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
const isLabel = (text: string): boolean =>
  text.isWellFormed() && !CONTROL.test(text) && text.length > 0 && [...text].length <= 256
const isHeader = (text: string): boolean => text.isWellFormed() && !CONTROL.test(text.replaceAll('\t', ''))

const field = (name: string, takes?: Place['takes']): Place => ({
  name,
  put: (text) => ({content: 'x', [name]: text}),
  read: (message) => message[name],
  ...(takes && {takes}),
})

const PLACES: readonly Place[] = [
  {name: 'content', put: (content) => ({content}), read: ({content}) => content, takes: isText},
  {
    name: 'content in JSON',
    put: (text) => ({content: {[text]: [text]}}),
    read: ({content}) =>
      Object.entries(content as object)[0]
        ?.flat(2)
        .join('\n\n'),
    takes: () => true,
  },
  field('type', (text) => isLabel(text) && !/\s/.test(text)),
  {
    name: 'header value',
    put: (text) => ({content: 'x', headers: {subject: text}}),
    read: ({headers}) => (headers as Fields)['subject'],
    takes: isHeader,
  },
  {
    name: 'header name',
    put: (text) => ({content: 'x', headers: {[text]: 'v'}}),
    read: ({headers}) => Object.keys(headers as object)[0],
  },
  field('correlationId', isLabel),
  field('key', isLabel),
  field('conversation', isName),
  field('recipient', isName),
  field('replyChannel', isName),
  field('contentType'),
  field('id', () => false),
  field('expiresAt', () => false),
  field('replyTo'),
  {name: 'reference', put: (text) => ({content: 'x', references: [text]}), read: ({references}) => references},
]

/** A place of a record alone: a send names what it answers in other ways too. */
const NOT_IN_RECORDS: readonly string[] = ['replyTo', 'reference', 'id']

interface Ask {
  place: Place
  text: string
  id: string
  fields: Fields
}

interface Door {
  name: string
  takes(place: Place): boolean
  /** `stored`, or a code, for each. */
  send(asks: readonly Ask[]): Promise<string[]>
}

export interface FieldFigures {
  places: number
  doors: number
  /** How often a text stood in a place at a door. */
  tried: number
  stored: number
}

/** @throws AssertionError doors disagree, a text came back otherwise, something broke */
export async function inFields(
  room: Room,
  server: Server,
  texts: readonly string[],
  most: number,
  seed: number,
): Promise<FieldFigures> {
  const doors = doorsOf(room, server)
  for (const {name} of doors) {
    const made = await room.leat(['channel', 'create', name])
    assert.equal(made.code, 0, made.stderr)
  }
  const pairs = PLACES.flatMap((place) => sampleOf(texts, most, seed).map((text) => ({place, text})))
  const verdicts = new Map<string, string>()
  let [tried, stored] = [0, 0]
  const askAll = async (door: Door): Promise<void> => {
    const asks = pairs
      .filter(({place}) => door.takes(place))
      .map(({place, text}): Ask => ({place, text, id: v7(), fields: place.put(text)}))
    const answers = await door.send(asks)
    for (const [at, {place, text}] of asks.entries()) {
      const isStored = answers[at] === 'stored'
      const what = `${door.name}: ${place.name} ${JSON.stringify(text.slice(0, 100))} is ${answers[at]}`
      assert.match(answers[at] as string, /^(stored|INVALID|NOT_FOUND|TOO_LARGE|USAGE)$/, what)
      if (place.takes) assert.equal(isStored, place.takes(text), what)
      const key = `${place.name} ${text}`
      assert.equal(isStored ? 'stored' : 'refused', verdicts.get(key) ?? (isStored ? 'stored' : 'refused'), what)
      verdicts.set(key, isStored ? 'stored' : 'refused')
    }
    await expectExact(
      room,
      door.name,
      asks.filter((_, at) => answers[at] === 'stored'),
    )
    tried += asks.length
    stored += answers.filter((answer) => answer === 'stored').length
  }
  // Each door has a channel of its own, in which order counts.
  await Promise.all(doors.map(askAll))
  return {places: PLACES.length, doors: doors.length, tried, stored}
}

/** What was stored is there once, as it was given, and nothing else is. */
async function expectExact({leat}: Room, channel: string, asks: readonly Ask[]): Promise<void> {
  const {stdout} = await leat(['log', channel, '--all', '--json'])
  const lines = `${stdout}`.split('\n').slice(0, -1)
  assert.equal(lines.length, asks.length, `messages in ${channel}`)
  for (const [at, {place, text, fields}] of asks.entries()) {
    const message = JSON.parse(lines[at] as string) as Fields
    const wanted = place.read({...fields, ...(place.name === 'reference' && {references: message['references']})})
    const what = `${channel}: ${place.name} ${JSON.stringify(text.slice(0, 100))}`
    // A place is kept as the id that it names.
    if (place.name === 'replyTo') continue
    assert.deepEqual(place.read(message), wanted, what)
  }
}

/** Bad lines that a command tells of. */
const TOLD = 100

function doorsOf({leat, folder}: Room, {http, socket}: Server): Door[] {
  const isSent = (): boolean => true
  const isRecord = ({name}: Place): boolean => !NOT_IN_RECORDS.includes(name)
  const each = async (asks: readonly Ask[], ask: (one: Ask) => Promise<string>): Promise<string[]> => {
    const answers: string[] = []
    for (const one of asks) answers.push(await ask(one))
    return answers
  }
  const lines = async (words: readonly string[], objects: readonly object[]): Promise<string[]> => {
    const answers: string[] = []
    for (let at = 0; at < objects.length; at += TOLD) {
      const some = objects.slice(at, at + TOLD)
      const stdin = some.map((one) => `${JSON.stringify(one)}\n`).join('')
      const {stdout, stderr} = await leat([...words, '--on-error', 'skip', '--json'], {stdin})
      const {errors = []} = JSON.parse(`${stdout}` || '{}') as {errors?: {line: number; code: string}[]}
      assert.doesNotMatch(stderr, /a bug in leat/)
      assert.ok(`${stdout}` !== '', stderr)
      answers.push(...some.map((_, line) => errors.find((error) => error.line === line + 1)?.code ?? 'stored'))
    }
    return answers
  }
  const time = new Date().toISOString()
  const asker = new Asker(http)
  const given = ({id, fields}: Ask): object => ({id, ...fields})
  return [
    {name: 'jsonl', takes: isSent, send: (asks) => lines(['send', 'jsonl', '--jsonl'], asks.map(given))},
    {
      name: 'import',
      takes: isRecord,
      send: (asks) =>
        lines(
          ['import', '-'],
          asks.map((ask, at) => ({
            ...given(ask),
            ...(typeof ask.fields['content'] === 'object' && {contentType: 'application/json'}),
            ...{channel: 'import', seq: at + 1, sender: 'bob', time},
          })),
        ),
    },
    {
      name: 'http',
      takes: isSent,
      send: (asks) =>
        each(asks, async (ask) => {
          const answer = await fetch(`${http}/v1/channels/http/messages`, {
            method: 'POST',
            headers: {'content-type': 'application/json'},
            body: JSON.stringify(given(ask)),
          })
          return verdictOf(await answer.text(), answer.status)
        }),
    },
    {
      name: 'websocket',
      takes: isSent,
      send: (asks) =>
        each(asks, async (ask) => {
          const input = {channel: 'websocket', ...given(ask)}
          return verdictOf(await asker.ask(JSON.stringify({id: 'q', do: 'message.send', input})))
        }).finally(() => asker.close()),
    },
    {
      name: 'socket',
      takes: isSent,
      send: (asks) =>
        each(asks, async (ask) =>
          verdictOf(await sayTo(socket, JSON.stringify({v: 'message.send', channel: 'socket', ...given(ask)}))),
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
