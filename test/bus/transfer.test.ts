import {describe, expect, test} from 'vitest'
import {createBus} from '../../src/bus/bus.js'
import {exactJson} from '../../src/model/transfer.js'
import {exported, fillRichly, imported, substance} from './transferring.js'
import {all, bodies, numbered, refusal, sendEach, type World, world} from './world.js'

/** A world with an open channel of some messages. */
async function filled(count = 3): Promise<World> {
  const w = await world()
  await w.as('alice').createChannel('ops')
  await sendEach(w.as('alice'), 'ops', numbered(count))
  return w
}

const NOTHING = {
  stored: 0,
  there: 0,
  failed: 0,
  moved: 0,
  channels: [],
  restored: 0,
  left: 0,
  paused: [],
  unfinished: [],
  errors: [],
}

describe('a round trip', () => {
  test('of everything is exact', async () => {
    const [from, to] = [await world(), await world()]
    await fillRichly(from)
    to.clock.now = from.clock.now
    const lines = await exported(from.as('alice'), [], {all: true})
    const result = await imported(to.as('alice'), lines)
    expect(result).toMatchObject({failed: 0, moved: 0, left: 0, paused: [], unfinished: [], errors: []})
    expect(result.stored).toBe(lines.filter((line) => line.startsWith('{"seq"')).length)
    expect(substance(await exported(to.as('alice'), [], {all: true}))).toEqual(substance(lines))
    expect(lines.join('\n')).not.toMatch(/"(token|secret|hash)s?":/)
  })

  test('has each kind of record', async () => {
    const from = await world()
    await fillRichly(from)
    const lines = await exported(from.as('alice'), [], {all: true})
    const kinds = new Set(lines.map((line) => JSON.parse(line).record ?? 'message'))
    expect([...kinds].sort()).toEqual(
      [
        'channel',
        'consumer',
        'conversation',
        'deadLetter',
        'delivery',
        'end',
        'export',
        'grant',
        'message',
        'role',
        'scheduled',
        'subscription',
      ].sort(),
    )
  })

  test('goes on as the first store would: work, deliveries, delayed messages', async () => {
    const [from, to] = [await world(), await world()]
    await fillRichly(from)
    to.clock.now = from.clock.now
    await imported(to.as('alice'), await exported(from.as('alice'), [], {all: true}))
    const claimed = await Promise.all(
      [from, to].map(async (w) =>
        (await w.as('alice').claim('ops', {group: 'crew', limit: 9})).map(({message}) => message.seq),
      ),
    )
    expect(claimed[1]).toEqual(claimed[0])
    const unread = async (w: World): Promise<string[]> => (await all(w.as('bob').peek('ops'))).map(exactJson)
    expect(await unread(to)).toEqual(await unread(from))
    for (const w of [from, to]) w.clock.now += 25 * 3_600_000
    for (const w of [from, to]) await w.as('alice').channels()
    expect((await to.as('alice').channel('later')).state).toBe((await from.as('alice').channel('later')).state)
    expect(substance(await exported(to.as('alice'), ['later']))).toEqual(
      substance(await exported(from.as('alice'), ['later'])),
    )
  })

  test('what log prints is enough for the messages', async () => {
    const [from, to] = [await filled(), await world()]
    const {messageJson} = await import('../../src/model/message.js')
    const lines = (await all(from.as('alice').log(['ops']))).map((message) => messageJson(message))
    expect(await imported(to.as('bob'), lines)).toEqual({...NOTHING, stored: 3, channels: ['ops']})
    expect(await to.as('bob').channel('ops')).toMatchObject({state: 'open', createdBy: 'bob', lastSeq: 3})
    expect((await all(to.as('bob').log(['ops']))).map((message) => messageJson(message))).toEqual(lines)
  })

  test('a channel may come under another name, with all that belongs to it', async () => {
    const from = await world()
    await fillRichly(from)
    const lines = await exported(from.as('alice'), ['ops'], {all: true})
    const channels = new Map([['ops', 'old.ops']])
    const result = await imported(from.as('alice'), lines, {channels})
    expect(result).toMatchObject({channels: ['old.ops'], failed: 0, left: 0})
    const again = await exported(from.as('alice'), ['old.ops'], {all: true})
    // Dead letters have ids of their own, which are there already.
    const kept = (all: string[]): unknown[] => substance(all.filter((line) => !line.includes('"deadLetter"')))
    expect(kept(again.map((line) => line.replaceAll('"old.ops"', '"ops"')))).toEqual(kept(lines))
  })
})

