/** The scripts of `leat completion` in the shells that they are for. */
import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {BIN, type World, world} from './leat.js'

const has = (program: string): boolean => spawnSync(program, ['-c', 'exit 0']).status === 0

/** Would leave a file behind if a shell ever ran it. */
const HOSTILE = '$(touch pwned)`touch pwned`"; touch pwned; \'$(touch pwned) %F{red} \\'

/** The same as one word. */
const HOSTILE_TYPE = 'a$(>pwned)'

/** A world with leat on its path, and messages whose text is out for trouble. */
async function stocked(): Promise<World> {
  const around = world()
  const bin = join(around.dir, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(bin, 'leat'), 0o755)
  Object.assign(around.env, {PATH: `${bin}:${around.env['PATH']}`, LEAT_AS: 'alice', SHELL: '/bin/sh'})
  const {leat} = around
  await leat`channel create ops --title ${HOSTILE}`
  await leat`channel create orders`
  await leat`send ops -m ${HOSTILE} --type ${HOSTILE_TYPE}`
  await leat`send ops -m ${'plain'} --type ${`it's"so`}`
  await leat`send ops -m x --type build:web`
  writeFileSync(join(around.dir, 'my file.txt'), 'x')
  return around
}

const run = ({env, dir}: World, program: string, script: string): string[] =>
  execFileSync(program, [...(program === 'zsh' ? ['-f'] : []), '-c', script], {env, cwd: dir})
    .toString()
    .split('\n')
    .filter((line) => line !== '')

const isUnharmed = ({dir}: World): boolean => !existsSync(join(dir, 'pwned'))

/** What bash puts into its line. @param piece what it would replace, as it cuts words at = and : */
const inBash = (around: World, line: string, piece: string, type = 9): string[] =>
  run(
    around,
    'bash',
    `source <(leat completion bash)
     COMP_LINE=${quoted(line)} COMP_POINT=${line.length} COMP_TYPE=${type}
     compopt() { echo "compopt $*"; }
     _leat leat ${quoted(piece)} ''
     printf '%s\\n' "\${COMPREPLY[@]}"`,
  )

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

describe.skipIf(!has('bash'))('bash', () => {
  test('is told where to find it', async () => {
    const around = await stocked()
    expect(run(around, 'bash', 'source <(leat completion bash); complete -p leat')[0]).toMatch(/-F _leat leat/)
  })

  test('commands, flags, channels and messages', async () => {
    const around = await stocked()
    expect(inBash(around, 'leat sen', 'sen')).toEqual(['send'])
    expect(inBash(around, 'leat send ops --typ', '--typ')).toEqual(['--type'])
    expect(inBash(around, 'leat send ', '')).toEqual(['ops', 'orders'])
    expect(inBash(around, 'leat show ops/', 'ops/')).toEqual(['ops/3', 'ops/2', 'ops/1'])
    expect(inBash(around, 'leat --as=al', 'al')).toEqual(['alice'])
    expect(isUnharmed(around)).toBe(true)
  })

  test('only what bash replaces, and quoted as the line is', async () => {
    const around = await stocked()
    expect(inBash(around, 'leat log ops --type build:', '')).toEqual(['web'])
    expect(inBash(around, 'leat log ops --type=build:w', 'w')).toEqual(['web'])
    expect(inBash(around, 'leat log ops --type "build:', 'build:')).toEqual(['build:web'])
    expect(inBash(around, 'leat log ops --type it', 'it')).toEqual([String.raw`it\'s\"so`])
    expect(inBash(around, 'leat log ops --type "it', 'it')).toEqual([String.raw`it's\"so`])
    expect(inBash(around, "leat log ops --type 'it", 'it')).toEqual([String.raw`it'\''s"so`])
    expect(inBash(around, 'leat log ops --type a', 'a')).toEqual([String.raw`a\$\(\>pwned\)`])
    expect(isUnharmed(around)).toBe(true)
  })

  test('what is put in comes back as the same word, and runs nothing', async () => {
    const around = await stocked()
    for (const type of ['a', 'it'])
      for (const open of ['', '"', "'"]) {
        const [word = ''] = inBash(around, `leat log ops --type ${open}${type}`, type)
        const ran = run(around, 'bash', `printf '%s\\n' ${open}${word}${open}`)
        expect(ran).toEqual([type === 'a' ? HOSTILE_TYPE : `it's"so`])
      }
    expect(isUnharmed(around)).toBe(true)
  })

  test('with what they are, where they are only listed', async () => {
    const around = await stocked()
    expect(inBash(around, 'leat show ops/', 'ops/', 63)[1]).toBe('ops/2  (alice: plain)')
    expect(isUnharmed(around)).toBe(true)
  })

  test('files are left to bash', async () => {
    const around = await stocked()
    expect(inBash(around, 'leat send ops --file my', 'my')).toEqual(['compopt -o default -o bashdefault'])
  })
})

