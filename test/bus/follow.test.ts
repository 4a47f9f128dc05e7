import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {FollowOptions} from '../../src/bus/follow.js'
import type {FollowCursorOptions} from '../../src/bus/follow-cursor.js'
import {all, bodies, lines, numbered, refusal, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['build.a', 'build.b', 'ops']) await alice.createChannel(name)
})

/** A stream that is being followed: what has come so far, and how it is stopped. Begins before this returns. */
async function following(bus: Bus, channels: string[], options: FollowOptions = {}) {
  const got: string[] = []
  const stop = new AbortController()
  let done!: Promise<void>
  const begin = await new Promise((onBegin, reject) => {
    done = (async () => {
      for await (const message of bus.follow(channels, {signal: stop.signal, onBegin, ...options}))
        got.push(text(message))
    })()
    done.catch(reject)
  })
  return {
    got,
    begin,
    done,
    stop: () => stop.abort(),
    has: (texts: string[]) => vi.waitFor(() => expect(got).toEqual(texts)),
  }
}

const end = (bus: Bus, name: string) => bus.setChannelState(name, 'closed', {notifyEnd: true})

describe('what comes', () => {
  test('from now on, in order, until it is stopped, whoever sends from wherever', async () => {
    await sendEach(alice, 'ops', ['before'])
    const other = await w.elsewhere('alice')
    const stream = await following(bob, ['ops'])
    await sendEach(other, 'ops', numbered(3))
    await stream.has(numbered(3))
    await other.sendAll('ops', lines(numbered(450, 'x').map((body) => ({body}))))
    await stream.has([...numbered(3), ...numbered(450, 'x')])
    stream.stop()
    await stream.done
    expect(await bob.cursors()).toEqual([])
  })

  test.each<[string, FollowOptions, string[]]>([
    ['from the start', {from: 'start'}, ['m1', 'm2', 'm3', 'new']],
    ['from a seq, included', {from: '2'}, ['m2', 'm3', 'new']],
    ['behind a place', {after: 'ops/2'}, ['m3', 'new']],
    ['the newest first', {last: 2}, ['m2', 'm3', 'new']],
    ['the newest that match first', {last: 1, filter: {text: '1'}}, ['m1']],
    ['by type', {from: 'start', filter: {types: ['message']}}, ['m1', 'm2', 'm3', 'new']],
    ['of others', {from: 'start', others: true}, []],
    ['of one thread', {from: 'start', thread: 'ops/2'}, ['m2']],
  ])('%s', async (_, options, expected) => {
    await sendEach(alice, 'ops', numbered(3))
    const stream = await following(alice, ['ops'], options)
    await sendEach(alice, 'ops', ['new'])
    await stream.has(expected)
  })

  test('no gap and no repeat between the newest and what comes, however much comes meanwhile', async () => {
    await alice.sendAll('ops', lines(numbered(500).map((body) => ({body}))))
    const seqs: number[] = []
    for await (const {seq} of bob.follow(['ops'], {last: 300, count: 400})) {
      seqs.push(seq)
      if (seq % 50 === 0) await sendEach(alice, 'ops', numbered(20, 'late'))
    }
    expect(seqs).toEqual(Array.from({length: 400}, (_, index) => 201 + index))
  })

  test('only what the actor may see; a manager sees all', async () => {
    const [hers, his] = [await following(w.as('zoe'), ['ops']), await following(alice, ['ops'])]
    await sendEach(alice, 'ops', ['for bob'], {recipient: 'bob'})
    await sendEach(alice, 'ops', ['for all'])
    await his.has(['for bob', 'for all'])
    await hers.has(['for all'])
  })

  test('a message that falls due, without anybody touching the store', async () => {
    const stream = await following(bob, ['ops'])
    await alice.send('ops', {body: 'later', deliverAt: w.clock.now + 60_000})
    expect(stream.got).toEqual([])
    w.clock.now += 60_000
    await stream.has(['later'])
  })
})