describe('an import again', () => {
  test('does nothing', async () => {
    const [from, to] = [await world(), await world()]
    await fillRichly(from)
    const lines = await exported(from.as('alice'), [], {all: true})
    const first = await imported(to.as('alice'), lines)
    const before = substance(await exported(to.as('alice'), [], {all: true}))
    const again = await imported(to.as('alice'), lines)
    expect(again).toMatchObject({stored: 0, there: first.stored, failed: 0, channels: [], restored: 0})
    expect(substance(await exported(to.as('alice'), [], {all: true}))).toEqual(before)
  })

  test.each([1, 2, 4, 6, 9, 12, 15, 20, 26, 30])('goes on where one was cut off after %i lines', async (count) => {
    const [from, to] = [await world(), await world()]
    await fillRichly(from)
    to.clock.now = from.clock.now
    const lines = await exported(from.as('alice'), [], {all: true})
    const cut = await imported(to.as('alice'), lines.slice(0, count))
    expect(cut.errors).toEqual([{line: count, code: 'INVALID', message: expect.stringMatching(/cut off/)}])
    const channels = (await to.store.channels.all()).map(({name}) => name)
    expect(cut.unfinished.sort()).toEqual(channels)
    for (const name of channels)
      await expect(to.as('bob').send(name, {body: '1', contentType: 'application/json'})).rejects.toMatchObject({
        code: expect.stringMatching(/CLOSED|FORBIDDEN/),
      })
    const result = await imported(to.as('alice'), lines, {resume: true})
    expect(result).toMatchObject({failed: 0, moved: 0, left: 0, unfinished: [], there: cut.stored})
    expect(substance(await exported(to.as('alice'), [], {all: true}))).toEqual(substance(lines))
  })

  test('does not look at what is there when it resumes', async () => {
    const [from, to] = [await filled(5), await world()]
    const lines = await exported(from.as('alice'), ['ops'])
    await imported(to.as('alice'), lines.slice(0, 6))
    const broken = lines.map((line) => line.replace('"content":"m2"', '"content":nonsense'))
    expect(await imported(to.as('alice'), broken, {resume: true})).toEqual({...NOTHING, stored: 1, there: 4})
    await expect(imported(to.as('alice'), broken)).resolves.toMatchObject({failed: 1, there: 1})
  })

  test('is refused when what is there is from elsewhere', async () => {
    const [from, to] = [await filled(5), await filled(3)]
    const lines = await exported(from.as('alice'), ['ops'])
    const result = await imported(to.as('alice'), lines, {resume: true})
    expect(result).toMatchObject({
      stored: 0,
      errors: [{code: 'CONFLICT', message: expect.stringMatching(/not what the file has/)}],
    })
  })

  test('is refused while another export fills the channel', async () => {
    const [from, to] = [await filled(5), await world()]
    const [one, other] = [await exported(from.as('alice'), ['ops']), await exported(from.as('alice'), ['ops'])]
    await imported(to.as('alice'), one.slice(0, 3))
    expect(await imported(to.as('alice'), other)).toMatchObject({errors: [{line: 2, code: 'CONFLICT'}]})
    expect(await imported(to.as('alice'), one)).toMatchObject({stored: 4, there: 1, unfinished: []})
    expect(await imported(to.as('alice'), other)).toMatchObject({stored: 0, there: 5})
  })

  test('an export of a channel that is being filled says nothing of that', async () => {
    const [from, middle, to] = [await filled(3), await world(), await world()]
    const lines = await exported(from.as('alice'), ['ops'])
    await imported(middle.as('alice'), lines.slice(0, 4))
    expect(await imported(to.as('alice'), await exported(middle.as('alice'), ['ops']))).toMatchObject({
      failed: 0,
      unfinished: [],
    })
    expect(await to.as('alice').channel('ops')).toMatchObject({state: 'closed', metadata: {}})
  })
})

