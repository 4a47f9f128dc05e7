/** Questions to a person at a terminal. What asks them is loaded only when one is asked. */
import {LeatError} from '../model/errors.js'
import {type Paint, PLAIN} from './output/paint.js'

export interface Question {
  /** What will happen, naming what and how many. */
  message: string
  /** `--yes` was given. */
  yes: boolean
  /** Prompts are allowed. */
  interactive: boolean
  /** In what colours. Default: none. */
  paint?: Paint
}

/** Asks before something is destroyed. @throws USAGE where nobody can be asked and `--yes` is missing; or the answer is no */
export async function confirm({message, yes, interactive, paint}: Question): Promise<void> {
  if (yes) return
  if (!interactive) throw new LeatError('USAGE', `${message} needs --yes when nobody can be asked`)
  if (!(await ask(`${message.charAt(0).toUpperCase()}${message.slice(1)}?`, paint)))
    throw new LeatError('USAGE', 'nothing was done')
}

/** A question with yes or no; no is the default. Texts of others in it are escaped. @throws Cancelled */
export async function ask(message: string, paint: Paint = PLAIN): Promise<boolean> {
  const [{yesOrNo}, {forTerminalLine}] = await Promise.all([
    import('./asking/inquire.js'),
    import('./output/escape.js'),
  ])
  return yesOrNo({paint}, forTerminalLine(message))
}
