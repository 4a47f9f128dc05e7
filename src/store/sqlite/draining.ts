import {AWAITED_SOMEWHERE} from './push.js'
import type {Session} from './session.js'

/**
 * Closes a draining channel once nothing is outstanding: no delayed message, none claimed or waiting for its next attempt,
 * none that waits for delivery.
 * Called by whatever takes one of those away, inside its transaction. Returns whether it closed the channel now.
 */
export const closeIfDrained = ({connection, clock}: Session, channelId: number): boolean =>
  connection.run(CLOSE, {channel: channelId, now: clock()}) > 0
const CLOSE = `
  UPDATE channels SET state = 'closed'
   WHERE id = :channel AND state = 'draining'
     AND NOT EXISTS (SELECT 1 FROM scheduled WHERE channel_id = channels.id)
     AND NOT EXISTS (SELECT 1 FROM in_flight WHERE channel_id = channels.id)
     AND NOT ${AWAITED_SOMEWHERE}`
