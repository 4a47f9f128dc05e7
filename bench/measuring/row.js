import {rounded} from './figures.js'

/**
 * One line of a table. A ratio is made only of figures of one run.
 * @typedef Row
 * @property {string} name
 * @property {string} unit
 * @property {number} median
 * @property {number} [least] of what takes time or room: the best
 * @property {number} [most] of a rate: the best
 * @property {number} [p95] where it has an aim
 * @property {number} [p99] not of a rate: the rounds in which it was high are no bad ones
 * @property {string} [to]
 * @property {number} [ratio] this median to that of `to`
 * @property {number} [leastRatio] its least to that of `to`
 * @property {number} [mostRatio] of rates: its most to that of `to`
 * @property {number} [aim]
 * @property {number} [aimP95]
 * @property {number} [aimP99]
 * @property {boolean} [met]
 */

/** Figures of which more is better. */
const isRate = (unit) => unit.endsWith('/s')

/** @returns {Row} */
export function row({name, unit, to, of, aim, aimP95, aimP99, ...figures}) {
  const {median, p95, p99} = figures
  const best = isRate(unit) ? 'most' : 'least'
  const ratio = of && median / of.median
  const met = [
    ...(aim === undefined ? [] : [isRate(unit) && !of ? median >= aim : (ratio ?? median) <= aim]),
    ...(aimP95 === undefined ? [] : [p95 <= aimP95]),
    ...(aimP99 === undefined ? [] : [p99 <= aimP99]),
  ]
  return {
    name,
    unit,
    ...roundedOf({
      median,
      [best]: figures[best],
      p95: aimP95 === undefined ? undefined : p95,
      p99: isRate(unit) ? undefined : p99,
    }),
    ...(of && {to, ...roundedOf({ratio, [`${best}Ratio`]: figures[best] / of[best]})}),
    ...known({aim, aimP95, aimP99}),
    ...(met.length > 0 && {met: met.every(Boolean)}),
  }
}

const known = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const roundedOf = (figures) =>
  Object.fromEntries(Object.entries(known(figures)).map(([name, figure]) => [name, rounded(figure)]))
