/** What the processes of the proofs have in common: their arguments, and who they talk to. Run from the build. */
import {appendFileSync} from 'node:fs'

/** What the proof gave along. */
export const given = JSON.parse(process.argv[2] ?? '{}')

/** The system's steady clock in milliseconds: the same for all processes. */
export const now = () => Number(process.hrtime.bigint()) / 1e6

/** To the proof. */
export const say = (word, more = {}) => process.send?.({word, ...more})

/** Until the proof has said this word. */
export const hear = (wanted) =>
  new Promise((resolve) => {
    process.on('message', ({word}) => {
      if (word === wanted) resolve()
    })
  })

/** A line that is there once this returns, whatever kills this process afterwards: one write, at the file's end. */
export const note = (...words) => appendFileSync(given.log, `${words.join(' ')}\n`)

process.on('disconnect', () => process.exit())
