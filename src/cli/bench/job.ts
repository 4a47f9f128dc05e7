/** What the command and the processes that it starts say to each other. */
import type {ErrorCode} from '../../model/errors.js'

interface AnyJob {
  /** Path or URL of the store. */
  store: string
  actor: string
  channel: string
}

/** `count` and `duration` may be Infinity: then the other one ends it. */
export type Job = AnyJob &
  (
    | {role: 'send'; count: number; duration: number; size: number}
    | {role: 'read'; reader: string; duration: number; again: boolean}
    | {role: 'work'; duration: number; again: boolean}
    | {role: 'follow'}
    | {role: 'echo'; concurrency: number}
  )

/** Times are of the steady clock, in milliseconds. */
export interface Report {
  began: number
  ended: number
  /** Messages. */
  done: number
  samples: Float64Array
}

export type ToChild = {say: 'job'; job: Job} | {say: 'go'}

export type FromChild =
  | {say: 'ready'}
  | {say: 'received'; at: number}
  | {say: 'report'; report: Report}
  | {say: 'failed'; code: ErrorCode; message: string; hint?: string}
