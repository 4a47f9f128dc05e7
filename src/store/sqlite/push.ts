/** What waits for delivery, in the words of SQL: retention leaves it alone, and a draining channel stays open for it. */
import {LIVE} from './view.js'

/** Of a row of `messages`: it isn't on its way to a subscriber. */
export const NOT_PENDING = `
  NOT EXISTS (
    SELECT 1 FROM deliveries
     WHERE deliveries.channel_id = messages.channel_id AND deliveries.seq = messages.seq AND state = 'pending')`

/** Of a row of `messages`, a push consumer and its subscription: it will be given it. */
const IS_FOR = `
  messages.seq > consumers.cursor
  AND (recipient_id IS NULL OR recipient_id = subscriber_id OR sender_id = subscriber_id)
  AND (types IS NULL OR type IN (SELECT value FROM json_each(types)))`

/** Of a row of `messages`: no subscriber, but those that are paused, is still to be given it. */
export const NOT_AWAITED = `
  NOT EXISTS (
    SELECT 1 FROM consumers
      JOIN subscriptions ON subscriptions.channel_id = consumers.channel_id AND subscriber_id = name_id
     WHERE consumers.channel_id = messages.channel_id AND consumers.kind = 'push' AND paused = 0 AND ${IS_FOR})`

/** Of a row of `channels`: a message waits for delivery, to one that isn't paused. At `:now`. */
export const AWAITED_SOMEWHERE = `
  EXISTS (
    SELECT 1 FROM consumers
      JOIN subscriptions ON subscriptions.channel_id = consumers.channel_id AND subscriber_id = name_id
     WHERE consumers.channel_id = channels.id AND consumers.kind = 'push' AND paused = 0
       AND (EXISTS (SELECT 1 FROM deliveries INDEXED BY deliveries_pending
                     WHERE deliveries.channel_id = channels.id AND deliveries.subscriber_id = name_id
                       AND state = 'pending')
         OR EXISTS (SELECT 1 FROM messages
                     WHERE messages.channel_id = channels.id AND ${LIVE} AND ${IS_FOR})))`
