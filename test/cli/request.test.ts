import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Bus, Draft} from '../../src/index.js'
import {background} from './background.js'
import {filled} from './filled.js'
import {hasTerminal, terminal} from './terminal.js'

const ANSWERS: Record<string, Draft[]> = {
  text: [{body: 'six'}],
  line: [{body: 'six\n'}],
  json: [{body: '{"n": 1.0}', contentType: 'application/json'}],
  bytes: [{body: new Uint8Array([0, 255]), contentType: 'application/octet-stream'}],
  evil: [{body: 'a\x1b[31mb'}],
  two: [{body: 'one'}, {body: 'two'}],
}

/** Somebody who answers what is asked: by its content, with an error where it is unknown. */
async function answering(bus: Bus) {
  const stop = new AbortController()
  const done = (async () => {
    for await (const {id, content} of bus.follow(['calc'], {from: 'start', signal: stop.signal})) {
      const answers = ANSWERS[String(content)]
      for (const answer of answers ?? []) await bus.reply(id, answer)
      if (!answers) await bus.reply(id, {body: `what is ${content}?`}, {error: true})
    }
  })()
  return async () => {
    stop.abort()
    await done
  }
}

async function calc() {
  const made = await filled(0)
  const bus = await made.bus()
  await bus.createChannel('calc')
  return {...made, alice: bus}
}

test('prints the content of the answer, in the form that is asked for', async () => {
  const {leat, dir, alice} = await calc()
  const stop = await answering(alice)
  const file = join(dir, 'answer')
  const ask = leat({as: 'bob'})
  const [text, line, raw, format, json, bytes, output, two, failed] = await Promise.all([
    ask`request calc text`,
    ask`request calc -m line`,
    ask`request calc text --raw`,
    ask`request calc json --format {sender}:{content.n}`,
    ask`request calc json --json`,
    ask`request calc bytes`,
    ask`request calc bytes --output ${file}`,
    ask`request calc two --replies 2`,
    ask`request calc -m ${'10 / 0'} --timeout 60s`,
  ])
  await stop()
  expect(text).toMatchObject({code: 0, stdout: 'six\n', stderr: ''})
  expect(line).toMatchObject({code: 0, stdout: 'six\n'})
  expect(raw).toMatchObject({code: 0, stdout: 'six'})
  expect(format).toMatchObject({code: 0, stdout: 'alice:1.0\n'})
  expect(json.json()).toMatchObject({channel: 'calc.replies', sender: 'alice', recipient: 'bob', content: {n: 1}})
  expect([...bytes.bytes]).toEqual([0, 255])
  expect([output.code, output.stdout, [...readFileSync(file)]]).toEqual([0, '', [0, 255]])
  expect(two).toMatchObject({code: 0, stdout: 'one\ntwo\n'})
  expect(failed).toMatchObject({
    code: 8,
    stdout: '',
    stderr: expect.stringMatching(/^leat: alice answered calc\/\d with an error: what is 10 \/ 0\?\n$/),
  })
})

test('no answer, no channel, no time', async () => {
  const {leat, alice} = await calc()
  const [none, unknown, ...wrong] = await Promise.all([
    leat`request calc hi --timeout 200ms --json`,
    leat`request nope hi`,
    leat`request calc hi --timeout -1`,
    leat`request calc hi --timeout 0s`,
    leat`request calc hi --replies 0`,
    leat`request calc hi --replies 2 --output x`,
  ])
  expect(none.code).toBe(4)
  expect(none.error()).toMatchObject({
    code: 'TIMEOUT',
    message: 'no answer to calc/1 within 0.2 s: no responder was ever seen',
    hint: expect.stringMatching(/^leat wait [0-9a-f-]{36}$/),
  })
  expect(unknown.code).toBe(3)
  expect(wrong.map(({code}) => code)).toEqual([2, 2, 2, 2])
  expect((await alice.channel('calc')).lastSeq).toBe(1)
})

test('with a key asking again gets the same answer; wait gets one that is there, comes, or does not', async () => {
  const {leat, env, alice} = await calc()
  const asked = background(env, {as: 'bob'})`request calc who --key once --timeout 60s`
  const [first] = await alice
    .follow(['calc'], {from: 'start'})
    [Symbol.asyncIterator]()
    .next()
    .then(({value}) => [value])
  const waiting = background(env, {as: 'bob'})`wait ${first.id.slice(-8)}`
  await alice.reply(first.id, {body: 'me'})
  expect(await asked.ended).toMatchObject({code: 0, stdout: 'me\n'})
  expect(await waiting.ended).toMatchObject({code: 0, stdout: 'me\n'})
  const [again, there, late] = await Promise.all([
    leat({as: 'bob'})`request calc who --key once`,
    leat({as: 'bob'})`wait calc/1 --json`,
    leat({as: 'bob'})`wait calc/1 --replies 2 --timeout 100ms`,
  ])
  expect(again).toMatchObject({code: 0, stdout: 'me\n'})
  expect(there.json()).toMatchObject({content: 'me', replyTo: first.id})
  expect(late).toMatchObject({code: 4, stdout: 'me\n', stderr: expect.stringContaining('1 of 2 answers to calc/1')})
  expect((await alice.channel('calc')).lastSeq).toBe(1)
})

test.skipIf(!hasTerminal)('at a terminal an answer is escaped, and ended by a newline', async () => {
  const {env, alice} = await calc()
  const stop = await answering(alice)
  expect(await terminal(env)`request calc evil`).toMatchObject({code: 0, text: 'a\\x1b[31mb\n'})
  await stop()
})
