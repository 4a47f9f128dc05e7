import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Bus} from '../../src/index.js'
import {background, runs, until} from './background.js'
import {filled} from './filled.js'
import type {Result} from './leat.js'

const MiB = 1024 * 1024

/** A world with a channel `jobs` of so many messages, `1`, `2`, …, and a channel `results`. */
async function withJobs(count: number) {
  const made = await filled(0)
  const bus = await made.bus()
  for (const name of ['jobs', 'results']) await bus.createChannel(name)
  for (let body = 1; body <= count; body++) await bus.send('jobs', {body: String(body)})
  return {...made, alice: bus}
}

const outcomes = (result: Result): string[] =>
  result.jsonLines().map(({seq, attempt, outcome, reason}) => [seq, attempt, outcome, reason].filter(Boolean).join(' '))

async function bodies(bus: Bus, channel: string) {
  const found = []
  for await (const {body} of bus.log([channel])) found.push(body)
  return found
}

describe('what becomes of a message', () => {
  test('exit 0 finishes it; its command has the content, the attempt and the claim', async () => {
    const {leat, alice} = await withJobs(3)
    const worked =
      await leat`work jobs --until-empty -- sh -c 'cat; echo " $LEAT_MSG_REF $LEAT_MSG_ATTEMPT $LEAT_CLAIM"'`
    expect(worked.code).toBe(0)
    expect(worked.stdout).toMatch(/^1 jobs\/1 1 \S{20,}\n2 jobs\/2 1 \S{20,}\n3 jobs\/3 1 \S{20,}\n$/)
    expect(worked.stderr).toBe('')
    expect(await alice.inFlight({channel: 'jobs', group: 'workers'})).toEqual([])
  })

  test('failures come again until they are dead, or at once by their exit code', async () => {
    const {leat, alice} = await withJobs(6)
    const script = `echo "said by $LEAT_MSG_REF" >&2
      case $LEAT_MSG_SEQ$LEAT_MSG_ATTEMPT in
        1?) echo one;; 2?) exit 3;; 3?) exit 65;; 41) exit 1;; 4?) ;; 5?) kill -9 $$;; 6?) no-such-command;;
      esac`
    const flags = ['--max-attempts', 2, '--backoff', '10ms', '--dead-on-exit', '64,65', '--until-empty']
    const worked = await leat`--json work jobs ${flags} -- sh -c ${script}`
    expect(worked.code).toBe(7)
    expect(worked.error()).toEqual({
      code: 'PARTIAL',
      message: 'jobs: 4 messages became dead letters',
      hint: 'leat dead list jobs',
    })
    expect(outcomes(worked).sort()).toEqual([
      '1 1 done',
      '2 1 retry exit code 3',
      '2 2 dead exit code 3',
      '3 1 dead exit code 65',
      '4 1 retry exit code 1',
      '4 2 done',
      '5 1 retry killed by SIGKILL',
      '5 2 dead killed by SIGKILL',
      '6 1 retry exit code 127',
      '6 2 dead exit code 127',
    ])
    const of = (seq: number) => worked.jsonLines().find((line) => line.seq === seq)
    expect(of(1)).toEqual({
      ...{channel: 'jobs', seq: 1, id: expect.any(String), group: 'workers', attempt: 1},
      ...{outcome: 'done', exitCode: 0},
    })
    expect(of(2)).toMatchObject({exitCode: 3, detail: 'said by jobs/2', delay: expect.any(Number)})
    expect(of(5)).toMatchObject({signal: 'SIGKILL'})
    // With --json the commands' own output goes to stderr, all of it.
    expect(worked.stderr).toMatch(/^one$/m)
    expect(worked.stderr).toMatch(
      /^jobs\/3 failed \(attempt 1 of 2\): exit code 65; given up: leat dead show jobs\/3$/m,
    )
    expect(worked.stderr).toMatch(/^jobs\/4 failed \(attempt 1 of 2\): exit code 1; again in (\d|10)ms$/m)
    const letters = []
    for await (const {message, attempts, reason, detail} of alice.deadLetters({channel: 'jobs'}))
      letters.push([message.seq, attempts, reason, detail])
    expect(letters.sort()).toMatchObject([
      [2, 2, 'exit code 3', 'said by jobs/2'],
      [3, 1, 'exit code 65', 'said by jobs/3'],
      [5, 2, 'killed by SIGKILL', 'said by jobs/5'],
      [6, 2, 'exit code 127', expect.stringContaining('no-such-command')],
    ])
    // Only what died in this run counts.
    expect((await leat`work jobs --until-empty -- true`).code).toBe(0)
  })

  test('a command that takes too long is killed with all that it has started', async () => {
    const {leat, dir} = await withJobs(1)
    const script = `sh -c 'echo $$ > ${join(dir, 'child')}; while :; do sleep 0.1; done' & while :; do sleep 0.1; done`
    const worked = await leat`--json work jobs --timeout 1s --max-attempts 1 --until-empty -- sh -c ${script}`
    expect([worked.code, outcomes(worked)]).toEqual([7, ['1 1 dead timed out after 1s']])
    expect(runs(Number(readFileSync(join(dir, 'child'))))).toBe(false)
  })

  test('a command that leaves its stdin, forks or floods stops nobody', async () => {
    const {leat, alice, dir} = await withJobs(0)
    await alice.send('jobs', {body: 'x'.repeat(MiB)})
    for (let count = 0; count < 3; count++) await alice.send('jobs', {body: 'y'})
    const script = `case $LEAT_MSG_SEQ in
        1) ;;
        2) sleep 60 & echo $! > ${join(dir, 'left')};;
        3) head -c 20000000 /dev/zero;;
        4) wc -c;;
      esac`
    const worked = await leat`--json work jobs --into results --max-attempts 1 --until-empty -- sh -c ${script}`
    expect(outcomes(worked)).toEqual([
      '1 1 done',
      '2 1 done',
      '3 1 dead the output of the command has more than 16 MiB',
      '4 1 done',
    ])
    const left = Number(readFileSync(join(dir, 'left')))
    expect(runs(left)).toBe(true)
    process.kill(left)
    expect(await bodies(alice, 'results')).toEqual(['1'])
  })
})

