import {seededRandom} from '../../store/contract/random.js'

/** Some of a list, in its order: `most` of them, drawn by `seed`; without `most` all. */
export function sampleOf<T>(list: readonly T[], most: number | undefined, seed: number): T[] {
  if (most === undefined || most >= list.length) return [...list]
  const random = seededRandom(seed)
  const drawn = list.map((_, at) => ({at, by: random()})).sort((a, b) => a.by - b.by)
  const chosen = new Set(drawn.slice(0, most).map(({at}) => at))
  return list.filter((_, at) => chosen.has(at))
}
