import {CLOCK_DOUBT} from '../../model/channel.js'
import type {Session} from './session.js'

/** A clock near the newest time of a channel, or else of the whole store: a quiet channel is no reason for doubt. */
export const isBelievable = ({connection}: Session, newestTime: number, now: number): boolean =>
  now - newestTime <= CLOCK_DOUBT || now - (connection.row(NEWEST_TIME)?.[0] as number) <= CLOCK_DOUBT
const NEWEST_TIME = 'SELECT max(newest_time) FROM counters'