describe('where messages are already', () => {
  test('others come behind them, under new seqs, and what belongs to them is left out', async () => {
    const [from, to] = [await filled(3), await filled(2)]
    await from.as('bob').setCursor('ops', '2')
    const lines = await exported(from.as('alice'), ['ops'], {all: true})
    expect(await imported(to.as('alice'), lines)).toEqual({...NOTHING, stored: 3, moved: 3, left: 1})
    expect(await bodies(to.as('alice').log(['ops']))).toEqual(['m1', 'm2', 'm1', 'm2', 'm3'])
    expect(await to.as('alice').cursors({channel: 'ops'})).toEqual([])
  })

  test('a channel that never had one is filled exactly, and keeps its settings', async () => {
    const [from, to] = [await filled(3), await world()]
    await from.as('bob').setCursor('ops', '2')
    await from.as('alice').pruneChannel('ops', {keep: 1})
    await to.as('alice').createChannel('ops', {title: 'mine'})
    const lines = await exported(from.as('alice'), ['ops'], {all: true})
    expect(await imported(to.as('alice'), lines)).toEqual({...NOTHING, stored: 1, restored: 1})
    expect(await to.as('alice').channel('ops')).toMatchObject({title: 'mine', lastSeq: 3, messages: 1})
    expect((await to.as('alice').cursor('ops', 'bob')).cursor).toBe(2)
  })

  test('a message that differs is told by its line; the others come or not, as is wanted', async () => {
    const from = await filled(4)
    const lines = await exported(from.as('alice'), ['ops'])
    const changed = lines.map((line) => line.replace('"content":"m2"', '"content":"other"'))
    for (const onError of ['stop', 'skip'] as const) {
      const to = await world()
      await imported(to.as('alice'), lines.slice(0, 4).concat('{"record":"end","messages":2}'))
      const result = await imported(to.as('alice'), changed, {onError})
      expect(result).toMatchObject({
        failed: 1,
        errors: [{line: 4, code: 'CONFLICT'}],
        stored: onError === 'skip' ? 2 : 0,
      })
      expect(await bodies(to.as('alice').log(['ops']))).toEqual(numbered(onError === 'skip' ? 4 : 2))
    }
  })
})

