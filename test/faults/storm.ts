/** Many processes that write to one store at once. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Bus, openBus} from '../../src/index.js'
import {listOf} from '../live/room.js'
import {assertSound, inFolder} from './folder.js'
import {BIN, environment, leat} from './program.js'

const SENDER = fileURLToPath(new URL('children/sender.js', import.meta.url))

/** Milliseconds for which a write waits for others, by law 11. */
const PATIENCE = 30_000

/** What a sender was told of a message: its number, its place, its id, whether it was there before. */
type Told = [number: number, seq: number, id: string, duplicate: boolean]

interface Sent {
  sent: Told[]
  /** Milliseconds that the longest send took. */
  longest: number
}

/** So many processes send so many messages each, one after the other, through the library. */
export const storm = (processes: number, messages: number) =>
  inStore(async (store, bus) => {
    const all = await sendAtOnce(store, processes, (as) => ({as, count: messages}))
    const longest = Math.max(...all.map((one) => one.longest))
    assert.ok(longest < PATIENCE, `a send took ${longest} ms`)
    await assertStored(
      bus,
      all.map(({sent}) => sent.map(([number, seq]) => [number, seq] as const)),
      processes * messages,
    )
    return {processes, messages: processes * messages, errors: 0, longestWaitMs: Math.round(longest)}
  })

/** So many shells run `leat send` in a loop. */
export const shellStorm = (shells: number, messages: number) =>
  inStore(async (store, bus, home) => {
    const script = `for n in $(seq ${messages}); do "$@" send storm --as "$NAME" -m "$NAME $n" --json || exit; date +%s%N; done`
    const all = await Promise.all(
      Array.from({length: shells}, async (_, at) => {
        const env = {...environment({home, store}), NAME: nameOf(at)}
        const shell = spawn('sh', ['-c', `date +%s%N; ${script}`, 'sh', process.execPath, BIN], {env, cwd: home})
        const said = heard(shell)
        const [code] = await once(shell, 'close')
        assert.equal(code, 0, said.errors())
        return storyOf(said.out())
      }),
    )
    const longest = Math.max(...all.map((one) => one.longest))
    assert.ok(longest < PATIENCE, `a send took ${longest} ms`)
    await assertStored(
      bus,
      all.map(({seqs}) => seqs.map((seq, at) => [at + 1, seq] as const)),
      shells * messages,
    )
    return {shells, messages: shells * messages, errors: 0, longestCommandMs: Math.round(longest)}
  })

/** Lines of a shell: the time, then a receipt and the time for each message. */
function storyOf(out: string): {seqs: number[]; longest: number} {
  const lines = out.trim().split('\n')
  const times = lines.filter((line) => /^\d+$/.test(line)).map((line) => Number(line) / 1e6)
  const seqs = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).sent[0].seq as number)
  return {seqs, longest: Math.max(...times.slice(1).map((time, at) => time - times[at]!))}
}

/** So many senders race for the same keys, each in an order of its own. */
export const keyRace = (processes: number, keys: number) =>
  inStore(async (store, bus) => {
    const all = await sendAtOnce(store, processes, (_, at) => {
      const numbers = Array.from({length: keys}, (_, one) => one + 1)
      // Half of them ask for the same key at the same time, the others come from elsewhere.
      const from = at % 2 === 0 ? 0 : Math.floor((at * keys) / processes)
      return {as: 'alice', keys: [...numbers.slice(from), ...numbers.slice(0, from)]}
    })
    const stored = await allOf(bus)
    assert.equal(stored.length, keys, 'a message for each key')
    const byKey = new Map(stored.map(({key, seq, id}) => [key, {seq, id}]))
    let firsts = 0
    for (const {sent} of all)
      for (const [number, seq, id, duplicate] of sent) {
        assert.deepEqual({seq, id}, byKey.get(`key-${number}`), `everyone is told the first place of key ${number}`)
        if (!duplicate) firsts++
      }
    assert.equal(firsts, keys, 'one sender was told that it was the first')
    return {senders: processes, keys, sends: processes * keys, messages: stored.length, firstsTold: firsts}
  })

/** So many `leat send --create` at once, where there is no store yet. */
export const firstOpening = (processes: number) =>
  inFolder(async (home) => {
    const store = join(home, 'new.db')
    const all = await Promise.all(
      Array.from({length: processes}, (_, at) => leat({home, store}, 'send', 'storm', '-m', `${at}`, '--create')),
    )
    for (const {code, stderr} of all) assert.equal(code, 0, stderr)
    assert.deepEqual(readdirSync(home), ['new.db'], 'one store, and nothing half made')
    const bus = await openBus({store, as: 'alice'})
    const stored = await allOf(bus)
    await bus.close()
    assert.deepEqual(
      stored.map(({content}) => Number(content)).sort((a, b) => a - b),
      Array.from({length: processes}, (_, at) => at),
    )
    await assertSound(store)
    return {processes, stores: 1, messages: stored.length}
  })

async function inStore<T>(work: (store: string, bus: Bus, home: string) => Promise<T>): Promise<T> {
  return inFolder(async (home) => {
    const store = join(home, 'storm.db')
    const bus = await openBus({store, as: 'alice', create: true})
    await bus.createChannel('storm')
    try {
      return await work(store, bus, home)
    } finally {
      await bus.close()
      await assertSound(store)
    }
  })
}

const nameOf = (at: number): string => `sender-${at}`

async function sendAtOnce(store: string, count: number, given: (as: string, at: number) => object): Promise<Sent[]> {
  const senders = Array.from({length: count}, (_, at) => {
    const words = [SENDER, JSON.stringify({store, ...given(nameOf(at), at)})]
    const child = spawn(process.execPath, words, {stdio: 'pipe'})
    return {child, said: heard(child), ended: once(child, 'close')}
  })
  for (const {child, said, ended} of senders)
    while (!said.out()) {
      await Promise.race([once(child.stdout, 'data'), ended])
      assert.equal(child.exitCode, null, said.errors())
    }
  for (const {child} of senders) child.stdin.write('go')
  return Promise.all(
    senders.map(async ({said, ended}) => {
      const [code] = await ended
      assert.equal(code, 0, said.errors())
      return JSON.parse(said.out().split('\n')[1]!) as Sent
    }),
  )
}

function heard(child: ChildProcess): {out: () => string; errors: () => string} {
  let [out, err] = ['', '']
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk))
  child.stderr!.on('data', (chunk: Buffer) => (err += chunk))
  return {out: () => out, errors: () => err}
}

const allOf = (bus: Bus) => listOf(bus.log(['storm'], {limit: Number.MAX_SAFE_INTEGER}))

/** Every message is there once, at the place that its sender was told, in the order in which it was sent; no seq is missing. */
async function assertStored(
  bus: Bus,
  told: readonly (readonly (readonly [number, number])[])[],
  total: number,
): Promise<void> {
  const stored = await allOf(bus)
  assert.deepEqual(
    stored.map(({seq}) => seq),
    Array.from({length: total}, (_, at) => at + 1),
  )
  for (const [at, places] of told.entries()) {
    const name = nameOf(at)
    const mine = stored.filter(({sender}) => sender === name)
    const found = mine.map(({content, seq}) => [Number(String(content).split(' ')[1]), seq])
    assert.deepEqual(found, places, `what ${name} sent`)
  }
}