describe.skipIf(!has('zsh'))('zsh (skipped where there is none)', () => {
  /** What zsh is given to complete, and what it shows of it. */
  const inZsh = (around: World, words: string, prefix: string): string[] =>
    run(
      around,
      'zsh',
      `compdef() { }
       source <(leat completion zsh)
       words=(${words}) CURRENT=$#words PREFIX=${quoted(prefix)}
       compadd() { print -rl -- $values; print -rl -- "shown:" $shown; }
       compset() { print -r -- "compset $*"; }
       _files() { print files; }
       _leat`,
    )

  test('commands, flags, channels and messages, and what they are', async () => {
    const around = await stocked()
    expect(inZsh(around, 'leat sen', 'sen')).toEqual([
      'send',
      'shown:',
      'send  -- Send a message to a channel, or to several.',
    ])
    const messages = inZsh(around, 'leat show ops/', 'ops/')
    expect(messages.slice(0, 3)).toEqual(['ops/3', 'ops/2', 'ops/1'])
    expect(messages.at(-1)).toMatch(/^ops\/1 {2}-- alice: \$\(touch pwned\)`touch pwned`/)
    expect(inZsh(around, "leat log 'ops' --type=it", '--type=it')[0]).toBe(`--type=it's"so`)
    expect(isUnharmed(around)).toBe(true)
  })

  test('files are left to zsh', async () => {
    const around = await stocked()
    expect(inZsh(around, 'leat send ops --file=my', '--file=my')).toEqual(['compset -P --file=', 'files'])
  })

  test('it is bound to leat', async () => {
    const around = await stocked()
    expect(run(around, 'zsh', 'compdef() { print "compdef $*"; }; source <(leat completion zsh)')).toEqual([
      'compdef _leat leat',
    ])
  })
})

describe.skipIf(!has('fish'))('fish (skipped where there is none)', () => {
  const inFish = (around: World, line: string): string[] =>
    run(around, 'fish', `leat completion fish | source; complete -C ${quoted(line).replaceAll("'\\''", "\\'")}`)

  test('commands, flags, channels and messages, and what they are', async () => {
    const around = await stocked()
    expect(inFish(around, 'leat sen')).toEqual(['send\tSend a message to a channel, or to several.'])
    expect(inFish(around, 'leat show ops/').slice(0, 2)).toEqual(['ops/3\talice: x', 'ops/2\talice: plain'])
    expect(inFish(around, 'leat log ops --type=bu')).toEqual(['--type=build:web'])
    expect(inFish(around, 'leat --as ')[0]).toBe('alice\tyou')
    expect(isUnharmed(around)).toBe(true)
  })

  test('files', async () => {
    const around = await stocked()
    expect(inFish(around, 'leat send ops --file my')).toEqual(['my file.txt'])
    expect(inFish(around, 'leat send ops --file=my')).toEqual(['--file=my file.txt'])
  })
})

describe('an answer', () => {
  test('makes no store, and changes none', async () => {
    const {leat, dir} = world()
    expect(await leat`--complete fish leat send ${''}`).toMatchObject({code: 0, stdout: 'words\n', stderr: ''})
    expect(readdirSync(dir)).toEqual([])
    await leat`channel create ops`
    await leat`send ops -m later --in 200ms`
    const due = Date.now() + 400
    while (Date.now() < due) await leat`--complete fish leat send ${''}`
    expect((await leat`--complete fish leat show ops/`).stdout).toBe('words\n')
    expect((await leat`log ops --raw`).stdout, 'who reads stores what is due').toBe('later\n')
    expect((await leat`--complete fish leat show ops/`).lines()).toEqual(['words', 'ops/1\talice: later'])
  })

  test('is what is known without the store, where that is broken or missing', async () => {
    const {leat, dir} = world()
    writeFileSync(join(dir, 'broken.db'), 'no store at all')
    for (const store of ['broken.db', 'missing.db', '.', '']) {
      expect(await leat`--complete fish leat --store ${store} send ${''}`).toMatchObject({
        code: 0,
        stdout: 'words\n',
        stderr: '',
      })
      expect((await leat`--complete fish leat --store ${store} send ops --ty`).lines()[1]).toMatch(/^--type\t/)
    }
    expect(readdirSync(dir)).toEqual(['broken.db'])
  })

  test.each([
    [[]],
    [['tcsh', 'leat', '']],
    [['bash']],
    [['zsh']],
    [['fish', 'leat']],
    [['bash', '\0'.repeat(0), 'x', 'y', 'z']],
  ])('to %j is no error', async (words) => {
    const {leat} = world()
    expect(await leat`--complete ${words}`).toMatchObject({code: 0, stderr: ''})
  })

  test('is for whom it is asked', async () => {
    const {leat} = world()
    await leat`channel create secret --restricted`
    expect((await leat`--complete fish leat read ${''}`).lines()).toEqual(['words', 'secret\t'])
    expect((await leat({as: 'bob'})`--complete fish leat read ${''}`).lines()).toEqual(['words'])
    expect((await leat`--complete fish leat read --as bob ${''}`).lines()).toEqual(['words'])
  })
})

test('an unknown shell is refused', async () => {
  const {leat} = world()
  expect(await leat`completion tcsh`).toMatchObject({code: 2})
  expect((await leat`completion fish --json`).json()).toMatchObject({
    shell: 'fish',
    script: expect.stringContaining('complete -c leat'),
  })
})
