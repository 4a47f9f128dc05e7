/** The fields of a message that a sender gives, each with hostile text in it, through every door that takes messages. */
import assert from 'node:assert/strict'
import {v7} from 'uuid'
import type {Room, Server} from '../text/room.js'
import {sampleOf} from '../text/sample.js'
import {type Ask, type Door, doorsOf} from './field-doors.js'
import {type Fields, PLACES} from './places.js'

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
      door,
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
async function expectExact({leat}: Room, {name: channel, atOnce}: Door, asks: readonly Ask[]): Promise<void> {
  const {stdout} = await leat(['log', channel, '--all', '--json'])
  const messages = `${stdout}`
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Fields)
  assert.equal(messages.length, asks.length, `messages in ${channel}`)
  const byId = new Map(messages.map((message) => [message['id'], message]))
  for (const [at, {place, text, id, fields}] of asks.entries()) {
    const message = (atOnce ? byId.get(id) : messages[at]) as Fields
    const wanted = place.read({...fields, ...(place.name === 'reference' && {references: message['references']})})
    const what = `${channel}: ${place.name} ${JSON.stringify(text.slice(0, 100))}`
    // A place is kept as the id that it names.
    if (place.name === 'replyTo') continue
    assert.deepEqual(place.read(message), wanted, what)
  }
}
