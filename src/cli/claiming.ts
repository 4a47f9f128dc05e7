/** What `ack`, `nack` and `extend` share: several claims, each for itself. */
import {Flags} from '@oclif/core'
import type {ClaimName} from '../bus/claims.js'
import type {Claim} from '../model/claim.js'
import {LeatError} from '../model/errors.js'
import {words} from './flags.js'
import type {Output} from './output/output.js'

export const claimsArg = words('Tokens of claims, or messages that you have claimed: CHANNEL/SEQ.', {asks: 'claim'})

export const ofGroup = Flags.string({
  description: 'Where a message is named: the group that you claimed it for.',
  helpValue: 'NAME',
})

/**
 * Does the same to each claim, whatever becomes of the others.
 * @throws what was thrown for the first that failed; what the others met is noted
 */
export async function eachClaim(
  out: Output,
  claims: readonly string[],
  group: string | undefined,
  act: (name: ClaimName) => Promise<void>,
): Promise<void> {
  const errors: LeatError[] = []
  for (const claim of new Set(claims))
    try {
      await act({claim, group})
    } catch (error) {
      if (!(error instanceof LeatError)) throw error
      errors.push(error)
    }
  const [first, ...others] = errors
  for (const {message} of others) out.note(message)
  if (first) throw first
}

/** A claim without its message. */
export function claimRow({channel, group, message, attempt}: Claim) {
  return {channel, group, seq: message.seq, id: message.id, attempt}
}
