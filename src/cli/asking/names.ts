/** Names that are typed: the nearest legal one stands below as one types. */
import {isName, type NameKind, suggestName} from '../../model/names.js'
import {forTerminalLine} from '../output/escape.js'
import {type Asker, type Offer, pick} from './inquire.js'

export interface Naming {
  message: string
  kind: NameKind
  /** Whether there is one of this name already. */
  taken?: (name: string) => boolean
  offers?: readonly Offer[]
}

/** @throws Cancelled */
export const named = (asker: Asker, {message, kind, taken = () => false, offers = []}: Naming): Promise<string> =>
  pick(asker, {message, offers, typed: (text) => nameOffer(text, kind, taken, offers)})

function nameOffer(
  text: string,
  kind: NameKind,
  taken: (name: string) => boolean,
  offers: readonly Offer[],
): Offer | undefined {
  const typed = text.trim()
  if (typed === '')
    return offers.length > 0 ? undefined : {value: '', label: 'letters, digits, ".", "_" and "-"', refused: 'type it'}
  const name = isName(typed) ? typed : suggestName(typed)
  if (name === undefined) return {value: '', label: forTerminalLine(typed), refused: `not a ${kind} name`}
  if (offers.some(({value}) => value === name)) return undefined
  if (taken(name)) return {value: name, label: name, refused: 'there is one already'}
  return {value: name, label: name}
}
