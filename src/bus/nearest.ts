import {distance} from 'fastest-levenshtein'

/**
 * The name that `typed` was probably meant to be: other case, or a few letters wrong (two, in long names a third; with
 * more a suggestion would be a guess). Undefined when none is near.
 */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase()
  let nearest: string | undefined
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const name of names) {
    const mistakes = distance(wanted, name.toLowerCase())
    // With as many mistakes as letters the two have nothing in common.
    if (mistakes < least && mistakes < Math.max(wanted.length, name.length)) [nearest, least] = [name, mistakes]
  }
  return nearest
}