describe('several channels', () => {
  test('names and globs; what begins to match is picked up from its start', async () => {
    const stream = await following(bob, ['ops', 'build.*'])
    expect(stream.begin).toMatchObject({channels: ['ops', 'build.a', 'build.b'], unmatched: []})
    await sendEach(alice, 'build.b', ['b'])
    await alice.createChannel('build.c')
    await sendEach(alice, 'build.c', ['c1', 'c2'])
    await stream.has(['b', 'c1', 'c2'])
    await alice.deleteChannel('build.a')
    await sendEach(alice, 'ops', ['o'])
    await stream.has(['b', 'c1', 'c2', 'o'])
  })

  test('a glob may match nothing at first; no names at all are all channels', async () => {
    const [none, every] = [await following(bob, ['new.*']), await following(bob, [])]
    expect(none.begin).toMatchObject({channels: [], unmatched: ['new.*']})
    await alice.createChannel('new.1')
    await sendEach(alice, 'new.1', ['n'])
    for (const stream of [none, every]) await stream.has(['n'])
  })

  test('a channel that goes on under another name that matches is not given again', async () => {
    w.clock.now += 1
    await alice.createChannel('build.z')
    await sendEach(alice, 'build.z', ['z1'])
    const stream = await following(bob, ['build.*'])
    await alice.renameChannel('build.z', 'build.y')
    await sendEach(alice, 'build.y', ['z2'])
    await stream.has(['z2'])
  })

  test('one that is named has to be there and stay', async () => {
    await expect(following(bob, ['nope'])).rejects.toMatchObject(refusal('NOT_FOUND', /no channel "nope"/))
    const [renamed, deleted] = [await following(bob, ['ops']), await following(bob, ['build.a', 'build.b'])]
    await alice.renameChannel('ops', 'ops2')
    await expect(renamed.done).rejects.toMatchObject(refusal('NOT_FOUND', /"ops" was deleted or renamed/))
    await alice.deleteChannel('build.b')
    await expect(deleted.done).rejects.toMatchObject(refusal('NOT_FOUND', /"build.b" was deleted or renamed/))
  })

  test('one that is not for the actor any more ends it, or leaves the glob', async () => {
    const [named, glob] = [await following(bob, ['ops']), await following(bob, ['o*', 'build.a'])]
    await alice.updateChannel('ops', {restricted: true})
    await sendEach(alice, 'ops', ['secret'])
    await expect(named.done).rejects.toMatchObject(refusal('FORBIDDEN'))
    await sendEach(alice, 'build.a', ['open'])
    await glob.has(['open'])
    await expect(following(bob, ['ops'])).rejects.toMatchObject(refusal('FORBIDDEN'))
  })

  test('a place means one channel; a position and the newest exclude each other', async () => {
    await sendEach(alice, 'ops', ['m'])
    await expect(following(bob, ['ops', 'build.a'], {from: '1'})).rejects.toMatchObject(refusal('USAGE', /one channel/))
    await expect(following(bob, ['ops'], {from: '1', last: 1})).rejects.toMatchObject(refusal('USAGE'))
    for (const options of [{count: 0}, {last: 0}, {count: 1.5}])
      await expect(following(bob, ['ops'], options)).rejects.toMatchObject(refusal('INVALID'))
    await expect(following(bob, ['x.*'], {from: 'neverland!'})).rejects.toMatchObject(refusal('INVALID'))
  })
})

