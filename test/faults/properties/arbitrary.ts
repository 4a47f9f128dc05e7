/** Operations as they may come. */
import fc from 'fast-check'
import {Change} from './changing.js'
import {EndClaim, Give} from './claiming.js'
import {CHANNELS, GROUPS, READERS} from './compare.js'
import {Count, EndHold, Take} from './holding.js'
import type {Operation} from './operation.js'
import {Prune, Redact, Seek, Send, Wait} from './writing.js'

const channel = fc.constantFrom(...CHANNELS)
const reader = fc.constantFrom(...READERS)
const group = fc.constantFrom(...GROUPS)
/** One of those that ever were. */
const number = fc.nat({max: 30})
/** That its process dies then. */
const seldom = fc.boolean().chain((once) => (once ? fc.boolean() : fc.constant(false)))

/** `undefined` more often than not. */
const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, {nil: undefined, freq: 1})

const send: fc.Arbitrary<Operation> = fc
  .record({
    channel,
    as: reader,
    body: fc.constantFrom('a', 'b'),
    recipient: perhaps(reader),
    key: perhaps(fc.constantFrom('k', 'l')),
    delay: perhaps(fc.constantFrom(1_000, 40_000)),
    expires: perhaps(fc.constantFrom(1_000, 30_000)),
  })
  .map((given) => new Send(given))

const plain: fc.Arbitrary<Operation> = fc
  .record({channel, as: reader, body: fc.constantFrom('a', 'b', 'c')})
  .map((given) => new Send(given))

const takeWith = (dies: fc.Arbitrary<boolean>): fc.Arbitrary<Operation> =>
  fc.tuple(channel, reader, fc.integer({min: 1, max: 4}), dies).map((given) => new Take(...given))

const endHold: fc.Arbitrary<Operation> = fc
  .tuple(
    number,
    fc.constantFrom('committed', 'committed', 'committed in part', 'committed past its end', 'given up', 'extended'),
  )
  .map(([at, how]) => new EndHold(at, how as ConstructorParameters<typeof EndHold>[1]))

const giveWith = (dies: fc.Arbitrary<boolean>): fc.Arbitrary<Operation> =>
  fc
    .tuple(channel, group, fc.integer({min: 1, max: 3}), fc.constantFrom(1_000, 30_000), dies)
    .map((given) => new Give(...given))

const endClaim: fc.Arbitrary<Operation> = fc
  .tuple(number, fc.constantFrom('acked', 'acked', 'nacked', 'nacked for good', 'extended'))
  .map(([at, how]) => new EndClaim(at, how as ConstructorParameters<typeof EndClaim>[1]))

const seek: fc.Arbitrary<Operation> = fc.tuple(channel, reader, fc.nat({max: 6})).map((given) => new Seek(...given))

const prune: fc.Arbitrary<Operation> = fc
  .tuple(channel, fc.nat({max: 4}), fc.boolean())
  .map((given) => new Prune(...given))

const redact: fc.Arbitrary<Operation> = fc.tuple(channel, number).map((given) => new Redact(...given))

const change: fc.Arbitrary<Operation> = fc
  .tuple(
    channel,
    fc.constantFrom('created', 'created', 'closed', 'opened', 'opened', 'deleted', 'made anew', 'made anew'),
  )
  .map(([name, fate]) => new Change(name, fate as ConstructorParameters<typeof Change>[1]))

const wait: fc.Arbitrary<Operation> = fc.constantFrom(500, 2_000, 31_000, 61_000).map((ms) => new Wait(ms))

const count: fc.Arbitrary<Operation> = fc.tuple(channel, reader).map((given) => new Count(...given))

/** What is done in a row. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {weight: 4, arbitrary: plain},
  {weight: 5, arbitrary: send},
  {weight: 4, arbitrary: takeWith(seldom)},
  {weight: 4, arbitrary: endHold},
  {weight: 4, arbitrary: giveWith(seldom)},
  {weight: 4, arbitrary: endClaim},
  {weight: 1, arbitrary: seek},
  {weight: 1, arbitrary: prune},
  {weight: 1, arbitrary: redact},
  {weight: 2, arbitrary: change},
  {weight: 3, arbitrary: wait},
)

/** What is done at once: to take and to die is two things. */
export const concurrent: fc.Arbitrary<Operation> = fc.oneof(
  {weight: 3, arbitrary: plain},
  {weight: 2, arbitrary: send},
  {weight: 3, arbitrary: takeWith(fc.constant(false))},
  {weight: 2, arbitrary: endHold},
  {weight: 3, arbitrary: giveWith(fc.constant(false))},
  {weight: 3, arbitrary: endClaim},
  {weight: 1, arbitrary: prune},
  {weight: 1, arbitrary: seek},
  {weight: 1, arbitrary: count},
)
