import type {Environment} from '../environment.js'

/** The few ways in which leat uses colour: by role, never by hue. */
export interface Paint {
  name(text: string): string
  dim(text: string): string
  strong(text: string): string
  good(text: string): string
  warn(text: string): string
  bad(text: string): string
}

const same = (text: string): string => text

export const PLAIN: Paint = {name: same, dim: same, strong: same, good: same, warn: same, bad: same}

export type ColorChoice = 'auto' | 'always' | 'never'

/**
 * Whether to colour: `--color`, else `NO_COLOR` (no-color.org), else `FORCE_COLOR`, else a terminal that isn't dumb.
 */
export function wantsColor(choice: ColorChoice, terminal: boolean, env: Environment): boolean {
  if (choice !== 'auto') return choice === 'always'
  if (env['NO_COLOR']) return false
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false'
  return terminal && env['TERM'] !== 'dumb'
}

/** chalk is loaded only where something is coloured. */
export async function loadPaint(wanted: boolean): Promise<Paint> {
  if (!wanted) return PLAIN
  const {Chalk} = await import('chalk')
  const chalk = new Chalk({level: 1})
  return {name: chalk.cyan, dim: chalk.dim, strong: chalk.bold, good: chalk.green, warn: chalk.yellow, bad: chalk.red}
}
