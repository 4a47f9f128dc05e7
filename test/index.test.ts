import {existsSync} from 'node:fs'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {type Bus, createHub, LeatError, Message, messageJson, openBus, openTransports} from '../src/index.js'
import {openMemory} from './store/memory/open.js'
import {DELIVERED, recipient, sendTo} from './transport/given.js'

let folder: string
const opened: Bus[] = []

const open = async (options: Parameters<typeof openBus>[0]): Promise<Bus> => {
  const bus = await openBus(options)
  opened.push(bus)
  return bus
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leat-index-'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const bus of opened.splice(0)) await bus.close()
  await rm(folder, {recursive: true})
})

test('a tour: what one process sent, the next one reads', async () => {
  const store = join(folder, 'events.db')
  const alice = await open({store, as: 'alice', create: true})
  const {id} = await alice.send('ops', {body: '{"n":1.0}', contentType: 'application/json'}, {create: true})
  await alice.close()

  const bob = await open({store, as: 'bob'})
  const messages: Message[] = []
  for await (const taken of bob.read('ops')) {
    messages.push(...taken.messages)
    await taken.commit()
  }
  expect(messages).toHaveLength(1)
  expect(messages[0]).toBeInstanceOf(Message)
  expect(messages[0]).toMatchObject({id, seq: 1, sender: 'alice', content: {n: 1}})
  expect(messageJson(messages[0]!)).toContain('"content":{"n":1.0}')
  expect(await bob.unread('ops')).toBe(0)
})

test('a store that is not there is NOT_FOUND and is not made', async () => {
  const store = join(folder, 'evnets.db')
  const error = await openBus({store, as: 'alice'}).catch((caught) => caught)
  expect(error).toBeInstanceOf(LeatError)
  expect(error).toMatchObject({code: 'NOT_FOUND', exitCode: 3})
  vi.stubEnv('LEAT_STORE', store)
  await expect(openBus()).rejects.toMatchObject({code: 'NOT_FOUND'})
  expect(existsSync(store)).toBe(false)
})

test('the default store is made on first use, where the environment says', async () => {
  vi.stubEnv('LEAT_STORE', '')
  vi.stubEnv('XDG_DATA_HOME', folder)
  await open({as: 'alice'})
  expect(existsSync(join(folder, 'leat', 'leat.db'))).toBe(true)
})

test('a file that is no store is refused', async () => {
  const store = join(folder, 'notes.txt')
  await writeFile(store, 'hello\n'.repeat(1000))
  await expect(openBus({store, as: 'alice', create: true})).rejects.toMatchObject({exitCode: 9})
})

test('who acts: as, else LEAT_AS, else the user', async () => {
  const store = openMemory()
  vi.stubEnv('LEAT_AS', 'carol')
  expect((await openBus({store})).context.actor).toBe('carol')
  expect((await openBus({store, as: 'alice'})).context.actor).toBe('alice')
  vi.stubEnv('LEAT_AS', '')
  expect((await openBus({store})).context.actor).toMatch(/^[A-Za-z0-9]/)
  await expect(openBus({store, as: 'no name'})).rejects.toMatchObject({code: 'INVALID'})
})

test('ids are UUIDs of version 7, in the order of sending', async () => {
  const bus = await open({store: openMemory(), as: 'alice'})
  const ids: string[] = []
  for (let n = 0; n < 20; n++) ids.push((await bus.send('ops', {body: 'x'}, {create: true})).id)
  expect(ids).toEqual(ids.toSorted())
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
})

test('transports for a bus: commands, other stores, connections, and those that a program brings', async () => {
  const store = join(folder, 'here.db')
  const bus = await open({store, as: 'alice', create: true})
  const other = await open({store: join(folder, 'there.db'), as: 'alice', create: true})
  await other.createChannel('queue')
  await bus.send('ops', {body: 'hi'}, {create: true})
  const sent = await bus.show('ops/1')
  const own = {name: 'own', isAvailable: () => true, send: async () => DELIVERED}
  const hub = createHub()
  const transports = await openTransports(bus, {env: {PATH: process.env['PATH']}, plugins: [own], hub})
  const deliver = (transport: string, endpoint?: string) => {
    const by = transports.get(transport)
    return by && sendTo(by, recipient({transport, endpoint}), {sent: sent.message})
  }
  try {
    expect(await deliver('own')).toEqual(DELIVERED)
    expect(await deliver('channel', `${join(folder, 'there.db')}#queue`)).toEqual(DELIVERED)
    expect(await deliver('exec', `echo "$LEAT_MSG_REF $LEAT_AS $LEAT_STORE" > '${folder}/out'`)).toEqual(DELIVERED)
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe(`ops/1 bob ${store}\n`)
    hub.sse.attach('bob', 'ops', {deliver: async () => true})
    expect(await deliver('sse')).toEqual(DELIVERED)
  } finally {
    await transports.close()
  }
  expect(await other.show('queue/1')).toMatchObject({message: {id: sent.message.id, sender: 'bob'}})
})
