import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Draft, Message} from '../../src/index.js'
import {background, runs, until} from './background.js'
import {filled} from './filled.js'

/** A channel `calc` for requests, whose answers go to `answers`. */
async function withCalc() {
  const made = await filled(0)
  const alice = await made.bus()
  for (const name of ['calc', 'answers']) await alice.createChannel(name)
  let asked = 0
  return {
    ...made,
    alice,
    ask: async (...requests: (Draft | string)[]) => {
      for (const request of requests) {
        const draft = typeof request === 'string' ? {body: request} : request
        await alice.send('calc', {correlationId: `q${++asked}`, replyChannel: 'answers', ...draft})
      }
    },
    /** `q1 text`, and for an error reply `q1 ! text`, in the order in which they came. */
    answers: async () => {
      const found: string[] = []
      for await (const message of alice.log(['answers'])) found.push(answerText(message))
      return found
    },
  }
}

const answerText = ({correlationId, type, body}: Message): string =>
  `${correlationId} ${type === 'leat.error' ? '! ' : ''}${typeof body === 'string' ? body : body.toString()}`

test('what a command prints is the answer; what it says at its end is the error', async () => {
  const {leat, ask, answers, alice} = await withCalc()
  await alice.send('calc', {body: 'no request'})
  await ask('1+1', 'fail', 'quiet', 'die', 'two lines', '')
  const script = `case $LEAT_MSG_CONTENT in
      1+1) echo 2;; fail) echo oops >&2; echo no; exit 3;; quiet) exit 4;; die) kill -9 $$;; two*) printf 'a\\nb\\n\\n';;
    esac`
  const responded = await leat({as: 'bob'})`respond calc --count 6 --json -- sh -c ${script}`
  expect(responded.code).toBe(0)
  expect(await answers()).toEqual([
    'q1 2',
    'q2 ! oops',
    'q3 ! exit code 4',
    'q4 ! killed by SIGKILL',
    'q5 a\nb\n',
    'q6 ',
  ])
  expect(
    responded.jsonLines().map(({seq, outcome, replies, failed, exitCode}) => [seq, outcome, replies, failed, exitCode]),
  ).toEqual([
    [2, 'done', 1, undefined, 0],
    [3, 'done', 1, 'oops', 3],
    [4, 'done', 1, 'exit code 4', 4],
    [5, 'done', 1, 'killed by SIGKILL', undefined],
    [6, 'done', 1, undefined, 0],
    [7, 'done', 1, undefined, 0],
  ])
  expect(responded.stderr.split('\n')).toEqual([
    'responding to calc as responders; end with Ctrl-C',
    'oops',
    'calc/3 got an error reply: oops',
    'calc/4 got an error reply: exit code 4',
    'calc/5 got an error reply: killed by SIGKILL',
    '',
  ])
  const [first] = await logged(alice.log(['answers'], {limit: 9}))
  expect(first).toMatchObject({sender: 'bob', recipient: 'alice', replyTo: expect.any(String)})
  expect((await alice.channel('calc')).consumers).toMatchObject([{kind: 'workers', name: 'responders', cursor: 7}])
})

async function logged(messages: AsyncIterable<Message>): Promise<Message[]> {
  const found = []
  for await (const message of messages) found.push(message)
  return found
}

