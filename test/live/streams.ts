/** Many writers and many followers, a kill and a clock that jumps. */
import assert from 'node:assert/strict'
import {inRoom, listOf, type Room, type Started} from './room.js'

const NAMES = ['a', 'b', 'c', 'd']
/** Milliseconds without a message after which a follower gives up. */
const IDLE = 60_000

/**
 * Every follower sees every message once and in seq order, while one writer is killed midway and started again (its
 * acknowledged messages are all there) and another's clock goes back an hour midway.
 */
export const streams = (each: number) =>
  inRoom(['stream'], async (room) => {
    const [killed = '', jumping = '', ...steady] = NAMES
    const half = Math.ceil(each / 2)
    const total = each * NAMES.length
    const followers = NAMES.map((name) =>
      room.start('follower', {name: `follower-${name}`, log: room.log(`seen-${name}`), count: total, idle: IDLE}),
    )
    const write = (name: string, more = {}): Started =>
      room.start('writer', {name, log: room.log(`acked-${name}`), first: 1, last: each, ...more})
    const others = [write(jumping, {backAt: half}), ...steady.map((name) => write(name))]
    const victim = write(killed, {tellAt: half})
    await victim.heard('there')
    await victim.kill()
    const ackedBefore = room.notes(`acked-${killed}`).length
    // What was sent and not acknowledged is sent again: under the same key it is stored once.
    others.push(write(killed, {first: ackedBefore + 1}))
    for (const process of [...others, ...followers]) assert.equal(await process.ended, 0)

    const stored = await storedOf(room)
    assert.equal(stored.length, total)
    for (const name of NAMES) {
      const acked = room.notes(`acked-${name}`).map(([number, seq]) => `${seq} ${name} ${number}`)
      assert.equal(acked.length, each)
      const own = stored.filter(({line}) => line.split(' ')[1] === name).map(({line}) => line)
      assert.deepEqual(acked, own, `what ${name} was told is where it was told`)
      const seen = room.notes(`seen-${name}`).map((words) => words.join(' '))
      assert.deepEqual(
        seen,
        stored.map(({line}) => line),
      )
    }
    assert.deepEqual(
      stored.map(({seq}) => seq),
      stored.map((_, at) => at + 1),
    )
    return {
      messages: total,
      followers: followers.length,
      ackedBeforeKill: ackedBefore,
      clockWentBack: jumpsBack(stored),
    }
  })

interface Stored {
  seq: number
  line: string
  time: number
}

async function storedOf({bus}: Room): Promise<Stored[]> {
  const messages = await listOf(bus.log(['stream']))
  return messages.map(({seq, content, time}) => ({seq, line: `${seq} ${content}`, time: Date.parse(time)}))
}

/** How often a message has a time that is half an hour or more before that of the message in front of it. */
const jumpsBack = (stored: readonly Stored[]): number =>
  stored.filter(({time}, at) => at > 0 && stored[at - 1]!.time - time >= 1_800_000).length
