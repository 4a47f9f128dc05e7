/** What `leat inspect` puts together: the terminal as it has to be, and the browser, which is loaded for it alone. */
import type {ReadStream} from 'node:tty'
import type {Bus} from '../bus/bus.js'
import {LeatError} from '../model/errors.js'
import {writing} from './editor.js'
import type {Environment} from './environment.js'
import type {Host} from './host.js'
import type {Output} from './output/output.js'

export interface InspectPlace {
  bus: Bus
  out: Output
  env: Environment
  /** `--no-input` was not given. */
  mayAsk: boolean
  /** The process is told to stop. */
  signal: AbortSignal
  host: Host
}

/** Shows the browser until somebody quits. @throws USAGE it isn't a terminal that can show it; and as `inspect` */
export async function inspectUntilQuit(
  {at, reader}: {at?: string; reader?: string},
  {bus, out, env, mayAsk, signal, host}: InspectPlace,
): Promise<void> {
  checkTerminal(out, env, mayAsk)
  const {inspect} = await loaded()
  const ending = await inspect({
    bus,
    stdin: process.stdin as ReadStream,
    stdout: process.stdout,
    paint: out.paint,
    at,
    reader: reader ?? bus.context.actor,
    isTmux: Boolean(env['TMUX']),
    compose: () => writing({env, interactive: true, paint: out.paint, to: ''}).edit(undefined),
    signal,
  })
  if (ending === 'quit') return
  // As Ctrl-C ends every command: a loop around it stops. Nothing else may end it before the signal is there.
  const waiting = setInterval(() => {}, 1000)
  host.signals.die('SIGINT')
  await host.obeyed()
  clearInterval(waiting)
}

/** @throws USAGE */
function checkTerminal(out: Output, env: Environment, mayAsk: boolean): void {
  if (out.json) throw new LeatError('USAGE', 'inspect is a screen, which has no JSON', {hint: 'leat log -f --json'})
  if (!mayAsk) throw new LeatError('USAGE', 'inspect asks for keys, and --no-input is given', {hint: 'leat log -f'})
  const missing = !process.stdin.isTTY ? 'stdin' : !process.stdout.isTTY ? 'stdout' : undefined
  if (missing) throw new LeatError('USAGE', `inspect needs a terminal, and ${missing} is none`, {hint: 'leat log -f'})
  const {TERM: term = ''} = env
  if (term === '' || term === 'dumb')
    throw new LeatError(
      'USAGE',
      `inspect needs a terminal that can move its cursor, and TERM is ${JSON.stringify(term)}`,
      {
        hint: 'leat log -f',
      },
    )
}

/** How ink and React look at the environment while they are loaded: they would draw nothing in CI, or look for tools of theirs. */
const WHILE_LOADING: Readonly<Record<string, string | undefined>> = {
  CI: undefined,
  CONTINUOUS_INTEGRATION: undefined,
  DEV: undefined,
  NODE_ENV: 'production',
}

async function loaded() {
  const before = Object.fromEntries(Object.keys(WHILE_LOADING).map((name) => [name, process.env[name]]))
  setAll(WHILE_LOADING)
  try {
    return await import('../tui/inspect/inspect.js')
  } finally {
    setAll(before)
  }
}

function setAll(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
}
