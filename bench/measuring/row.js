import {rounded} from './figures.js'

/**
 * One line of a table. A ratio is made only of figures of one run.
 * @typedef Row
 * @property {string} name
 * @property {string} unit
 * @property {number} median
 * @property {number} [least]
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
export function row({name, unit, median, least, p99, to, of, aim, aimP99}) {
  const ratio = of && median / of.median
  const compared = of ? {to, ratio: rounded(ratio), leastRatio: rounded(least / of.least)} : {}
  const met = [
    ...(aim === undefined ? [] : [isRate(unit) && !of ? median >= aim : (ratio ?? median) <= aim]),
    ...(aimP99 === undefined ? [] : [p99 <= aimP99]),
  ]
  const aims = {...(aim === undefined ? {} : {aim}), ...(aimP99 === undefined ? {} : {aimP99})}
  const figures = Object.fromEntries(
    Object.entries({median, least, p99}).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, rounded(value)]],
    ),
  )
  return {name, unit, ...figures, ...compared, ...aims, ...(met.length > 0 ? {met: met.every(Boolean)} : {})}
}
