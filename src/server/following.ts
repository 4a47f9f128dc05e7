/** `follow` as the doors that stream take it. */
import type {FollowOptions} from '../bus/follow.js'
import type {Fields} from '../model/draft-json.js'
import type {Positions} from '../model/position.js'
import {type Check, checkCompiler} from './input.js'
import {flag, integer, MOST, text, texts} from './operations/fields.js'
import {type FilterInput, filterFields, filterOf} from './operations/filter.js'

interface FollowInput extends FilterInput {
  channels?: string[]
  from?: string
  after?: string
  behind?: Positions
  last?: number
  others?: boolean
  thread?: string
  count?: number
  idle?: number
}

const FOLLOW_INPUT = {
  type: 'object',
  properties: {
    channels: texts('Names and globs; none: all that the actor may read.'),
    from: text('Begin at this position, included: start, now, a seq, CHANNEL/SEQ, a message, a time. Default now.'),
    after: text('Begin behind this position.'),
    behind: {
      type: 'object',
      description: 'Begin behind these, by channel: where an earlier stream got to.',
      additionalProperties: integer('A seq.'),
    },
    last: integer('Begin with the newest so many.', {minimum: 1, maximum: MOST}),
    ...filterFields,
    others: flag("Leave out the actor's own messages."),
    thread: text('A message of the one thread wanted.'),
    count: integer('End after so many messages.', {minimum: 1}),
    idle: integer('End when nothing came for so long. In milliseconds.', {minimum: 1}),
  },
  additionalProperties: false,
} as const

/** What the input of a `follow` means. @throws INVALID */
export type FollowReader = (
  fields: Fields,
  now: number,
) => {channels: readonly string[]; options: Omit<FollowOptions, 'signal' | 'onBegin'>}

/** Compiles the check of the input when it is first needed. */
export function followReader(): FollowReader {
  let check: Check | undefined
  return (fields, now) => {
    check ??= checkCompiler()(FOLLOW_INPUT)
    check(fields)
    const {channels = [], from, after, behind, last, others, thread, count, idle, ...filter} = fields as FollowInput
    return {channels, options: {from, after, behind, last, others, thread, count, idle, filter: filterOf(filter, now)}}
  }
}
