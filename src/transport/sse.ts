import {ConnectedDelivery} from './connected.js'

/** An event stream of `leat serve`: delivered when it is written to the stream. */
export class SseTransport extends ConnectedDelivery {
  override readonly name = 'sse'
  readonly direction = 'out'
}
