/** How tokens are printed. */
import type {Token} from '../../../model/token.js'
import {age, ago} from '../age.js'
import type {Output, View} from '../output.js'

/** `token list`. */
export const TOKEN: View<Token> = {
  columns: [
    {head: 'ID', plain: ({id}) => id},
    {head: 'ACTOR', plain: ({actor}) => actor, paint: (text, paint) => paint.name(text)},
    {
      head: 'EXPIRES',
      plain: ({expiresAt = ''}) => expiresAt,
      shown: ({expiresAt}, now) => (expiresAt === undefined ? 'never' : expiryText(expiresAt, now)),
      paint: (text, paint, {expiresAt}) => (expiresAt === undefined ? paint.dim(text) : text),
    },
    {
      head: 'CREATED',
      plain: ({createdAt}) => createdAt,
      shown: ({createdAt}, now) => age(createdAt, now),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 2,
    },
    {
      head: 'CREATED BY',
      plain: ({createdBy}) => createdBy,
      paint: (text, paint) => paint.name(text),
      spare: 1,
    },
  ],
}

const expiryText = (expiresAt: string, now: number): string =>
  Date.parse(expiresAt) > now ? age(expiresAt, now) : `expired ${ago(expiresAt, now)}`

/** The secret alone, for `$(…)` and pipes; with --json beside its token. */
export function printSecret(out: Output, {token, secret}: {token: Token; secret: string}): void {
  out.write(out.json ? `${JSON.stringify({token, secret})}\n` : `${secret}\n`)
  out.flush()
  if (out.terminal && !out.json)
    out.note(`This token of ${token.actor} is shown this once. leat token revoke ${token.id} ends it.`)
}
