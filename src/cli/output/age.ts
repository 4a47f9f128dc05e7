const STEPS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

/**
 * How long ago, in one unit: `now`, `42s`, `5m`, `3h`, `12d`. A time ahead is `in 5m`, part of a second counting as a whole
 * one: what was just put off for an hour is due in 1h. Older than 90 days: the date.
 */
export function age(time: string, now: number): string {
  const past = now - Date.parse(time)
  const elapsed = past < 0 ? Math.floor(past / 1000) * 1000 : past
  const [unit, size] = STEPS.find(([, step]) => Math.abs(elapsed) >= step) ?? ['', 0]
  if (size === 0) return 'now'
  const count = Math.floor(Math.abs(elapsed) / size)
  if (unit === 'd' && count > 90) return time.slice(0, 10)
  return elapsed < 0 ? `in ${count}${unit}` : `${count}${unit}`
}

/** `age`, as words in a sentence: `5m ago`. */
export function ago(time: string, now: number): string {
  const text = age(time, now)
  return /^\d+[smhd]$/.test(text) ? `${text} ago` : text
}
