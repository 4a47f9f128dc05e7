// A real store, real commands at a real pseudo-terminal → docs/demo.svg. Needs a build and the `script` of util-linux.
import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import xterm from '@xterm/headless'
import {openBus} from '../dist/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const [COLUMNS, ROWS] = [92, 400]

/** What is typed, one after the other. */
const COMMANDS = [
  "leat send ops 'deploy of web-1 started' -q",
  `leat send ops -J '{"level":"error","host":"web-1","code":503}' --type alert -q`,
  "leat reply ops/2 'on it' --as bob -q",
  "leat reply ops/2 'the same on web-2' --as carol -q",
  "leat reply ops/3 'thanks' -q",
  'leat log ops',
  'leat thread ops/3',
  'leat why ops/2 bob',
  'leat list',
  'leat stats jobs',
]

const room = mkdtempSync(join(tmpdir(), 'leat-demo-'))
try {
  const store = join(room, 'demo.db')
  await seed(store)
  writeFileSync(`${root}docs/demo.svg`, toSvg(await screen(COMMANDS.map((command) => record(command, store)))))
} finally {
  rmSync(room, {recursive: true, force: true})
}

/** A day of work, so that there is something to count: the same each time. */
async function seed(store) {
  let now = Date.now()
  const open = (as) => openBus({store, as, create: true, clock: () => now})
  const [alice, ci] = [await open('alice'), await open('ci-bot')]
  await alice.createChannel('ops', {title: 'Operations'})
  await alice.createChannel('jobs')
  await alice.createChannel('build.web', {title: '漢字 builds 🚀'})
  const hour = 3_600_000
  for (let at = 0; at < 24; at++) {
    const count = Math.round(5 + 4 * Math.sin(at / 3) + (at === 17 ? 9 : 0))
    for (let job = 1; job <= count; job++) {
      now = Math.round(Date.now() - (24 - at - job / (count + 1)) * hour)
      await ci.send('jobs', {body: `build ${at}.${job}`, type: job % 4 ? 'build' : 'test'})
    }
  }
  now = Date.now() - 600_000
  await ci.send('build.web', {body: 'build 17.3 is green'})
  await alice.setCursor('jobs', 'now', {reader: 'bob'})
  await alice.claim('jobs', {limit: 2, lease: 3_600_000})
  for (const bus of [alice, ci]) await bus.close()
}

/** What a command sends to the terminal. */
function record(command, store) {
  const line = `stty cols ${COLUMNS} rows 50; leat() { '${process.execPath}' '${root}bin/run.js' "$@"; }; ${command}`
  const {stdout, status, error} = spawnSync('script', ['-qec', line, '/dev/null'], {
    env: {PATH: process.env.PATH, TERM: 'xterm', SHELL: '/bin/bash', LEAT_STORE: store, LEAT_AS: 'alice', TZ: 'UTC'},
  })
  if (error || status !== 0) throw new Error(`${command}: ${error ?? stdout}`)
  return `\x1b[1m$ ${command}\x1b[0m\r\n${stdout}`
}

/** The lines of a terminal, each as runs of text in one style. */
async function screen(recorded) {
  const terminal = new xterm.Terminal({cols: COLUMNS, rows: ROWS, allowProposedApi: true})
  for (const text of recorded) await new Promise((resolve) => terminal.write(text, resolve))
  const lines = []
  for (let row = 0; row < terminal.buffer.active.length; row++) {
    const line = terminal.buffer.active.getLine(row)
    const runs = []
    for (let column = 0; column < COLUMNS; column++) {
      const cell = line.getCell(column)
      if (cell.getWidth() === 0) continue
      const style = `${cell.isDim() ? 'd ' : ''}${cell.isBold() ? 'b ' : ''}${cell.isFgPalette() ? `c${cell.getFgColor()}` : ''}`
      const last = runs.at(-1)
      // A wide character would push what follows out of its column, so that begins anew.
      if (last && last.style === style && last.column + last.text.length === column) last.text += cell.getChars() || ' '
      else runs.push({column, style, text: cell.getChars() || ' '})
    }
    lines.push(runs.map((run) => ({...run, text: run.text.trimEnd() || ''})).filter(({text}) => text !== ''))
  }
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

/** Colours of the terminal's palette as they can be read, on light and on dark. */
function toSvg(lines) {
  const [wide, high, left, top] = [8.43, 19, 16, 28]
  const [width, height] = [Math.ceil(COLUMNS * wide) + 2 * left, lines.length * high + top + 10]
  const safe = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const run = ({column, style, text}) => {
    const indent = text.length - text.trimStart().length
    const shown = safe(text.trimStart())
    return shown === ''
      ? ''
      : `<tspan x="${(left + (column + indent) * wide).toFixed(1)}"${style.trim() === '' ? '' : ` class="${style.trim()}"`}>${shown}</tspan>`
  }
  const text = lines
    .map((runs, row) => (runs.length === 0 ? '' : `<text y="${top + row * high}">${runs.map(run).join('')}</text>\n`))
    .join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="leat in a terminal">
<style>
svg{--page:#fff;--text:#1f2328;--c1:#b3261e;--c2:#1a7f37;--c5:#8250df;--c6:#0a6b83}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--text:#e6edf3;--c1:#ff7b72;--c2:#56d364;--c5:#d2a8ff;--c6:#56d4dd}}
rect{fill:var(--page);stroke:var(--text);stroke-opacity:.2}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--text);white-space:pre}
.b{font-weight:700}.d{opacity:.65}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${text}</svg>
`
}
