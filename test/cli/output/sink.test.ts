import {execFileSync} from 'node:child_process'
import {closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {expect, onTestFinished, test} from 'vitest'
import {Sink} from '../../../src/cli/output/sink.js'

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'leat-sink-'))
  onTestFinished(() => rmSync(dir, {recursive: true}))
  return dir
}

/** A pipe that nobody has read from yet. */
function fullPipe(): {writing: number; read(): Buffer} {
  const path = join(folder(), 'pipe')
  execFileSync('mkfifo', [path])
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writing = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  onTestFinished(() => {
    closeSync(reading)
    closeSync(writing)
  })
  const block = Buffer.alloc(1024 * 1024)
  return {
    writing,
    read: () => {
      try {
        return Buffer.from(block.subarray(0, readSync(reading, block)))
      } catch {
        return Buffer.alloc(0) // EAGAIN: nothing there now
      }
    },
  }
}

const body = Buffer.from(Array.from({length: 500_000}, (_, at) => at % 251))

test('what is written comes out in order, in blocks and at the end', () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  const fd = openSync(file, 'w')
  const sink = new Sink(fd)
  sink.write('a')
  expect(readFileSync(file, 'utf8')).toBe('')
  sink.write(body)
  expect(readFileSync(file).byteLength).toBe(1 + body.byteLength)
  sink.write('é')
  sink.flush()
  closeSync(fd)
  expect(readFileSync(file).equals(Buffer.concat([Buffer.from('a'), body, Buffer.from('é')]))).toBe(true)
})

test('many short texts come out as they are, however slowly they are read', async () => {
  const {writing, read} = fullPipe()
  const sink = new Sink(writing)
  const texts = Array.from({length: 20_000}, (_, at) => `${at} aé€😀 ${'x'.repeat(at % 97)}\n`)
  const got: Buffer[] = []
  for (const [at, text] of texts.entries()) {
    sink.write(text)
    if (at % 700 === 0) sink.write(Buffer.from([0xff]))
    if (sink.isBehind) got.push(read())
  }
  const draining = sink.drain()
  while (!(await Promise.race([draining.then(() => true), pause(1, false)]))) got.push(read())
  for (let more = read(); more.byteLength > 0; more = read()) got.push(more)
  const wanted = texts.flatMap((text, at) => [Buffer.from(text), ...(at % 700 === 0 ? [Buffer.from([0xff])] : [])])
  expect(Buffer.concat(got).equals(Buffer.concat(wanted))).toBe(true)
})

test('drain waits for a slow reader while timers go on', async () => {
  const {writing, read} = fullPipe()
  const sink = new Sink(writing)
  sink.write(body)
  sink.write('end')
  const got: Buffer[] = []
  const reader = setInterval(() => got.push(read()), 5)
  await sink.drain()
  clearInterval(reader)
  for (let rest = read(); rest.byteLength > 0; rest = read()) got.push(rest)
  expect(Buffer.concat(got).equals(Buffer.concat([body, Buffer.from('end')]))).toBe(true)
})

test('ease waits only when a block is pending', async () => {
  const {writing, read} = fullPipe()
  const sink = new Sink(writing)
  sink.write(Buffer.alloc(80_000)) // 64 KiB fit into the pipe
  await sink.ease()
  sink.write(Buffer.alloc(80_000))
  let eased = false
  const easing = sink.ease().then(() => {
    eased = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(eased).toBe(false)
  let size = 0
  for (let tries = 0; tries < 100 && !eased; tries++) {
    size += read().byteLength
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await easing
  expect(size + read().byteLength).toBe(160_000)
})
