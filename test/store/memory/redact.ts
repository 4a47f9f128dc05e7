import {LeatError} from '../../../src/model/errors.js'
import type {Message} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import {fieldsOfDelayed} from './delayed.js'
import {type Delayed, inOrder, placesOf, type State, type Stored, toMessage} from './state.js'

/** Removes content and headers of a message wherever it is: stored, delayed, dead. @throws NOT_FOUND */
export function redact(state: State, id: string, by: string, now: number): Message[] {
  const places = placesOf(state, id)
  const delayed = state.delayed.filter(({outgoing}) => outgoing.id === id)
  const dead = state.dead.filter(({message}) => message.fields.id === id)
  if (places.length + delayed.length + dead.length === 0)
    throw new LeatError('NOT_FOUND', `no message ${id} in ${state.label}`)
  const mark = {redactedAt: isoTime(now), redactedBy: by}
  for (const {stored} of places) empty(stored, mark)
  for (const one of delayed) emptyDelayed(one, mark)
  for (const one of dead) {
    empty(one.message, mark)
    delete one.detail
  }
  const waiting = delayed.map((one) => toMessage(one.room, {fields: {...fieldsOfDelayed(one), seq: 0}}))
  return [...inOrder(places), ...waiting]
}

type Mark = NonNullable<Delayed['redacted']>

function empty(stored: Pick<Stored, 'fields'>, mark: Mark): void {
  if (stored.fields.redactedAt !== undefined) return
  const {headers: _, ...kept} = stored.fields
  stored.fields = {...kept, body: '', ...mark}
}

function emptyDelayed(delayed: Delayed, mark: Mark): void {
  if (delayed.redacted) return
  const {headers: _, ...kept} = delayed.outgoing
  Object.assign(delayed, {outgoing: {...kept, body: ''}, redacted: mark})
}
