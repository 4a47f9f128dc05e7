import {v7} from 'uuid'
import {randomBytes} from './random.js'

/** Bytes of randomness fetched at once: asking for 16 at a time costs more than all the rest of an id. */
const POOL = 4096
const NEEDED = 16

/**
 * A source of UUIDs, version 7 (RFC 9562), that rise: within a millisecond, and while the clock stands or goes back, a
 * counter does (method 1 of section 6.2). Nothing in leat goes by their order, but people like it.
 */
export function idSource(clock: () => number = Date.now): () => string {
  const random = randomPieces()
  let msecs = -Infinity
  let seq = 0
  return () => {
    const piece = random()
    const now = clock()
    if (now > msecs) {
      msecs = now
      // 31 bits of 32, so that the counter has room to rise.
      seq = new DataView(piece.buffer, piece.byteOffset).getUint32(0) >>> 1
    } else seq++
    return v7({msecs, seq, random: piece})
  }
}

function randomPieces(): () => Uint8Array {
  let pool = new Uint8Array(0)
  let at = 0
  return () => {
    if (at + NEEDED > pool.length) {
      pool = randomBytes(POOL)
      at = 0
    }
    at += NEEDED
    return pool.subarray(at - NEEDED, at)
  }
}
