// What `leat follow` and `leat work` cost while nothing happens: memory, processor time, and the log of SQLite.
//   npm run bench:idle              10 minutes
//   npm run bench:idle -- 60        so many seconds
// Needs a system with /proc.
import {existsSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {inRoom} from './measuring/room.js'

const seconds = Number(process.argv[2] ?? 600)
// Ticks of /proc/PID/stat in a second: the same on every Linux, whatever the kernel was built with.
const TICKS = 100

const mib = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

/** Resident memory in bytes, and processor time in seconds. */
function usage({pid}) {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  // The name of the program stands in parentheses and may hold anything; fields are counted behind it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')
  return {rss: Number(kib) * 1024, cpu: (Number(fields[11]) + Number(fields[12])) / TICKS}
}

/** Until it is so. Throws when one of the processes ends meanwhile. */
async function until(isSo, processes) {
  while (!isSo()) {
    for (const [name, child] of Object.entries(processes))
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    await pause(50)
  }
}

await inRoom(async ({bus, store, folder, leat}) => {
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
  await pause(5000)
  const wal = () => statSync(`${store}-wal`).size
  const measure = () => ({
    wal: wal(),
    ...Object.fromEntries(Object.entries(processes).map(([name, child]) => [name, usage(child)])),
  })
  const before = measure()
  await pause(seconds * 1000)
  const after = measure()
  console.log(`idle for ${seconds} s`)
  for (const name of Object.keys(processes)) {
    const cpu = (100 * (after[name].cpu - before[name].cpu)) / seconds
    console.log(`${name.padEnd(6)}  RSS ${mib(before[name].rss)} → ${mib(after[name].rss)}  CPU ${cpu.toFixed(2)} %`)
  }
  console.log(`WAL     ${mib(before.wal)} → ${mib(after.wal)}`)
})
