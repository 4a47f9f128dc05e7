/** Everything that a store shows, beside everything that the model says. */
import assert from 'node:assert/strict'
import type {Store} from '../../../src/store/store.js'
import {type Channel, isClaimed, isHeld, type Model, storeDue, unreadOf} from './model.js'

export const CHANNELS = ['ops', 'box'] as const
export const READERS = ['alice', 'bob'] as const
export const GROUPS = ['workers', 'bob'] as const

/** @throws AssertionError where they differ */
export async function expectSame(store: Store, model: Model): Promise<void> {
  storeDue(model)
  assert.deepEqual(await shownBy(store), saidBy(model))
  await expectSamePlaces(store, model)
}

/** A seq that was given names that message for ever, and no other. */
async function expectSamePlaces(store: Store, {channels, places}: Model): Promise<void> {
  for (const name of Object.keys(channels))
    for (const {seq, id} of await messagesOf(store, name))
      assert.equal(id, places[`${name}/${seq}`], `${name}/${seq} was another message before`)
}

async function messagesOf(store: Store, name: string) {
  const channels = [{name, all: true, after: 0}]
  const query = {channels, actor: 'alice', order: 'forward', limit: 1000, expired: true} as const
  return (await store.messages.scan(query)).messages
}

async function shownBy(store: Store): Promise<object> {
  const shown: Record<string, unknown> = {}
  for (const name of CHANNELS) {
    const channel = await store.channels.get(name)
    if (!channel) continue
    const dead = await store.deadLetters.list({channel: name, limit: 1000})
    shown[name] = {
      state: channel.state,
      lastSeq: channel.lastSeq,
      messages: (await messagesOf(store, name)).map(({seq, body}) => `${seq} ${body}`),
      readers: await readersOf(store, name),
      groups: await groupsOf(store, name),
      dead: dead.map(({message, group = '-'}) => `${message.seq} ${group}`).sort(),
    }
  }
  const scheduled = (await store.messages.scheduled({})).map(({message}) => `${message.id} ${message.channel}`)
  return {...shown, scheduled}
}

async function readersOf(store: Store, channel: string): Promise<string[]> {
  const lines: string[] = []
  for (const reader of READERS) {
    const found = await store.consumers.get({channel, kind: 'reader', name: reader})
    const unread = await store.consumers.unread({channel, reader}, {actor: reader})
    if (found) lines.push(`${reader} at ${found.cursor}, ${unread} unread${found.held ? ', held' : ''}`)
  }
  return lines
}

/** How far a group looks over what isn't for it is the engine's own affair. */
async function groupsOf(store: Store, channel: string): Promise<string[]> {
  const lines: string[] = []
  for (const name of GROUPS) {
    const found = await store.consumers.get({channel, kind: 'workers', name})
    if (!found) continue
    const tasks = await store.claims.inFlight({channel, group: name})
    const told = tasks.map(({seq, state, attempt}) => `${seq} ${state} ${attempt}`)
    lines.push(`${name}: ${told.join(', ')}`)
  }
  return lines
}

function saidBy({channels, delayed, now}: Model): object {
  const said: Record<string, unknown> = {}
  for (const [name, channel] of Object.entries(channels))
    said[name] = {
      state: channel.state,
      lastSeq: channel.lastSeq,
      messages: channel.messages.map(({seq, body}) => `${seq} ${body}`),
      readers: saidOfReaders(channel, now),
      groups: saidOfGroups(channel, now),
      dead: [...channel.dead].sort(),
    }
  const waiting = [...delayed].sort((a, b) => a.deliverAt - b.deliverAt || (a.id < b.id ? -1 : 1))
  return {...said, scheduled: waiting.map(({id, channel}) => `${id} ${channel}`)}
}

const saidOfReaders = (channel: Channel, now: number): string[] =>
  READERS.flatMap((name) => {
    const reader = channel.readers[name]
    if (!reader) return []
    const unread = unreadOf(channel, name, now).length
    return [`${name} at ${reader.cursor}, ${unread} unread${isHeld(reader, now) ? ', held' : ''}`]
  })

const saidOfGroups = (channel: Channel, now: number): string[] =>
  GROUPS.flatMap((name) => {
    const group = channel.groups[name]
    if (!group) return []
    const tasks = [...group.tasks].sort((a, b) => a.seq - b.seq)
    const told = tasks.map((task) => `${task.seq} ${isClaimed(task, now) ? 'claimed' : 'waiting'} ${task.attempt}`)
    return [`${name}: ${told.join(', ')}`]
  })