describe('the end', () => {
  test('leat.end ends one channel, whatever the filter, and is not given', async () => {
    const [plain, filtered] = [await following(bob, ['ops']), await following(bob, ['ops'], {filter: {types: ['x']}})]
    await sendEach(alice, 'ops', ['last'])
    await end(alice, 'ops')
    await Promise.all([plain.done, filtered.done])
    expect([plain.got, filtered.got]).toEqual([['last'], []])
  })

  test('of several channels all have to end; one that goes on again has not', async () => {
    const stream = await following(bob, ['ops', 'build.a'])
    await end(alice, 'ops')
    await alice.setChannelState('ops', 'open')
    await sendEach(alice, 'ops', ['again'])
    await end(alice, 'build.a')
    await sendEach(alice, 'ops', ['and again'])
    await stream.has(['again', 'and again'])
    await end(alice, 'ops')
    await stream.done
  })

  test('from the start it is the first end; a channel closed with one is over from the beginning', async () => {
    await sendEach(alice, 'ops', ['m1'])
    await end(alice, 'ops')
    expect(await bodies(bob.follow(['ops'], {from: 'start'}))).toEqual(['m1'])
    expect(await bodies(bob.follow(['ops'], {last: 5}))).toEqual(['m1'])
    expect(await bodies(bob.follow(['ops']))).toEqual([])
    await alice.setChannelState('ops', 'open')
    const stream = await following(bob, ['ops'], {last: 5})
    await sendEach(alice, 'ops', ['m2'])
    await stream.has(['m1', 'm2'])
  })

  test('count', async () => {
    await sendEach(alice, 'ops', numbered(5))
    expect(await bodies(bob.follow(['ops'], {from: 'start', count: 3}))).toEqual(numbered(3))
    await end(alice, 'ops')
    await expect(all(bob.follow(['ops'], {from: 'start', count: 9}))).rejects.toMatchObject(
      refusal('TIMEOUT', '5 of 9 messages came to ops before the end'),
    )
  })

  test('idle: quietly, or as a failure where a count is not reached; what does not match is no reason to stay', async () => {
    await sendEach(alice, 'ops', numbered(2))
    expect(await bodies(bob.follow(['ops'], {from: 'start', idle: 20}))).toEqual(numbered(2))
    await expect(all(bob.follow(['ops'], {idle: 20, count: 1}))).rejects.toMatchObject(
      refusal('TIMEOUT', '0 of 1 messages came to ops and none for 0.02 s'),
    )
    const sent: Promise<unknown>[] = []
    const noise = setInterval(() => sent.push(alice.send('ops', {body: 'noise'})), 5)
    try {
      expect(await bodies(bob.follow(['ops'], {idle: 60, filter: {types: ['x']}}))).toEqual([])
    } finally {
      clearInterval(noise)
      await Promise.all(sent)
    }
  })

  test('a pace, which can be called off', async () => {
    await sendEach(alice, 'ops', numbered(3))
    const times: number[] = []
    for await (const _ of bob.follow(['ops'], {from: 'start', count: 3, every: 30})) times.push(performance.now())
    expect(Math.min(times[1]! - times[0]!, times[2]! - times[1]!)).toBeGreaterThanOrEqual(30)
    const slow = await following(bob, ['ops'], {from: 'start', every: 3_600_000})
    await slow.has(['m1'])
    slow.stop()
    await slow.done
  })

  test('stopped before or while it begins, it gives nothing', async () => {
    await sendEach(alice, 'ops', numbered(3))
    expect(await bodies(bob.follow(['ops'], {from: 'start', count: 9, signal: AbortSignal.abort()}))).toEqual([])
  })
})

