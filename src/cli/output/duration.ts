const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]

/** A duration as flags take it, in the largest unit that says it exactly: `7d`, `36h`, `1500ms`. */
export function durationText(ms: number): string {
  const [unit, size] = UNITS.find(([, step]) => ms >= step && ms % step === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}
