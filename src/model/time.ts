import {LeatError} from './errors.js'

/** Milliseconds since 1970 in UTC. Injected everywhere, so that tests can move it. */
export type Clock = () => number

/** Milliseconds. */
export type Duration = number

const UNITS: Record<string, number> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000}
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/

/** The latest time that a store can hold: the end of the year 9999. */
export const MAX_TIME = 253_402_300_799_999

/** `200ms`, `30s`, `10m`, `2h`, `7d`, `1w`, also `1.5h` → milliseconds. @throws INVALID */
export function parseDuration(text: string): Duration {
  const found = DURATION.exec(text)
  const ms = found ? Math.round(Number(found[1]) * (UNITS[found[2] ?? ''] ?? Number.NaN)) : Number.NaN
  if (!Number.isSafeInteger(ms) || ms > MAX_TIME)
    throw new LeatError('INVALID', `${JSON.stringify(text)} is not a duration`, {
      hint: 'like 200ms, 30s, 10m, 2h or 7d',
    })
  return ms
}

// ISO 8601 calendar dates and times; the offset may be left out (then local time). Seconds may have a fraction.
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/

/**
 * A time as people write it: ISO 8601 (`2026-12-01`, `2026-12-01 08:30`, `2026-12-01T08:30:00Z`; local time without an
 * offset), `now`, `today` and `yesterday` (local midnight), or a duration: that long ago, or from now with `ahead`.
 * @throws INVALID
 */
export function parseTime(text: string, now: number, {ahead = false} = {}): number {
  if (text === 'now') return now
  if (text === 'today' || text === 'yesterday') {
    const day = new Date(now)
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() - (text === 'today' ? 0 : 1)).getTime()
  }
  const time = DURATION.test(text) ? now + (ahead ? 1 : -1) * parseDuration(text) : parseIso(text)
  if (time === undefined || time > MAX_TIME)
    throw new LeatError('INVALID', `${JSON.stringify(text)} is not a time`, {
      hint: ahead
        ? 'like 10m, 2037-12-01, "2037-12-01 08:30" or 2037-12-01T08:30:00Z'
        : 'like 2026-12-01, "2026-12-01 08:30", 2026-12-01T08:30:00Z, yesterday or 2h',
    })
  return time
}

/** ISO 8601 → milliseconds, or undefined for what isn't one, be it a 30 February, a year before 100 or after `MAX_TIME`. */
export function parseIso(text: string): number | undefined {
  const parts = ISO.exec(text)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const ms = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000)
  if (year < 100) return undefined // JavaScript would take it for 19xx
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > lastDay || hour > 23 || minute > 59 || second > 59) return undefined
  const offset = parts[8] === undefined ? 0 : offsetOf(parts[8])
  if (offset === undefined) return undefined
  const local = new Date(year, month - 1, day, hour, minute, second, ms).getTime()
  const time = parts[8] === undefined ? local : Date.UTC(year, month - 1, day, hour, minute, second, ms) - offset
  return time <= MAX_TIME ? time : undefined
}

/** `Z`, `+01:00`, `-0330`, `+02` → milliseconds ahead of UTC, undefined past 23:59. */
function offsetOf(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))]
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** Milliseconds → ISO 8601 with milliseconds, UTC: the one form in which leat prints a time to programs. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
