import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {expect, test} from 'vitest'
import {GROUPS, helpObjects, helpText} from '../../src/cli/help.js'
import {EXIT_CODES} from '../../src/model/errors.js'
import {BIN, world} from './leat.js'

test('leat --help fits a screen, and is the same as leat help and leat -h', async () => {
  const {leat, dir} = world()
  const help = await leat`--help`
  expect(help).toMatchObject({code: 0, stderr: ''})
  expect(help.lines().length).toBeLessThanOrEqual(40)
  expect(help.lines().filter((line) => line.length > 80)).toEqual([])
  expect(help.lines().slice(0, 3)).toEqual([
    'leat: a message bus in one SQLite file. Channels, cursors, threads; no server.',
    '',
    'Usage: leat COMMAND [ARGUMENTS] [FLAGS]',
  ])
  expect((await leat`help`).stdout).toBe(help.stdout)
  expect((await leat`-h`).stdout).toBe(help.stdout)
  expect(existsSync(join(dir, 'data'))).toBe(false)
})

test('at a narrow terminal the pages break between words, and what one copies stays whole', async () => {
  const config = await Config.load({root: fileURLToPath(new URL('../..', import.meta.url))})
  for (const words of [['exit-codes'], ['environment'], ['scripting'], ['store'], ['send'], ['channel', 'create']]) {
    const lines = helpText(config, words, 80).split('\n')
    // What one copies: examples, and code.
    const long = lines.filter((line) => line.length > 80)
    expect(
      long.filter((line) => !/^ {2}\$ | {4,6}\S/.test(line)),
      words.join(' '),
    ).toEqual([])
    expect(lines.join(' ').split(/\s+/).sort()).toEqual(helpText(config, words).split(/\s+/).sort())
  }
})

test('every command stands in one group of the overview, and has what a command needs', async () => {
  const config = await Config.load({root: fileURLToPath(new URL('../..', import.meta.url))})
  const commands = (helpObjects(config, []) as {command: string}[]).map(({command}) => command)
  expect(commands.length).toBeGreaterThan(30)
  const entries = GROUPS.flatMap((group) => group.entries).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : entry.names,
  )
  expect([...new Set(commands.map((command) => command.split(' ')[0]))].sort()).toEqual([...entries].sort())
  for (const command of commands) {
    const [help] = helpObjects(config, command.split(' ')) as [CommandHelp]
    expect(help, command).toMatchObject({
      command,
      summary: expect.stringMatching(/^[A-Z].*\.$/),
      description: expect.any(String),
      usage: expect.stringMatching(
        new RegExp(
          `^leat ${command}( [A-Z[.\\]]+)* \\[FLAGS\\]( -- COMMAND\\.\\.\\.| \\[-- (COMMAND|-WORD)\\.\\.\\.\\])?$`,
        ),
      ),
    })
    expect(help.examples.length, command).toBeGreaterThanOrEqual(2)
    const flags = help.flags.map(({name}) => name)
    expect(flags, command).toEqual(expect.arrayContaining(['store', 'as', 'json', 'quiet', 'no-input', 'color']))
    for (const {name, description} of [...help.flags, ...help.args])
      expect(description, `${command} ${name}`).toMatch(/[.)]$/)
    expect(JSON.stringify(help), command).not.toMatch(/<%|"rest"/)
    expect(
      Math.max(
        ...helpText(config, command.split(' '))
          .split('\n')
          .map(({length}) => length),
      ),
      command,
    ).toBeLessThanOrEqual(120)
  }
})

interface CommandHelp {
  flags: {name: string; description: string}[]
  args: {name: string; description: string}[]
  examples: string[]
}

test('the page of a command is the same in all three ways to ask for it', async () => {
  const {leat} = world()
  const page = await leat`help channel create`
  expect(page).toMatchObject({code: 0, stderr: ''})
  expect(page.lines()[0]).toBe('Make a channel (and the store, if it is missing).')
  expect(page.stdout).toContain('\nUSAGE\n  $ leat channel create NAME [FLAGS]\n')
  expect(page.stdout).toContain('\nEXAMPLES\n  $ leat channel create ops')
  expect((await leat`channel create --help`).stdout).toBe(page.stdout)
  expect((await leat`channel create ops --title x -h`).stdout).toBe(page.stdout)
})

test('a topic alone shows what is in it', async () => {
  const {leat} = world()
  const topic = await leat`channel`
  expect(topic).toMatchObject({code: 0, stderr: ''})
  expect(topic.lines().slice(0, 3)).toEqual(['Make and manage channels.', '', 'COMMANDS'])
  expect(topic.stdout).toContain(
    '\n  leat channel create            Make a channel (and the store, if it is missing).\n',
  )
  expect((await leat`channel --help`).stdout).toBe(topic.stdout)
  expect((await leat`help channel`).stdout).toBe(topic.stdout)
  expect((await leat`channel --json`).jsonLines().map(({command}) => command)).toContain('channel rename')
})

test('leat --version says which one this is', async () => {
  const {leat} = world()
  expect((await leat`--version`).stdout).toMatch(/^leat \d+\.\d+\.\d+\n$/)
  expect((await leat`--json --version`).json()).toEqual({version: expect.stringMatching(/^\d+\.\d+\.\d+$/)})
})

