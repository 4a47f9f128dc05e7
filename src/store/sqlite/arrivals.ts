import type {Arrivals, ArrivalsQuery} from '../store.js'
import {findChannel} from './channels.js'
import {heldOn} from './grants.js'
import {scan} from './scan.js'
import type {Session} from './session.js'

/** A page of what is new, and who may have it, of one moment. */
export function arrivals(session: Session, {channels, actor, limit}: ArrivalsQuery): Omit<Arrivals, 'mark'> {
  return session.connection.read(() => {
    const page = scan(session, {channels, actor, limit, order: 'forward'})
    const actorId = session.names.idOf(actor)
    const access = channels.flatMap(({name}) => {
      const found = findChannel(session, name)
      return found ? [{channel: found.channel, held: heldOn(session, actorId, found.id)}] : []
    })
    return {...page, access}
  })
}