describe('from a cursor', () => {
  /** As `following`, committing what comes. */
  async function taking(bus: Bus, channels: string[], options: FollowCursorOptions = {}) {
    const got: string[] = []
    const sizes: number[] = []
    const stop = new AbortController()
    const done = (async () => {
      for await (const taken of bus.followCursor(channels, {signal: stop.signal, ...options})) {
        got.push(...taken.messages.map(text))
        sizes.push(taken.messages.length)
        await taken.commit()
      }
    })()
    done.catch(() => {})
    return {
      got,
      sizes,
      done,
      stop: () => stop.abort(),
      has: (texts: string[]) => vi.waitFor(() => expect(got).toEqual(texts)),
    }
  }

  const cursorOf = async (bus: Bus, channel: string) => (await bus.cursor(channel)).cursor

  test('goes on behind what was committed, over several channels, and what comes', async () => {
    await sendEach(alice, 'ops', numbered(3))
    await sendEach(alice, 'build.a', ['a1'])
    await bob.setCursor('ops', '2')
    const stream = await taking(bob, ['ops', 'build.*'])
    await stream.has(['m3', 'a1'])
    await sendEach(alice, 'build.b', ['b1'])
    await alice.createChannel('build.c')
    await sendEach(alice, 'build.c', ['c1'])
    await stream.has(['m3', 'a1', 'b1', 'c1'])
    stream.stop()
    await stream.done
    expect([await cursorOf(bob, 'ops'), await cursorOf(bob, 'build.b')]).toEqual([3, 1])
  })

  test('waking for another channel takes no hold where nothing is new', async () => {
    const stream = await taking(bob, ['ops', 'build.a'], {count: 2})
    await vi.waitFor(async () => expect((await bob.cursors()).length).toBe(2))
    const moved = (await bob.cursor('build.a')).movedAt
    w.clock.now += 1000
    await sendEach(alice, 'ops', numbered(2))
    await stream.done
    expect((await bob.cursor('build.a')).movedAt).toBe(moved)
  })

  test('what is not committed comes again, and ends it', async () => {
    await sendEach(alice, 'ops', numbered(3))
    const seen: string[] = []
    for await (const taken of bob.followCursor(['ops'])) {
      seen.push(...taken.messages.map(text))
      await taken.commit(taken.messages[0]?.seq)
    }
    expect(seen).toEqual(numbered(3))
    expect(await cursorOf(bob, 'ops')).toBe(1)
    const again = await taking(bob, ['ops'], {count: 2})
    await again.done
    expect(again.got).toEqual(['m2', 'm3'])
  })

  test('never takes more than a count has left, and with a pace one at a time', async () => {
    await sendEach(alice, 'ops', numbered(9))
    const some = await taking(bob, ['ops'], {count: 5, limit: 3})
    await some.done
    expect([some.got, some.sizes, await cursorOf(bob, 'ops')]).toEqual([numbered(5), [3, 2], 5])
    const paced = await taking(bob, ['ops'], {count: 2, every: 1})
    await paced.done
    expect(paced.sizes).toEqual([1, 1])
  })

  test('leat.end is committed and not given, and what is behind it is left for the next time', async () => {
    await sendEach(alice, 'ops', numbered(2))
    await end(alice, 'ops')
    await alice.setChannelState('ops', 'open')
    await sendEach(alice, 'ops', ['m3'])
    for (const [texts, cursor] of [
      [['m1', 'm2'], 3],
      [['m3'], 5],
      [[], 5],
    ] as const) {
      const stream = await taking(bob, ['ops'])
      if (cursor === 5 && texts.length > 0) await end(alice, 'ops')
      await stream.done
      expect(stream.got).toEqual(texts)
      expect(await cursorOf(bob, 'ops')).toBe(cursor)
    }
  })

  test('leat.end that stands alone', async () => {
    const stream = await taking(bob, ['ops'])
    await end(alice, 'ops')
    await stream.done
    expect(await cursorOf(bob, 'ops')).toBe(1)
  })

  test('a filter needs a reader of its own', async () => {
    await sendEach(alice, 'ops', ['x'], {type: 'x'})
    await sendEach(alice, 'ops', ['y'])
    for (const options of [{filter: {types: ['x']}}, {others: true}, {thread: 'ops/1'}])
      await expect(all(bob.followCursor(['ops'], options))).rejects.toMatchObject(refusal('USAGE', /skip for ever/))
    const stream = await taking(bob, ['ops'], {reader: 'bob-x', filter: {types: ['x']}, idle: 20})
    await stream.done
    expect(stream.got).toEqual(['x'])
    expect((await bob.cursor('ops', 'bob-x')).cursor).toBe(2)
  })

  test('idle and count', async () => {
    await sendEach(alice, 'ops', ['m'])
    await expect((await taking(bob, ['ops'], {idle: 20, count: 2})).done).rejects.toMatchObject(
      refusal('TIMEOUT', /1 of 2/),
    )
    await (await taking(bob, ['ops'], {idle: 20})).done
  })
})
