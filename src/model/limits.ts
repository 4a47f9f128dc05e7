/** What a message may be at most. Past them: `TOO_LARGE`, nothing stored. */
export const LIMITS = {
  /** Bytes of content: 16 MiB. */
  content: 16 * 1024 * 1024,
  /** Levels of arrays and objects in JSON content. */
  jsonDepth: 64,
  /** Bytes of all header names and values together: 64 KiB. */
  headers: 64 * 1024,
  /** Characters of `type`, `correlationId` and `key`. */
  label: 256,
  /** Characters of a name. */
  name: 128,
  /** References of one message. */
  references: 1024,
  /** Channels that one message may be sent to at once. */
  channels: 256,
} as const
