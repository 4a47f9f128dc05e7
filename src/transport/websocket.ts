import {ConnectedDelivery} from './connected.js'

/** A WebSocket of `leat serve`: delivered when the client has acknowledged it. */
export class WebSocketTransport extends ConnectedDelivery {
  override readonly name = 'websocket'
  readonly direction = 'both'
}
