/** Names: whatever stands for an actor, a role or a conversation has to have one. Those of messages are looked at with them. */

import {counted} from '../../../model/counted.js'
import type {Finding} from '../../../model/maintenance.js'
import {damage, type Patient} from './findings.js'

/** Columns that hold the number of a name, where one is optional NULL or 0. */
const NUMBERS: readonly [table: string, column: string, names: 'names' | 'roles' | 'conversations', one: string][] = [
  ['scheduled', 'sender_id', 'names', 'delayed message'],
  ['consumers', 'name_id', 'names', 'cursor'],
  ['subscriptions', 'subscriber_id', 'names', 'subscription'],
  ['grants', 'actor_id', 'names', 'grant'],
  ['grants', 'role_id', 'roles', 'grant'],
  ['role_members', 'actor_id', 'names', 'member of a role'],
  ['role_members', 'role_id', 'roles', 'member of a role'],
  ['tokens', 'actor_id', 'names', 'token'],
  ['in_flight', 'name_id', 'names', 'claimed or waiting message'],
  ['in_flight', 'actor_id', 'names', 'claimed or waiting message'],
  ['workers', 'name_id', 'names', 'worker'],
  ['workers', 'actor_id', 'names', 'worker'],
  ['deliveries', 'subscriber_id', 'names', 'delivery'],
  ['dead_letters', 'sender_id', 'names', 'dead letter'],
  ['dead_letters', 'recipient_id', 'names', 'dead letter'],
  ['dead_letters', 'name_id', 'names', 'dead letter'],
  ['dead_letters', 'subscriber_id', 'names', 'dead letter'],
  ['dead_letters', 'conversation_id', 'conversations', 'dead letter'],
]

export async function* checkNames({connection}: Patient): AsyncGenerator<Finding> {
  for (const [table, column, names, one] of NUMBERS) {
    const missing = connection.row(`
      SELECT count(*) FROM ${table}
       WHERE ${column} IS NOT NULL AND ${column} <> 0 AND ${column} NOT IN (SELECT id FROM ${names})`)?.[0] as number
    if (missing > 0) yield damage('name', `the name of ${counted(missing, one)} is missing`)
  }
}
