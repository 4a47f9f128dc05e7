/** The fields that operations have in common: one schema for each, so that a word means the same everywhere. */

export const text = (description: string) => ({type: 'string', description}) as const

export const flag = (description: string) => ({type: 'boolean', description}) as const

export const texts = (description: string) =>
  ({type: 'array', items: {type: 'string'}, maxItems: 1000, description}) as const

export const oneOf = <T extends string>(values: readonly T[], description: string) =>
  ({type: 'string', enum: values, description}) as const

export const integer = (description: string, {minimum = 0, maximum = Number.MAX_SAFE_INTEGER} = {}) =>
  ({type: 'integer', minimum, maximum, description}) as const

/** Things that one answer has at most. */
export const MOST = 1000

export const limit = (usual: number) => integer(`How many at most. Default ${usual}.`, {minimum: 1, maximum: MOST})

/** The longest that a call may wait, in milliseconds: an hour. */
const LONGEST_WAIT = 3_600_000

export const millis = (description: string) => integer(`${description} In milliseconds.`, {maximum: LONGEST_WAIT})

/** A lease, a delay, an age: nobody sits and waits for it. */
export const duration = (description: string) => integer(`${description} In milliseconds.`)

export const stringMap = (description: string) =>
  ({type: 'object', additionalProperties: {type: 'string'}, description}) as const

export const channel = text('The name of a channel.')
export const message = text('A message: its id, CHANNEL/SEQ (the slash as %2F in a path), or an end of its id.')
