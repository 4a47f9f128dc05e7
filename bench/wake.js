// How long it takes from a commit in this process to the line on the stdout of `leat follow`.
//   npm run bench:wake              with 1 follower, then with 20
//   npm run bench:wake -- 5 10      with so many
import {createInterface} from 'node:readline'
import {setTimeout as pause} from 'node:timers/promises'
import {inRoom} from './measuring/room.js'

const MESSAGES = 500
/** Milliseconds between a line and the next message: long enough that followers sleep again. */
const REST = 5

const given = process.argv.slice(2).map(Number)
const counts = given.length > 0 ? given : [1, 20]

const percentile = (sorted, percent) => sorted[Math.ceil((percent / 100) * sorted.length) - 1]

/** @returns milliseconds, one for each message and follower, from the shortest */
async function latencies({bus, leat}, followers) {
  const arrived = new Map()
  const waiting = new Map()
  const each = Array.from({length: followers}, () =>
    leat('follow', 'ops', '--format', '{content}', '--from', 'start', '--quiet'),
  )
  for (const child of each)
    createInterface({input: child.stdout}).on('line', (line) => {
      arrived.set(line, [...(arrived.get(line) ?? []), performance.now()])
      if (arrived.get(line).length === followers) waiting.get(line)?.()
    })
  const send = async (body) => {
    const all = new Promise((resolve) => waiting.set(body, resolve))
    await bus.send('ops', {body})
    const committed = performance.now()
    await all
    return arrived.get(body).map((at) => at - committed)
  }
  await send(`${followers} followers are awake`)
  const times = []
  for (let count = 1; count <= MESSAGES; count++) {
    await pause(REST)
    times.push(...(await send(`${followers}-${count}`)))
  }
  for (const child of each) child.kill('SIGKILL')
  return times.sort((a, b) => a - b)
}

for (const followers of counts)
  await inRoom(async (room) => {
    const times = await latencies(room, followers)
    const [p50, p99, max] = [50, 99, 100].map((percent) => `${percentile(times, percent).toFixed(2)} ms`)
    console.log(`${followers} follower${followers === 1 ? '' : 's'}: p50 ${p50}  p99 ${p99}  max ${max}`)
  })
