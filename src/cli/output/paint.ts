import type {Environment} from '../environment.js'

/** The few ways in which leat uses colour: by role, never by hue, and never as the only sign of anything. */
export interface Paint {
  /** Actors, readers, groups. */
  name(text: string): string
  /** Headings, times, and what is beside the point. */
  dim(text: string): string
  /** What one would type to get at a thing. */
  strong(text: string): string
  good(text: string): string
  warn(text: string): string
  bad(text: string): string
  /** In JSON: the names of members. */
  key(text: string): string
  /** In JSON: numbers, true, false and null. */
  literal(text: string): string
}

/** A way of using colour. */
export type Role = keyof Paint

const same = (text: string): string => text

export const PLAIN: Paint = {
  name: same,
  dim: same,
  strong: same,
  good: same,
  warn: same,
  bad: same,
  key: same,
  literal: same,
}

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

/**
 * chalk is loaded only where something is coloured. The hues are those of the terminal's own sixteen that can be read on
 * dark and on light backgrounds: yellow can't on white, blue can't on black.
 */
export async function loadPaint(wanted: boolean): Promise<Paint> {
  if (!wanted) return PLAIN
  const {Chalk} = await import('chalk')
  const chalk = new Chalk({level: 1})
  return {
    name: chalk.cyan,
    dim: chalk.dim,
    strong: chalk.bold,
    good: chalk.green,
    warn: chalk.magenta,
    bad: chalk.red,
    key: chalk.cyan,
    literal: chalk.green,
  }
}
