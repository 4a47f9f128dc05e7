import {type Filter, isEmptyFilter, matches} from '../model/filter.js'
import type {Message} from '../model/message.js'

/** Which messages a filter wants. What reads conditions on content is loaded where there are some. @throws INVALID, TOO_LARGE */
export async function wantedBy(filter: Filter): Promise<(message: Message) => boolean> {
  if (isEmptyFilter(filter)) return () => true
  if (filter.where === undefined) return (message) => matches(message, filter)
  const {matcherOf} = await import('../model/where.js')
  return matcherOf(filter)
}
