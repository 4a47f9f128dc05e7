import {Message, messageJson} from '../model/message.js'

/** A message with fields beside its own (`depth`, `places`, `claim`, …), as the command line prints it. */
export class MessageWith {
  readonly message: Message
  readonly extra: Readonly<Record<string, unknown>>

  constructor(message: Message, extra: Readonly<Record<string, unknown>>) {
    this.message = message
    this.extra = extra
  }
}

/**
 * A value as JSON, messages anywhere in it as `messageJson` writes them: JSON content keeps its number tokens, key order
 * and duplicate keys. One line.
 */
export function jsonText(value: unknown): string {
  if (value instanceof Message) return messageJson(value)
  if (value instanceof MessageWith) return messageJson(value.message, value.extra)
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`).join(',')}}`
}
