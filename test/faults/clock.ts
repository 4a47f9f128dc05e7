/** Processes whose clocks differ: an hour behind, in 2020, ten years ahead. Each is faked for one process, by libfaketime. */
import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {type Bus, openBus} from '../../src/index.js'
import {assertSound, inFolder} from './folder.js'
import {type Around, leat} from './program.js'

const LIBRARY = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib']
  .map((folder) => `${folder}/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path))

/** Whether the system lets us tell a process another time. */
export const hasFaketime = LIBRARY !== undefined

/** What the clock of a process says, as libfaketime takes it. */
const CLOCKS: readonly (string | undefined)[] = [undefined, '-1h', '@2020-01-01 00:00:00', '+10y']

/** @param steady the steady clock, by which timers go, stays as it is */
const told = (clock: string | undefined, steady: boolean): Record<string, string> =>
  clock === undefined ? {} : {LD_PRELOAD: LIBRARY!, FAKETIME: clock, ...(steady && {FAKETIME_DONT_FAKE_MONOTONIC: '1'})}

const lines = (who: string, count: number): string =>
  Array.from({length: count}, (_, at) => `${who} ${at + 1}\n`).join('')

/**
 * Writers, readers and followers with each of the clocks: seqs have no gap, each writer's messages keep their order, every
 * follower sees all of them in order, and a reader that is told another time with each read gets each of them once.
 * @param runs so many runs of each clock send `messages` lines
 */
export const clocks = (runs: number, messages: number, steady = true) =>
  inFolder(async (home) => {
    const store = join(home, 'clock.db')
    const at = (clock: string | undefined, stdin?: string): Around => ({
      home,
      store,
      env: told(clock, steady),
      ...(stdin && {stdin}),
    })
    await ok(leat(at(undefined), 'channel', 'create', 'ops'))
    const total = CLOCKS.length * runs * messages
    const following = CLOCKS.map((clock) =>
      ok(leat(at(clock), 'follow', 'ops', '--from', 'start', '--count', String(total), '--json')),
    )
    const writing = CLOCKS.map(async (clock, who) => {
      for (let run = 0; run < runs; run++)
        await ok(leat(at(clock, lines(`${who}.${run}`, messages)), 'send', 'ops', '--lines'))
    })
    let [read, turn] = [[] as number[], 0]
    while (read.length < total) {
      const clock = CLOCKS[turn++ % CLOCKS.length]
      const some = await leat(at(clock), 'read', 'ops', '-n', '500', '--as', 'bob', '--json', '--wait', '30s')
      assert.ok(some.code === 0, `read: exit ${some.code} ${some.stderr}`)
      read = read.concat(seqsOf(some.stdout))
    }
    await Promise.all(writing)
    const all = Array.from({length: total}, (_, one) => one + 1)
    assert.deepEqual(read, all, 'a reader gets each once, in order')
    for (const followed of await Promise.all(following))
      assert.deepEqual(seqsOf(followed), all, 'a follower sees all, in order')
    const bus = await openBus({store, as: 'alice'})
    const [ids, last] = [new Set<string>(), new Map<string, number>()]
    for await (const {id, content} of bus.log(['ops'], {limit: total})) {
      ids.add(id)
      const [who, number] = String(content).split(' ')
      assert.equal(Number(number), (last.get(who!) ?? 0) + 1, `the order of ${who}`)
      last.set(who!, Number(number))
    }
    assert.equal(ids.size, total, 'every id is another')
    await bus.close()
    await assertSound(store)
    return {clocks: CLOCKS.length, messages: total, readers: 1, followers: CLOCKS.length, inversions: 0, skipped: 0}
  })

const seqsOf = (json: string): number[] =>
  json
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).seq as number)

async function ok(running: ReturnType<typeof leat>): Promise<string> {
  const {code, stdout, stderr} = await running
  assert.equal(code, 0, stderr)
  return stdout
}

/** What was claimed, put off, retried and kept by each clock, met by the true one. */
export const clockLeases = () =>
  inFolder(async (home) => {
    const store = join(home, 'clock.db')
    const at = (clock?: string): Around => ({home, store, env: told(clock, true)})
    await ok(leat(at(), 'channel', 'create', 'jobs'))
    await ok(leat(at(), 'channel', 'create', 'kept', '--max-age', '1h'))
    const bus = await openBus({store, as: 'alice'})
    try {
      for (const clock of CLOCKS) if (clock !== undefined) await claimsBy(bus, at(clock), clock)
      const pruned = await retention(bus, at)
      const expired = await tokensOf(bus, at)
      return {clocks: CLOCKS.length, stuckClaims: 0, stuckRetries: 0, prunedInDoubt: pruned, ...expired}
    } finally {
      await bus.close()
      await assertSound(store)
    }
  })

/** A claim by hand, a retry, and a worker that dies, each by a process of that clock: the true one is given all of it again. */
async function claimsBy(bus: Bus, around: Around, clock: string): Promise<void> {
  for (const body of ['by hand', 'again', 'died']) await bus.send('jobs', {body})
  await ok(leat(around, 'claim', 'jobs', '-n', '2', '--lease', '10m'))
  const [, second] = (await bus.inFlight({channel: 'jobs'})).map(({channel, seq}) => `${channel}/${seq}`)
  const nacked = await leat(around, 'nack', second!, '--delay', '1s')
  assert.equal(nacked.code, 0, `${clock}: its own claim is its own: ${nacked.stderr}`)
  // Killed in the middle of its work: it is known to be gone, whatever its lease says.
  await leat(around, 'work', 'jobs', '--', 'sh', '-c', 'kill -9 $PPID')
  const seen: string[] = []
  const report = await bus.work('jobs', async ({message}) => void seen.push(String(message.content)), {
    untilEmpty: true,
  })
  assert.equal(report.lost, 0)
  // A lease of a clock that is behind is over; one of a clock that is years ahead is none. Nothing waits for it.
  assert.deepEqual(seen.sort(), ['again', 'by hand', 'died'], clock)
  assert.deepEqual(await bus.inFlight({channel: 'jobs'}), [])
}

/** A clock ten years ahead deletes nothing by age with its first message. */
async function retention(bus: Bus, at: (clock?: string) => Around): Promise<number> {
  for (let count = 0; count < 10; count++) await bus.send('kept', {body: `${count}`})
  await ok(leat(at('+10y'), 'send', 'kept', '-m', 'from ten years ahead'))
  await leat(at('+10y'), 'channel', 'prune', 'jobs')
  let kept = 0
  for await (const _ of bus.log(['kept'], {limit: 100})) kept++
  assert.equal(kept, 11, 'nothing is pruned by a clock that can’t be believed')
  return 11 - kept
}

/** A token goes by the clock of the door; one that was made for an hour by a clock in 2020 is over. */
async function tokensOf(bus: Bus, at: (clock?: string) => Around): Promise<Record<string, number>> {
  await ok(leat(at('@2020-01-01 00:00:00'), 'token', 'create', '--for', 'bob', '--expires', '1h', '--json'))
  await ok(leat(at(), 'token', 'create', '--for', 'bob', '--expires', '1h', '--json'))
  const valid: string[] = []
  for (const token of await bus.tokens({})) if (Date.parse(token.expiresAt!) > Date.now()) valid.push(token.id)
  assert.equal(valid.length, 1)
  return {tokensOver: 1}
}
