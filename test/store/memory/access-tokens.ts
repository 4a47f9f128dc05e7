import {isoTime} from '../../../src/model/time.js'
import type {Token} from '../../../src/model/token.js'
import type {Tokens} from '../../../src/store/store.js'
import type {Access} from './state.js'

export const accessTokens = ({state, clock, ids, read, write}: Access): Tokens => ({
  create: ({hash, actor, expiresAt}, by) =>
    write(() => {
      const token: Token = {
        id: ids(),
        actor,
        createdAt: isoTime(clock()),
        createdBy: by,
        ...(expiresAt !== undefined && {expiresAt: isoTime(expiresAt)}),
      }
      state.tokens.push({token, hash: Buffer.from(hash).toString('hex')})
      return structuredClone(token)
    }),

  find: (hash) =>
    read(() => {
      const wanted = Buffer.from(hash).toString('hex')
      return structuredClone(state.tokens.find((one) => one.hash === wanted)?.token)
    }),

  list: ({actor}) =>
    read(() =>
      state.tokens
        .map(({token}) => structuredClone(token))
        .filter((token) => actor === undefined || token.actor === actor),
    ),

  revoke: (id) =>
    write(() => {
      const at = state.tokens.findIndex(({token}) => token.id === id)
      return at < 0 ? undefined : state.tokens.splice(at, 1)[0]?.token
    }),
})
