/** Why a WebSocket is closed: RFC 6455's code, or one of leat's (4000 and more), and a word. */
export const CLOSES = {
  goingAway: [1001, 'the server stops'],
  notText: [1003, 'frames are text'],
  noToken: [4401, 'the token is no longer good'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>
