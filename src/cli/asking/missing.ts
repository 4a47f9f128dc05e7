/** What is said where something is missing and nobody can be asked: what it is, and what to type. */
import {LeatError} from '../../model/errors.js'
import type {Asks, Missing} from '../asks.js'

/** Which command shows what can be named. */
const SHOWN_BY: Readonly<Partial<Record<Asks, string>>> = {
  channel: 'leat list shows them',
  channels: "leat list shows them, '*' is all",
  subscribed: 'leat subscription list shows them',
  message: 'leat log shows them',
  position: 'start, now, a seq, a message or a time',
  'dead letter': 'leat dead list shows them',
  delivery: 'leat delivery list shows them',
  scheduled: 'leat scheduled list shows them',
  conversation: 'leat conversation list shows them',
  permission: 'submit, subscribe or manage',
  permissions: 'submit, subscribe or manage',
  role: 'leat role list shows them',
  member: 'leat role show shows them',
  token: 'leat token list shows them',
  'plug-in': 'leat transport list shows them',
  key: 'leat config list shows them',
  context: 'leat context list shows them',
}

/** @param command as it is typed @param args all that have to be there @param usage what stands behind them */
export function missingError(
  missing: readonly Missing[],
  {command, args, usage}: {command: string; args: readonly string[]; usage?: string},
): LeatError {
  const names = missing.map(({name}) => name.toUpperCase())
  const [first] = missing
  const shown = first && (first.options ? first.options.join(', ') : SHOWN_BY[first.asks])
  const typed = ['leat', command, ...args.map((name) => name.toUpperCase()), ...(usage ? [usage] : [])].join(' ')
  return new LeatError('USAGE', `missing ${names.join(' and ')}`, {hint: shown ? `${typed}; ${shown}` : typed})
}