describe('--into', () => {
  test('sends what is printed, once a message: text without its last newline, bytes as they are, nothing for nothing', async () => {
    const {leat, alice} = await withJobs(4)
    const script = `case $LEAT_MSG_SEQ in 1) echo one; echo two;; 2) ;; 3) printf '\\377\\000';; 4) printf '{"a": 1.0}\\n';; esac`
    const worked = await leat`work jobs --into results --until-empty -- sh -c ${script}`
    expect(worked).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect(await bodies(alice, 'results')).toEqual(['one\ntwo', Buffer.from([0xff, 0]), '{"a": 1.0}'])
    const bad =
      await leat`work jobs --group j --into results -J --max-attempts 1 --until-empty --json -- sh -c ${script}`
    expect(bad.code).toBe(7)
    expect(outcomes(bad)).toEqual([
      expect.stringMatching(/^1 1 dead the output of the command: the content is not valid JSON: /),
      '2 1 done',
      expect.stringMatching(/^3 1 dead the output of the command: the content is not UTF-8/),
      '4 1 done',
    ])
  })

  test('--lines and --jsonl send several, all or none', async () => {
    const {leat, alice} = await withJobs(1)
    expect((await leat`work jobs --into results --lines --count 1 -- printf ${'a\\n\\nb\\r\\nc'}`).code).toBe(0)
    expect(await bodies(alice, 'results')).toEqual(['a', 'b', 'c'])
    const good = '{"type": "sum", "content": {"n": 12345678901234567890}}'
    const flags = ['--into', 'results', '--jsonl', '--max-attempts', 1, '--until-empty', '--json']
    const bad = await leat`work jobs --group g ${flags} -- sh -c ${`echo '${good}'; echo '{"text": 1}'`}`
    expect(outcomes(bad)).toEqual(['1 1 dead line 2 of the output of the command: unknown field "text"'])
    expect((await leat`work jobs --group h ${flags} -- echo ${good}`).code).toBe(0)
    expect(await bodies(alice, 'results')).toEqual(['a', 'b', 'c', '{"n": 12345678901234567890}'])
  })
})

test('--concurrency runs so many at once, --count ends after so many', async () => {
  const {leat, dir, alice} = await withJobs(6)
  const here = join(dir, 'here')
  mkdirSync(here)
  // None of them goes on before three are there.
  const script = `touch ${here}/$LEAT_MSG_SEQ; while [ $(ls ${here} | wc -l) -lt 3 ]; do sleep 0.02; done; cat`
  const worked = await leat`work jobs --concurrency 3 --count 3 -- sh -c ${script}`
  expect([worked.code, [...worked.stdout].sort().join('')]).toEqual([0, '123'])
  expect(readdirSync(here).sort()).toEqual(['1', '2', '3'])
  expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
})

