/** What the settings of a channel may be. */
import {
  type Channel,
  type ChannelSettings,
  changeSettings,
  type Retention,
  type SettingsChange,
} from '../model/channel.js'
import {checkContentType, isJsonType} from '../model/content.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import {checkName} from '../model/names.js'
import {checkLabel, checkMetadata, checkNote} from './labels.js'
import type {Schemas} from './schema.js'

/**
 * Settings of a new channel (without what is undefined), or a change of them, checked.
 * @throws INVALID, TOO_LARGE
 */
export async function checkSettings<T extends SettingsChange>(
  schemas: Schemas,
  settings: T,
  current?: Channel,
): Promise<T> {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T
  const {title, description, contentType, schema, retention, ingress, egress, metadata} = given
  if (title) checkLabel('a title', title)
  if (description) checkNote('a description', description)
  if (contentType !== undefined && contentType !== null) checkContentType(contentType)
  if (schema !== undefined && schema !== null) await checkSchema(schemas, schema)
  if (retention) checkRetention(retention)
  for (const transport of [ingress, egress])
    if (transport !== undefined && transport !== null) checkTransport(transport)
  if (egress === 'exec')
    throw new LeatError('INVALID', "a channel can't have exec as its egress: each subscription has its own command", {
      hint: "leat subscribe CHANNEL --transport exec --endpoint './handle.sh'",
    })
  if (metadata) checkMetadata(metadata)
  checkJsonOnly(changeSettings<ChannelSettings>(current ?? {}, given))
  return given
}

async function checkSchema(schemas: Schemas, schema: string): Promise<void> {
  if (Buffer.byteLength(schema) > LIMITS.content)
    throw new LeatError('TOO_LARGE', `the schema has more than ${LIMITS.content} bytes`)
  await schemas(schema)
}

/** A transport is named like anything else that people type. */
function checkTransport(name: string): void {
  try {
    checkName('group', name)
  } catch (cause) {
    throw new LeatError('INVALID', `${JSON.stringify(name)} is not the name of a transport`, {cause})
  }
}

function checkRetention({maxAge, maxMessages}: Retention): void {
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge > 0))
    throw new LeatError('INVALID', `the oldest message can't be ${maxAge} ms old`, {
      hint: 'a whole number of 1 or more',
    })
  if (maxMessages !== undefined && !(Number.isSafeInteger(maxMessages) && maxMessages > 0))
    throw new LeatError('INVALID', `a channel can't keep ${maxMessages} messages`, {
      hint: 'a whole number of 1 or more',
    })
}

/** A schema implies JSON. */
function checkJsonOnly({schema, contentType}: ChannelSettings): void {
  if (schema === undefined || contentType === undefined || isJsonType(contentType)) return
  throw new LeatError('INVALID', `a channel with a schema takes JSON, not ${contentType}`)
}