describe('who may', () => {
  test('a door imports nothing', async () => {
    const {store, clock, as} = await filled()
    const lines = await exported(as('alice'))
    const bus = createBus({store, actor: 'alice', door: 'http', clock: () => clock.now, ids: () => ''})
    await expect(imported(bus, lines)).rejects.toMatchObject(refusal('FORBIDDEN', /http/))
  })

  test('only who manages a channel says who sent what in it; a new one is the importer’s, or whose it was', async () => {
    const [from, to] = [await filled(), await world()]
    const lines = await exported(from.as('alice'), ['ops'])
    await to.as('root').grant({permissions: ['manage'], to: [{actor: 'root'}]})
    expect(await imported(to.as('bob'), lines)).toMatchObject({stored: 3})
    expect(await to.as('bob').channel('ops')).toMatchObject({createdBy: 'bob'})
    expect(await imported(to.as('eve'), lines)).toMatchObject({stored: 0, errors: [{line: 2, code: 'FORBIDDEN'}]})
    const other = await imported(to.as('root'), lines, {channels: new Map([['ops', 'copy']])})
    expect(other).toMatchObject({stored: 3})
    expect(await to.as('bob').channel('copy')).toMatchObject({createdBy: 'alice'})
  })

  test('roles and grants on all are for who administers', async () => {
    const [from, to] = [await world(), await world()]
    await fillRichly(from)
    const lines = await exported(from.as('alice'), [], {all: true})
    await to.as('root').grant({permissions: ['manage'], to: [{actor: 'root'}]})
    const result = await imported(to.as('alice'), lines, {onError: 'skip'})
    expect(result.errors.map(({code}) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expect(await to.as('root').roles()).toEqual([])
  })

  test('direct messages of others are exported by who manages', async () => {
    const {as} = await filled(1)
    await as('alice').send('ops', {body: 'for bob', recipient: 'bob'})
    const count = async (actor: string) =>
      (await exported(as(actor), ['ops'])).filter((line) => line.startsWith('{"seq"')).length
    expect([await count('alice'), await count('bob'), await count('eve')]).toEqual([2, 2, 1])
    await as('root').grant({permissions: ['manage'], to: [{actor: 'root'}]})
    await expect(exported(as('eve'), ['ops'], {all: true})).rejects.toMatchObject(refusal('FORBIDDEN', /manage/))
    expect(await exported(as('root'), ['ops'], {all: true})).toHaveLength(5)
  })

  test('a subscription that runs commands comes paused', async () => {
    const [from, to] = [await filled(), await world()]
    await from.as('alice').subscribe('ops', {transport: 'exec', endpoint: './run.sh'})
    await from.as('alice').subscribe('ops', {subscriber: 'bob', transport: 'http', endpoint: 'https://example.org'})
    const lines = await exported(from.as('alice'), ['ops'], {all: true})
    expect(await imported(to.as('alice'), lines)).toMatchObject({paused: ['ops alice']})
    const subscriptions = await to.as('alice').subscriptions({channel: 'ops'})
    expect(subscriptions.map(({subscriber, paused}) => [subscriber, paused])).toEqual([
      ['alice', true],
      ['bob', false],
    ])
  })
})

describe('what an export has', () => {
  test('what was there when it began, filtered as log filters', async () => {
    const {as} = await filled(5)
    await as('bob').send('ops', {body: '{"level":"error"}', contentType: 'application/json', type: 'alert'})
    const lines = async (options: Parameters<typeof exported>[2]) =>
      (await exported(as('alice'), ['ops'], options))
        .filter((line) => line.startsWith('{"seq"'))
        .map((line) => JSON.parse(line).seq)
    expect(await lines({filter: {types: ['alert']}})).toEqual([6])
    expect(await lines({filter: {where: ['level=error']}})).toEqual([6])
    expect(await lines({after: 'ops/3'})).toEqual([4, 5, 6])
    expect(await lines({from: 'ops/3', filter: {senders: ['alice']}})).toEqual([3, 4, 5])
    const walk = as('alice').export(['ops'])
    const seen: number[] = []
    for await (const part of walk) {
      if ('messages' in part) seen.push(...part.messages.map(({seq}) => seq))
      else if (part.record.record === 'channel') await as('bob').send('ops', {body: 'too late'})
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('what has expired only with everything', async () => {
    const {as, clock} = await filled(1)
    await as('alice').send('ops', {body: 'soon gone', expiresAt: clock.now + 10})
    clock.now += 20
    expect(await exported(as('alice'), ['ops'])).toHaveLength(4)
    expect(await exported(as('alice'), ['ops'], {all: true})).toHaveLength(5)
  })
})

describe('a dry run', () => {
  test('stores nothing, and says what would be', async () => {
    const [from, to] = [await world(), await filled(2)]
    await fillRichly(from)
    const lines = await exported(from.as('alice'), [], {all: true})
    const before = await exported(to.as('alice'), [], {all: true})
    const result = await imported(to.as('alice'), lines, {dryRun: true})
    expect(result).toMatchObject({channels: ['done', 'hr', 'later'], there: 0, failed: 0})
    expect(result.stored).toBeGreaterThan(9)
    expect(substance(await exported(to.as('alice'), [], {all: true}))).toEqual(substance(before))
  })
})
