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
  'leat read ops --as bob -n 2',
  'leat why ops/5 bob',
  'leat thread ops/3',
  'leat search web',
  'leat list',
  'leat stats jobs',
]

/** Colours of the terminal's palette as they can be read on light and on dark; what draws SVG needn't know variables. */
const LIGHT = {page: '#fff', text: '#1f2328', c1: '#b3261e', c2: '#1a7f37', c5: '#8250df', c6: '#0a6b83'}
const DARK = {page: '#0d1117', text: '#e6edf3', c1: '#ff7b72', c2: '#56d364', c5: '#d2a8ff', c6: '#56d4dd'}

const [WIDE, HIGH, LEFT, TOP, DESCENT] = [8.43, 19, 16, 28, 5]
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
  const [alice, bob, ci] = [await open('alice'), await open('bob'), await open('ci-bot')]
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
  await bob.subscribe('ops')
  await alice.setCursor('jobs', 'now', {reader: 'bob'})
  await alice.claim('jobs', {limit: 2, lease: 3_600_000})
  for (const bus of [alice, bob, ci]) await bus.close()
}

/** What a command sends to the terminal. */
function record(command, store) {
  const line = `stty cols ${COLUMNS} rows 50; leat() { '${process.execPath}' '${root}bin/run.js' "$@"; }; ${command}`
  const {stdout, status, error} = spawnSync('script', ['-qec', line, '/dev/null'], {
    encoding: 'utf8',
    env: {PATH: process.env.PATH, TERM: 'xterm', SHELL: '/bin/bash', LEAT_STORE: store, LEAT_AS: 'alice', TZ: 'UTC'},
  })
  if (error || status !== 0) throw new Error(`${command}: ${error ?? stdout}`)
  // Room behind what printed something.
  return `\x1b[2m$\x1b[22m \x1b[1m${command}\x1b[0m\r\n${stdout}${stdout === '' ? '' : '\r\n'}`
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

/** Rules for one of the two palettes. */
function rules({page, text, ...palette}) {
  const runs = Object.entries(palette).map(([name, colour]) => `.${name}{fill:${colour}}`)
  return `rect{fill:${page};stroke:${text};stroke-opacity:.2}text,path{fill:${text}}${runs.join('')}`
}

function toSvg(lines) {
  const [width, height] = [Math.ceil(COLUMNS * WIDE) + 2 * LEFT, lines.length * HIGH + TOP + 2]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="leat in a terminal">
<style>
${rules(LIGHT)}
@media (prefers-color-scheme:dark){${rules(DARK)}}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.b{font-weight:700}.d{opacity:.65}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${lines.map((runs, row) => drawn(runs, TOP + row * HIGH)).join('')}</svg>
`
}

/** A line: words that stand together are one text, so that columns stay columns whatever font there is; bars are drawn. */
function drawn(runs, y) {
  const parts = runs.flatMap(({column, style, text}) =>
    [...text.matchAll(/[▁-▏]+|[^\s▁-▏]+(?: [^\s▁-▏]+)*/g)].map((found) => ({
      x: LEFT + (column + found.index) * WIDE,
      text: found[0],
      as: style.trim() === '' ? '' : ` class="${style.trim()}"`,
    })),
  )
  const words = parts.filter(({text}) => !isBar(text))
  const texts = words.map(({x, text, as}) => `<tspan x="${x.toFixed(1)}"${as}>${safe(text)}</tspan>`).join('')
  const bars = parts
    .filter(({text}) => isBar(text))
    .map(
      ({x, text, as}) => `<path${as} d="${[...text].map((block, at) => blockAt(block, x + at * WIDE, y)).join('')}"/>`,
    )
  return [texts && `<text y="${y}">${texts}</text>`, ...bars].map((element) => element && `${element}\n`).join('')
}

function isBar(text) {
  return /[▁-▏]/.test(text)
}

function safe(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** ▁ to █ grow upwards by eighths, ▉ to ▏ shrink to the left. */
function blockAt(block, x, y) {
  const step = block.codePointAt(0) - 0x2580
  const high = (Math.min(step, 8) / 8) * HIGH
  const wide = step <= 8 ? WIDE : ((16 - step) / 8) * WIDE
  const number = (value) => String(Number(value.toFixed(2)))
  return `M${number(x)} ${number(y + DESCENT)}h${number(wide)}v${number(-high)}h${number(-wide)}z`
}
