/** From a commit to the line on a follower's stdout, what waiting costs, and a request with its answer. */
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {figuresOf} from '../measuring/figures.js'
import {inRoom} from '../measuring/room.js'
import {ROOT} from '../measuring/root.js'
import {row} from '../measuring/row.js'

const FLOOR = join(ROOT, 'bench/suites/wake-floor.cjs')
/** Milliseconds after which a process that began to wait does nothing else. */
const SETTLED = 20_000

/** Milliseconds between a line and the next message: long enough that followers sleep again. */
const REST = 5
/** Messages in front of those that count: V8 compiles what runs often. */
const WARM = 100
/** Ticks of /proc/PID/stat in a second: the same on every Linux, whatever the kernel was built with. */
const TICKS = 100
const NEWLINE = 10

export async function measure({quick, say}) {
  const settings = {messages: quick ? 50 : 500, requests: quick ? 50 : 500, idle: `${quick ? 10 : 60} s`}
  const rows = []
  for (const followers of [1, 20]) {
    const many = `${followers} follower${followers === 1 ? '' : 's'}`
    for (const {name, start, aims} of [
      {name: `commit to line, ${many}`, start: following, aims: {aim: 2, aimP99: 15}},
      {name: `the same, ${followers} bare script${followers === 1 ? '' : 's'}`, start: bare, aims: {}},
    ]) {
      say(name)
      await inRoom(async (room) => {
        const times = await latencies(
          room,
          Array.from({length: followers}, () => start(room)),
          settings.messages,
        )
        rows.push(row({name, unit: 'ms', ...figuresOf(times), ...aims}))
      })
    }
  }
  say('request and answer')
  await inRoom(async (room) => {
    const times = await roundTrips(room, settings.requests)
    rows.push(row({name: 'request and answer', unit: 'ms', ...figuresOf(times), aim: 3}))
  })
  say('idle')
  await inRoom(async (room) => {
    for (const [name, percent] of Object.entries(await idle(room, quick ? 10 : 60)))
      rows.push(row({name: `idle ${name}`, unit: '% CPU', median: percent, aim: 0.5}))
  })
  return {settings: {...settings, synchronous: 'FULL', stdout: 'pipes'}, rows}
}

const following = ({leat}) => leat('follow', 'ops', '--format', '{content}', '--from', 'start', '--quiet')

const bare = ({store, node}) => node(FLOOR, store)

/** @returns milliseconds from a commit to the arrival of its line: one for each message and follower */
async function latencies({bus}, followers, messages) {
  const times = []
  let wanted = 0
  let arrived = 0
  let committed = 0
  let all = () => {}
  // As cheap as can be: the time of a chunk is taken once, and its lines are counted.
  for (const {stdout} of followers)
    stdout.on('data', (chunk) => {
      const at = performance.now()
      for (const byte of chunk)
        if (byte === NEWLINE) {
          times.push(at - committed)
          arrived++
        }
      if (arrived === wanted) all()
    })
  const send = async (body) => {
    wanted += followers.length
    const done = new Promise((resolve) => {
      all = resolve
    })
    // A line that is here before the sender goes on took no time: it is measured from the call then.
    committed = performance.now()
    await bus.send('ops', {body})
    if (arrived < wanted) committed = performance.now()
    if (arrived < wanted) await done
  }
  await send('everybody is awake')
  for (let count = 0; count < WARM; count++) await send(`warm ${count}`)
  times.length = 0
  for (let count = 0; count < messages; count++) {
    await pause(REST)
    await send(`message ${count}`)
  }
  return times
}

/** @returns milliseconds of each request to `leat respond --echo`, from the call to the answer */
async function roundTrips({bus, leat}, requests) {
  leat('respond', 'ops', '--echo', '--quiet')
  for (let count = 0; count < WARM; count++) await bus.request('ops', {body: `warm ${count}`})
  const times = []
  for (let count = 0; count < requests; count++) {
    await pause(REST)
    const began = performance.now()
    await bus.request('ops', {body: `request ${count}`})
    times.push(performance.now() - began)
  }
  return times
}

/** @returns percent of one core that waiting takes, by command */
async function idle({bus, folder, leat}, seconds) {
  const worked = join(folder, 'worked')
  const processes = {
    follow: leat('follow', 'ops', '--from', 'start', '--quiet'),
    work: leat('work', 'ops', '--quiet', '--', 'touch', worked),
  }
  let printed = 0
  processes.follow.stdout.on('data', (chunk) => {
    printed += chunk.length
  })
  // Both have had a message, and wait for the next.
  await bus.send('ops', {body: 'wake up'})
  await until(() => printed > 0 && existsSync(worked), processes)
  // Until V8 has given back what the start has left: not until then is a process idle.
  await pause(SETTLED)
  const before = cpuOf(processes)
  await pause(seconds * 1000)
  const after = cpuOf(processes)
  return Object.fromEntries(
    Object.keys(processes).map((name) => [name, (100 * (after[name] - before[name])) / seconds]),
  )
}

/** Seconds of processor time so far, by command. Needs /proc. */
const cpuOf = (processes) =>
  Object.fromEntries(
    Object.entries(processes).map(([name, {pid}]) => {
      // The name of the program stands in parentheses and may hold anything; fields are counted behind it.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')
      return [name, (Number(fields[11]) + Number(fields[12])) / TICKS]
    }),
  )

/** Until it is so. Throws when one of the processes ends meanwhile. */
async function until(isSo, processes) {
  while (!isSo()) {
    for (const [name, child] of Object.entries(processes))
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    await pause(50)
  }
}