describe('who answers what', () => {
  test('--on by type, the command behind -- for all others; nothing of a message is in a command', async () => {
    const {leat, ask, answers, dir} = await withCalc()
    const evil = '$(touch hacked); `touch hacked`'
    await ask({type: 'add', body: evil}, {type: 'mul', body: '6 7'}, {type: 'x;>hacked', body: 'other'})
    const on = ['--on', 'add=cat', '--on', 'mul=read a b; echo $((a * b)) "$1"']
    expect((await leat`respond calc --count 3 ${on} -- wc -c`).code).toBe(0)
    expect(await answers()).toEqual([`q1 ${evil}`, 'q2 42 ', 'q3 5'])
    await ask({type: 'sub', body: ''})
    expect((await leat`respond calc --count 1 ${on}`).stderr).toContain('no command for type sub')
    expect((await answers()).at(-1)).toBe('q4 ! no command for type sub; known: add, mul')
    expect((await leat`log --grep hacked --json`).lines()).toHaveLength(2)
    expect(() => readFileSync(join(dir, 'hacked'))).toThrow('ENOENT')
  })

  test('--echo answers with the request itself, whatever it is', async () => {
    const {leat, ask, alice} = await withCalc()
    await ask(
      {body: '{"n": 1.0}', contentType: 'application/json'},
      {body: Buffer.from([0, 255]), contentType: 'image/x'},
    )
    expect((await leat`respond calc --echo --count 2`).code).toBe(0)
    const [json, bytes] = await logged(alice.log(['answers']))
    expect(json).toMatchObject({body: '{"n": 1.0}', contentType: 'application/json'})
    expect(bytes).toMatchObject({body: Buffer.from([0, 255]), contentType: 'image/x'})
  })

  test('wrong usage', async () => {
    const {leat} = await withCalc()
    const refused: [words: string[], exit: number, message: RegExp][] = [
      [[], 2, /^nothing that could answer$/],
      [['--echo', '--', 'cat'], 2, /exclude each other/],
      [['--on', 'add=cat', '--on', 'add=wc'], 2, /^two commands for one type$/],
      [['--on', 'cat'], 2, /^--on "cat" is not NAME=VALUE$/],
      [['--', './nowhere'], 2, /^can't run ".\/nowhere": no such command$/],
    ]
    for (const [words, exit, message] of refused) {
      const result = await leat`--json respond calc ${words}`
      expect([result.code, result.error().message], words.join(' ')).toEqual([exit, expect.stringMatching(message)])
    }
  })
})

test('several answers by line or by object, and JSON that has to be JSON', async () => {
  const {leat, ask, answers, alice} = await withCalc()
  await ask('lines', 'objects', 'json', 'no json', 'nothing')
  expect((await leat`respond calc --lines --count 1 -- printf ${'a\\nb'}`).code).toBe(0)
  const objects = '{"content": "x", "type": "part"}\n{"content": [1.0]}'
  expect((await leat`respond calc --jsonl --count 1 -- echo ${objects}`).code).toBe(0)
  const script = 'case $LEAT_MSG_CONTENT in json) echo "{\\"n\\": 1.0}";; *json) echo no;; esac'
  expect((await leat`respond calc -J --count 3 -- sh -c ${script}`).code).toBe(0)
  expect(await answers()).toEqual([
    'q1 a',
    'q1 b',
    'q2 x',
    'q2 [1.0]',
    'q3 {"n": 1.0}',
    expect.stringMatching(/^q4 ! the output of the command: the content is not valid JSON: /),
    'q5 ! the command has printed nothing, which is not JSON',
  ])
  expect((await logged(alice.log(['answers']))).map(({type, contentType}) => `${type} ${contentType}`)).toEqual([
    ...['message text/plain', 'message text/plain', 'part text/plain', 'message application/json'],
    ...['message application/json', 'leat.error text/plain', 'leat.error text/plain'],
  ])
})

test('a command that takes too long, and one that says too much, are error replies', async () => {
  const {leat, ask, answers, dir} = await withCalc()
  await ask('slow', 'flood')
  const script = `case $LEAT_MSG_CONTENT in
      slow) sh -c 'echo $$ > ${join(dir, 'child')}; while :; do sleep 0.1; done' & while :; do sleep 0.1; done;;
      flood) head -c 20000000 /dev/zero;;
    esac`
  expect((await leat`respond calc --count 2 --concurrency 2 --timeout 2s -- sh -c ${script}`).code).toBe(0)
  expect((await answers()).sort()).toEqual([
    'q1 ! timed out after 2s',
    'q2 ! the output of the command has more than 16 MiB',
  ])
  expect(runs(Number(readFileSync(join(dir, 'child'))))).toBe(false)
})

test('a responder that goes on: says that it is there, answers at once, obeys control messages, ends by SIGTERM', async () => {
  const {env, ask, answers, alice} = await withCalc()
  const responder = background(env, {as: 'bob'})`respond calc --control --json -- cat`
  await responder.says(/^responding to calc as responders/m)
  expect((await alice.channel('calc')).consumers).toMatchObject([{workers: [{actor: 'bob'}]}])
  await ask('hi', {type: 'stop', body: ''})
  await responder.says(/"control":"stop"/)
  await ask('later', {type: 'start', body: ''})
  await responder.says(/"control":"start"/)
  await until(async () => expect((await answers()).sort()).toEqual(['q1 hi', 'q2 stopped', 'q3 later', 'q4 started']))
  responder.kill('SIGTERM')
  expect(await responder.ended).toMatchObject({code: 0})
  const again = background(env)`respond calc --control -- cat`
  await again.says(/^responding/m)
  await ask({type: 'remove', body: ''})
  expect(await again.ended).toMatchObject({code: 0})
  expect((await alice.channel('calc')).consumers).toEqual([])
})

test('request and respond: 20 asked at once by one actor, each gets its own answer; failures fail', async () => {
  const {env, leat, alice} = await withCalc()
  const responders = [1, 2].map(() => background(env, {as: 'bob'})`respond calc --concurrency 2 -- sh -c ${SQUARE}`)
  await Promise.all(responders.map((responder) => responder.says(/^responding/m)))
  const asked = Array.from({length: 20}, (_, number) => alice.request('calc', {body: String(number)}))
  expect((await Promise.all(asked)).map(({body}) => body)).toEqual(asked.map((_, number) => String(number ** 2)))
  expect(await leat`request calc -m 12 --timeout 20s`).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^144\n?$/),
  })
  const failed = await leat`--json request calc -m x --timeout 20s`
  expect([failed.code, failed.error().message]).toEqual([8, expect.stringContaining('not a number: x')])
})

const SQUARE = `read n; case $n in *[!0-9]*) echo "not a number: $n" >&2; exit 1;; esac; echo $((n * n))`
