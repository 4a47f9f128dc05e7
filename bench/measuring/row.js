import {rounded} from './figures.js'

/**
 * One line of a table. A ratio is made only of figures of one run.
 * @typedef Row
 * @property {string} name
 * @property {string} unit
 * @property {number} median
 * @property {number} [least]
 * @property {number} [p95] where it has an aim
 * @property {number} [p99]
 * @property {string} [to]
 * @property {number} [ratio] this median to that of `to`
 * @property {number} [leastRatio]
 * @property {number} [aim]
 * @property {boolean} [met]
 */

/** Figures of which more is better. */
const isRate = (unit) => unit.endsWith('/s')

/** @returns {Row} */
export function row({name, unit, median, least, p95, p99, to, of, aim, aimP95, aimP99}) {
  const ratio = of && median / of.median
  const compared = of ? {to, ratio: rounded(ratio), leastRatio: rounded(least / of.least)} : {}
  const met = [
    ...(aim === undefined ? [] : [isRate(unit) && !of ? median >= aim : (ratio ?? median) <= aim]),
    ...(aimP95 === undefined ? [] : [p95 <= aimP95]),
    ...(aimP99 === undefined ? [] : [p99 <= aimP99]),
  ]
  const aims = Object.fromEntries(Object.entries({aim, aimP95, aimP99}).filter(([, wanted]) => wanted !== undefined))
  const figures = Object.fromEntries(
    Object.entries({median, least, p95: aimP95 === undefined ? undefined : p95, p99}).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, rounded(value)]],
    ),
  )
  return {name, unit, ...figures, ...compared, ...aims, ...(met.length > 0 ? {met: met.every(Boolean)} : {})}
}
