import type {Body} from '../../model/content.js'

/** From here on loading zlib pays: it takes 3 ms, which every `send` would feel. */
const LARGE = 64 * 1024

/** CRC-32 of each half byte. */
const TABLE = [
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
] as const

/** From so many messages on it pays too. */
const MANY = 50

/** How contents of some messages are summed up: as `checksum` does, by zlib where they are many. */
export function checksumOf(messages: readonly unknown[]): (body: Body) => number {
  return messages.length < MANY ? checksum : process.getBuiltinModule('node:zlib').crc32
}

/** CRC-32 (the one of zlib) of a content's bytes. */
export function checksum(body: Body): number {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (bytes.byteLength >= LARGE) return process.getBuiltinModule('node:zlib').crc32(bytes)
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    crc = TABLE[(crc ^ byte) & 15]! ^ (crc >>> 4)
    crc = TABLE[(crc ^ (byte >> 4)) & 15]! ^ (crc >>> 4)
  }
  return (crc ^ 0xffffffff) >>> 0
}