test('help exit-codes names every exit code and every error code', async () => {
  const {leat} = world()
  const {stdout} = await leat`help exit-codes`
  for (const [name, code] of Object.entries(EXIT_CODES)) {
    const block = new RegExp(`^ +${code}  .*\\n.*\\b${name}\\b`, 'm')
    expect(stdout, name).toMatch(block)
  }
  expect(stdout).toMatch(/^ {2}0 {2}done/m)
  expect(stdout).toMatch(/^130 .*SIGINT/m)
  expect(stdout).toMatch(/^143 .*SIGTERM/m)
})

test('help environment names every variable that leat reads or sets', async () => {
  const {leat} = world()
  const {stdout} = await leat`help environment`
  for (const name of [
    'LEAT_STORE',
    'LEAT_AS',
    'LEAT_READER',
    'LEAT_CONTEXT',
    'LEAT_EDITOR',
    'XDG_CONFIG_HOME',
    'XDG_STATE_HOME',
    'LEAT_DEBUG',
    'LEAT_SMTP_URL',
    'LEAT_SMTP_FROM',
    'LEAT_DELIVERY_ID',
    'XDG_DATA_HOME',
    'CI',
    'NO_COLOR',
    'FORCE_COLOR',
    'TERM',
  ])
    expect(stdout).toContain(name)
  await leat`channel create ops`
  await leat`send ops root`
  await leat`send ops hi --to alice --reply-to ops/1 --conversation c --correlation-id x --reply-channel ops`
  const variables = [...(await leat`read ops --all -- env`).lines(), ...(await leat`work ops --count 1 -- env`).lines()]
  const names = variables.flatMap((line) => /^(LEAT_\w+)=/.exec(line)?.[1] ?? [])
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) expect(stdout).toContain(name)
  const documented = [...stdout.matchAll(/LEAT_MSG_\w+/g)].map(([name]) => name)
  expect(documented.filter((name) => name !== 'LEAT_MSG_REF' && !names.includes(name))).toEqual([])
})

test('pages come as JSON too', async () => {
  const {leat} = world()
  const text = (await leat`help scripting`).stdout
  expect((await leat`help scripting --json`).json()).toEqual({page: 'scripting', text: text.trimEnd()})
})

// ------------------------------------------------------------------------------------------------------- scripting

/** What each snippet prints, by the first words of its text. A snippet without an entry here fails. */
const PRINTED: readonly [heading: RegExp, stdout: RegExp][] = [
  [/^Send any text/, /^[0-9a-f-]{36}\n$/],
  [/^Send what a command prints/, /^[0-9a-f-]{36}\n$/],
  [/^Once a day/, /^[0-9a-f-]{36}\n$/],
  [/^JSON goes in/, /^[0-9a-f-]{36}\nalice: error in 12345678901234567890\n$/],
  [
    /^Handle each message once/,
    /^ops\/1 by alice: -5 °C, 100% sure\nops\/2 by alice: deploy to web-1\?\nops\/3 by alice: go ahead\n/,
  ],
  [/^The same in a loop/, /^doing: -5 °C, 100% sure\ndoing: deploy to web-1\?\ndoing: go ahead\n/],
  [/^Is there something new/, /^ops has news\n$/],
  [/^Wait for the next/, /^-5 °C, 100% sure\n$/],
  [/^Take what arrives/, /^-5 °C, 100% sure\ndeploy to web-1\?\n$/],
  [/^Answer requests/, /^HELLO\n$/],
  [/^Hand out work/, /^working on one\nworking on two\n$/],
  [/^Push what arrives/, /^-5 °C, 100% sure\n$/],
  [/^Let other programs in/, /^\{"actor":"web-1","door":"http"\}\n$/],
  [/^Tell errors apart/, /^no such channel\n$/],
  [/^Find messages/, /^deploy to web-1\?\n\d: 12345678901234567890\n$/],
  [/^Save the store/, /^(note\t.*\n)*$/],
  [/^Copy messages/, /^5\n$/],
  [/^Run many commands/, /^[0-9a-f-]{36}\n.*\tops\t.*\thello\n$/],
]

test('every snippet of help scripting runs', async () => {
  const {leat, dir, env} = world()
  await leat`channel create ops`
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'leat'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`)
  chmodSync(join(bin, 'leat'), 0o755)
  const page = (await leat`help scripting`).stdout
  const snippets = [...page.matchAll(/^(\S[^\n]*(?:\n\S[^\n]*)*)\n\n((?:(?: {4}[^\n]*)?\n)+)/gm)].map(
    ([, heading = '', code = '']) => ({
      heading,
      code: code.replace(/^ {4}/gm, ''),
    }),
  )
  expect(snippets.map(({heading}) => PRINTED.findIndex(([start]) => start.test(heading)))).toEqual(
    PRINTED.map((_, index) => index),
  )
  for (const [index, {heading, code}] of snippets.entries()) {
    const ran = spawnSync('bash', ['-euo', 'pipefail', '-c', code], {
      cwd: dir,
      env: {...env, LEAT_AS: 'alice', PATH: `${bin}:${env['PATH']}`},
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect({status: ran.status, stderr: ran.stderr.replace(/^.* is new to ops .*\n/, '')}, heading).toEqual({
      status: 0,
      stderr: '',
    })
    expect(ran.stdout, heading).toMatch(PRINTED[index]?.[1] as RegExp)
  }
})
