import {Message, messageJson} from '../model/message.js'

/**
 * A value as JSON, messages anywhere in it as `messageJson` writes them: JSON content keeps its number tokens, key order
 * and duplicate keys.
 */
export function jsonText(value: unknown): string {
  if (value instanceof Message) return messageJson(value)
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`).join(',')}}`
}
