/** What one client can take of the server. */
export interface Limits {
  /** Bytes of a request's body. Past them: 413. */
  body: number
  /** Bytes of the bodies of one actor that are read or worked on at once. Past them: 503. */
  bodies: number
  /** Bytes of a request's head. */
  head: number
  /** Bytes of a WebSocket frame and of a line at the socket. */
  frame: number
  /** Milliseconds within which a request's head has to be there; an idle new connection is ended then too. */
  headTimeout: number
  /** Milliseconds within which a whole request has to be there. */
  requestTimeout: number
  /** Milliseconds that a connection may be idle between two requests. */
  idleTimeout: number
  /** How often overdue connections are looked for, in milliseconds. */
  checkInterval: number
  /** Connections in all. */
  connections: number
  /** Connections of one client address. */
  connectionsPerClient: number
  /** Milliseconds that a reader of a stream may take to drain what it was sent. */
  drainTimeout: number
  /** Milliseconds between two heartbeats of a stream, at each of which its token is looked at again. */
  heartbeat: number
  /** Milliseconds that a client of the WebSocket has to acknowledge what was pushed to it. */
  acknowledgement: number
  /** Milliseconds that requests have to finish when the server stops. */
  grace: number
  /** Milliseconds that a ticket lasts. */
  ticket: number
}

export const LIMITS: Limits = {
  body: 16 * 1024 * 1024,
  bodies: 256 * 1024 * 1024,
  head: 32 * 1024,
  frame: 1024 * 1024,
  headTimeout: 10_000,
  requestTimeout: 120_000,
  idleTimeout: 30_000,
  checkInterval: 5_000,
  connections: 2048,
  connectionsPerClient: 512,
  drainTimeout: 30_000,
  heartbeat: 15_000,
  acknowledgement: 15_000,
  grace: 5_000,
  ticket: 60_000,
}