describe('told to stop', () => {
  /** A handler that says that it runs, and ends when it may. */
  const waiting = (dir: string): string =>
    `echo $$ > ${dir}/started; while [ ! -e ${dir}/go ]; do sleep 0.02; done; echo done`
  const started = (dir: string): number => Number(readFileSync(join(dir, 'started')))
  const ready = (dir: string): Promise<void> => until(() => expect(started(dir)).toBeGreaterThan(0))

  test('SIGTERM: what runs is finished, nothing new is begun, exit 0', async () => {
    const {env, dir, alice} = await withJobs(2)
    const worker = background(env)`work jobs -- sh -c ${waiting(dir)}`
    await ready(dir)
    worker.kill('SIGTERM')
    writeFileSync(join(dir, 'go'), '')
    expect(await worker.ended).toMatchObject({code: 0, stdout: 'done\n', stderr: ''})
    expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
    const [next] = await alice.claim('jobs')
    expect([next?.message.seq, next?.attempt]).toEqual([2, 1])
  })

  test('SIGINT: past the grace time commands are killed and their messages given back uncounted; dies of SIGINT', async () => {
    const {env, dir, alice} = await withJobs(1)
    const worker = background(env)`work jobs --grace 100ms -- sh -c ${waiting(dir)}`
    await ready(dir)
    worker.kill('SIGINT')
    const {signal, stderr} = await worker.ended
    expect([signal, stderr]).toEqual(['SIGINT', 'jobs/1 was not finished and is given back\n'])
    expect(runs(started(dir))).toBe(false)
    const [next] = await alice.claim('jobs')
    expect([next?.message.seq, next?.attempt]).toEqual([1, 1])
  })

  test('a second signal ends it at once, with its commands', async () => {
    const {env, dir, alice} = await withJobs(2)
    const worker = background(env)`work jobs --grace 1h -- sh -c ${`trap "" TERM; ${waiting(dir)}`}`
    await ready(dir)
    worker.kill('SIGTERM')
    // Two that come at once may be seen as one; another one is the second in any case.
    worker.kill('SIGTERM')
    worker.kill('SIGINT')
    const {code, signal} = await worker.ended
    expect(code).toBeNull()
    expect(['SIGTERM', 'SIGINT']).toContain(signal)
    await until(() => expect(runs(started(dir))).toBe(false))
    // The process is gone, so is its claim.
    expect((await alice.claim('jobs', {limit: 2})).map(({message, attempt}) => [message.seq, attempt])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  test('whoever reads its --json is gone: it ends, quietly', async () => {
    const {env, dir, alice} = await withJobs(2)
    const worker = background(env)`--json work jobs -- sh -c ${waiting(dir)}`
    await ready(dir)
    worker.hangUp()
    writeFileSync(join(dir, 'go'), '')
    expect(await worker.ended).toMatchObject({code: 0})
    expect(await alice.inFlight({channel: 'jobs'})).toEqual([])
  })
})

test('wrong usage is refused before anything is claimed', async () => {
  const {leat, alice} = await withJobs(1)
  const refused: [words: string[], exit: number, message: RegExp][] = [
    [['jobs'], 2, /^no command behind --$/],
    [['jobs', '--', './nowhere'], 2, /^can't run ".\/nowhere": no such command$/],
    [['jobs', '--dead-on-exit', '65,300', '--', 'cat'], 2, /^--dead-on-exit: "300" is not an exit code/],
    [['jobs', '--count', '0', '--', 'cat'], 2, /^--count: "0" is not a whole number/],
    [['jobs', '--timeout=-1', '--', 'cat'], 2, /^--timeout: "-1" is not a duration/],
    [['jobs', '--lease', '0s', '--', 'cat'], 2, /^--lease: "0s" is no time at all/],
    [['jobs', '--dead-on-exit', 'x', '--', 'cat'], 2, /^--dead-on-exit: "x" is not an exit code/],
    [['jobs', '--lines', '--', 'cat'], 2, /--into/],
    [['jobs', '--into', 'nowhere', '--', 'cat'], 3, /no channel "nowhere"/],
    [['nowhere', '--', 'cat'], 3, /no channel "nowhere"/],
  ]
  for (const [words, exit, message] of refused) {
    const result = await leat`--json work ${words}`
    expect([result.code, result.error().message], words.join(' ')).toEqual([exit, expect.stringMatching(message)])
  }
  expect((await alice.channel('jobs')).consumers).toEqual([])
})
