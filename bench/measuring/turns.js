/**
 * Measures several things in turns, so that whatever else the machine does falls on all of them: only what was measured in
 * the same turns may be compared.
 */
import {figuresOf} from './figures.js'
import {row} from './row.js'

/**
 * @typedef Measured
 * @property {string} name
 * @property {() => number | Promise<number>} measure one figure
 * @property {string} unit `ms`, `/s`, `MB`, `bytes`
 * @property {string} [to] the name of what it is compared to: its ratio is this median to that one
 * @property {number} [aim] the ratio (with `to`) or the median (without) that is wanted: at most, or at least for what is a rate
 */

/**
 * @param {readonly Measured[]} measured
 * @param {{rounds: number, warm?: number, say?: (line: string) => void}} options `warm`: rounds before that don't count (default 1)
 * @returns {Promise<import('./row.js').Row[]>}
 */
export async function inTurns(measured, {rounds, warm = 1, say = () => {}}) {
  const samples = new Map(measured.map(({name}) => [name, []]))
  for (let round = -warm; round < rounds; round++)
    for (const {name, measure} of measured) {
      const figure = await measure()
      if (round >= 0) samples.get(name).push(figure)
      say(`${round < 0 ? 'warming' : `${round + 1} of ${rounds}`}: ${name}`)
    }
  const figures = new Map(measured.map(({name}) => [name, figuresOf(samples.get(name))]))
  return measured.map(({name, unit, to, aim}) => row({name, unit, ...figures.get(name), to, of: figures.get(to), aim}))
}
