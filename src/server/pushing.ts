/** What the doors share by which messages are pushed to who is connected. */
import type {Bus} from '../bus/bus.js'
import type {Connections} from '../model/connection.js'
import {LeatError} from '../model/errors.js'

/**
 * Who is connected, where this server delivers at all.
 * @throws NOT_FOUND it doesn't
 */
export function requireConnections(connections: Connections | undefined): Connections {
  if (connections) return connections
  throw new LeatError('NOT_FOUND', 'this server delivers nothing', {hint: 'leat serve --deliver'})
}

/**
 * Checks that a channel is there. Whether the actor may read it is looked at for each delivery.
 * @param channel undefined for all
 * @throws NOT_FOUND, INVALID
 */
export async function checkPushed(bus: Bus, channel: string | undefined): Promise<void> {
  if (channel !== undefined) await bus.can('subscribe', channel)
}
