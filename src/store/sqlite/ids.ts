/** A UUID as the 16 bytes that are stored. */
export const toBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')

/** 16 stored bytes, from `at` on, as a UUID in lower case. */
export function toId(bytes: Buffer, at = 0): string {
  const hex = bytes.toString('hex', at, at + 16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Several ids, one behind the other. */
export const toIds = (bytes: Buffer): string[] =>
  Array.from({length: bytes.length / 16}, (_, index) => toId(bytes, index * 16))
