/** What is typed as a filter, as a filter of the bus. */
import type {Filter} from '../../model/filter.js'

const WORD = /^\s*(from|type):(\S+)(?:\s+|$)/

/** `from:alice type:alert disk full`: who sent it, of which type, and a text that is in it, letter for letter. */
export function filterOf(text: string): Pick<Filter, 'senders' | 'types' | 'text'> {
  const senders: string[] = []
  const types: string[] = []
  let rest = text
  for (let found = WORD.exec(rest); found; found = WORD.exec(rest)) {
    const [whole, name, value] = found as unknown as [string, string, string]
    ;(name === 'from' ? senders : types).push(value)
    rest = rest.slice(whole.length)
  }
  return {
    ...(senders.length > 0 && {senders}),
    ...(types.length > 0 && {types}),
    ...(rest.trim() !== '' && {text: rest}),
  }
}
