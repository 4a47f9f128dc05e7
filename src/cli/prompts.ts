/** Questions to a person at a terminal. inquirer is loaded only when one is asked. */
import {LeatError} from '../model/errors.js'

export interface Question {
  /** What will happen, naming what and how many. */
  message: string
  /** `--yes` was given. */
  yes: boolean
  /** Prompts are allowed. */
  interactive: boolean
}

/** Asks before something is destroyed. @throws USAGE where nobody can be asked and `--yes` is missing; or the answer is no */
export async function confirm({message, yes, interactive}: Question): Promise<void> {
  if (yes) return
  if (!interactive) throw new LeatError('USAGE', `${message} needs --yes when nobody can be asked`)
  if (!(await ask(`${message}?`))) throw new LeatError('USAGE', 'nothing was done')
}

/** A question with yes or no; no is the default. */
export async function ask(message: string): Promise<boolean> {
  const {default: inquirer} = await import('inquirer')
  // Questions go to stderr: stdout is for results.
  const prompt = inquirer.createPromptModule({output: process.stderr})
  const {answer} = await prompt<{answer: boolean}>([{type: 'confirm', name: 'answer', message, default: false}])
  return answer
}
