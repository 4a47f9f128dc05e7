/** What all streams are asked and answer. */
import {integer, text} from '../operations/fields.js'

export const retryField = integer('Milliseconds after which EventSource connects again. Default 1000.', {
  maximum: 3_600_000,
})

export const ticketField = text('Instead of a token: what POST /v1/tickets gave. Good for one connection.')

/** Milliseconds. */
export const RETRY = 1000

export const STREAM_ANSWERS = {
  200: {type: 'string', description: 'text/event-stream, until the stream or the connection ends.'},
  204: {type: 'null', description: 'It is over: EventSource comes no more.'},
}
