import {ConnectedDelivery} from './connected.js'

/** The unix socket of `leat serve`: delivered to a listener that waits there. */
export class SocketTransport extends ConnectedDelivery {
  override readonly name = 'socket'
  readonly direction = 'both'
}
