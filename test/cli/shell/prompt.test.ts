/** `leat shell` at a terminal. */
import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from '../leat.js'
import {hasTmux, openPane, type Pane} from '../pane.js'

/** Until this was answered, and the next line is waited for. */
const answered = (pane: Pane, what: RegExp): Promise<void> =>
  pane.shows(new RegExp(`${what.source}[\\s\\S]* as \\w+ ›\\s*$`))

/** A shell with a channel in use. */
async function inOps() {
  const around = world()
  await around.leat`channel create ops --title Operations`
  await around.leat`send ops -m first`
  const pane = openPane(around.env)`shell`
  await pane.shows(/use CHANNEL.*help has the commands\s+leat as alice ›/)
  pane.type('use ops\r')
  await pane.shows('ops as alice ›')
  return {...around, pane, history: join(around.dir, '.local', 'state', 'leat', 'history')}
}

describe.skipIf(!hasTmux)('at a terminal (tmux)', () => {
  test('commands answer as at a terminal, and errors end nothing', async () => {
    const {pane} = await inOps()
    pane.type('send "it works"\r')
    await answered(pane, /sent: ops\/2/)
    pane.type('nonsense\r')
    await answered(pane, /leat: no command "nonsense"/)
    pane.type('as bob\r')
    await pane.shows('ops as bob ›')
    pane.type('exit 7\r')
    expect(await pane.ends()).toBe(7)
  })

  test('Ctrl-C ends what runs, clears what was typed; Ctrl-D ends the shell', async () => {
    const {pane, leat} = await inOps()
    pane.type('follow\r')
    await pane.shows('following ops')
    await leat`send ops -m ${'while it follows'}`
    await pane.shows('while it follows')
    pane.type('\x03')
    await pane.shows(/\^C\s+ops as alice ›$/m)
    pane.type('nonsense\x03')
    await pane.shows(/\^C\s+ops as alice › \^C\s+ops as alice ›$/m)
    pane.type('"open\r')
    await pane.shows('… ›')
    pane.type('\x03whoami\r')
    await answered(pane, /ACTOR\s+alice/)
    pane.type('\x04')
    expect(await pane.ends()).toBe(0)
    expect(pane.text).not.toContain('no command')
  })

  test('Ctrl-C reaches a command of the system, and only that', async () => {
    const {pane} = await inOps()
    pane.type('!echo begun; sleep 60\r')
    await pane.shows(/^begun/m)
    pane.type('\x03')
    await pane.shows(/\^C\s+ops as alice ›$/m)
    pane.type('whoami\r')
    await answered(pane, /ACTOR\s+alice/)
  })

  test('TAB completes commands, channels and messages; twice lists them with what they are', async () => {
    const {pane} = await inOps()
    pane.type('who')
    await pane.shows(/› who$/m)
    pane.type('\t')
    await pane.shows('› whoami')
    pane.type('\x15show ./')
    await pane.shows(/› show \.\/$/m)
    pane.type('\t')
    await pane.shows(/› show \.\/1$/m)
    pane.type('\x15channel c')
    await pane.shows(/› channel c$/m)
    pane.type('\t')
    pane.type('\t')
    await pane.shows(/^close +Let channels take no more messages\.$/m)
    await pane.shows(/^create +Make a channel/m)
    pane.type('\x15us')
    await pane.shows(/› us$/m)
    pane.type('\t')
    await pane.shows(/› use$/m)
    pane.type('o')
    await pane.shows(/› use o$/m)
    pane.type('\t')
    await pane.shows(/› use ops$/m)
  })

  test('many lines that are pasted run one after the other, and none is an answer', async () => {
    const {pane, leat} = await inOps()
    const lines = Array.from({length: 40}, (_, at) => `send -m "line ${at + 1}"\n`)
    pane.paste(`${lines.join('')}channel delete ops\ny\nsend -m "tab\there"\nwhoami`)
    await pane.shows(/› whoami$/m)
    expect(pane.text).toContain('--yes')
    pane.type('\r')
    await answered(pane, /ACTOR\s+alice/)
    const sent = (await leat`log ops --all --json`).jsonLines().map(({content}) => content)
    expect(sent).toEqual(['first', ...Array.from({length: 40}, (_, at) => `line ${at + 1}`), 'tab\there'])
  })

  test('a question is asked, and its answer is not a line', async () => {
    const {pane} = await inOps()
    pane.type('channel delete ops\r')
    await pane.shows(/Delete ops.*\?/)
    pane.type('n\r')
    await answered(pane, /nothing was done/)
    pane.type('channel delete ops\r')
    await pane.shows(/\? No[\s\S]*Delete ops.*\(y\/N\)/)
    pane.type('y\r')
    await pane.shows(/deleted|gone/)
    expect(pane.text).not.toContain('no command')
  })

  test('what was typed is kept, for this user alone, but what begins with a space', async () => {
    const {pane, env, history} = await inOps()
    pane.type('whoami\r')
    await answered(pane, /ACTOR\s+alice/)
    pane.type(' list --names\r')
    await answered(pane, /\nops\n/)
    pane.type('\x1b[A')
    await pane.shows(/› whoami$/m)
    pane.type('\x15exit\r')
    expect(await pane.ends()).toBe(0)
    expect(readFileSync(history, 'utf8')).toBe('use ops\nwhoami\nexit\n')
    expect(statSync(history).mode & 0o777).toBe(0o600)
    expect(statSync(join(history, '..')).mode & 0o777).toBe(0o700)
    const later = openPane(env)`shell`
    await later.shows(/leat as alice ›$/m)
    later.type('\x1b[A\x1b[A')
    await later.shows(/leat as alice › whoami$/m)
  })

  test('a history that can not be read is a note', async () => {
    const around = world()
    writeFileSync(join(around.dir, '.local'), 'no folder')
    const pane = openPane(around.env)`shell`
    await pane.shows(/what is typed isn't kept/)
    pane.type('whoami\r')
    await answered(pane, /ACTOR\s+alice/)
    pane.type('history\r')
    await pane.shows(/ 2 {2}history/)
  })

  test('output without an end of line stays, and a small screen is enough', async () => {
    const {leat, pane} = await inOps()
    await leat`send ops -m unfinished`
    pane.type('read -n 1 --raw --peek --from 2\r')
    await pane.shows(/unfinished\s+ops as alice ›$/m)
    pane.resize(20, 5)
    pane.type('whoami\r')
    await answered(pane, /ACTOR\s+alice/)
    pane.type('\x04')
    expect(await pane.ends()).toBe(0)
  })

  test('it makes no store by itself, and ends by SIGHUP when its terminal goes', async () => {
    const {env, store} = world()
    const pane = openPane(env)`shell`
    await pane.shows('leat as alice ›')
    expect(existsSync(store)).toBe(false)
    pane.type('!kill -HUP $PPID\r')
    // A prompt may come before the signal: another thread may be the one that gets it, later than this one hears of the line.
    expect(await pane.ends()).toBe(129)
  })
})
