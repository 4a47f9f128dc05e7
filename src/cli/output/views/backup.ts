/** How backups, restores and compacting are told. */
import type {Backup, Compacted, Restored, RestorePlan} from '../../../model/maintenance.js'
import {sizeText} from '../size.js'

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

export const backupText = ({file, bytes, channels, messages}: Backup): string =>
  `backed up ${many(messages, 'message')} in ${many(channels, 'channel')} to ${file} (${sizeText(bytes)})`

/** What follows "restore … ?". */
export function restoreQuestion(plan: RestorePlan): string {
  const {file, store, way, lost = 0, gained, channels, messages, droppedChannels} = plan
  const what = `${many(messages, 'message')} in ${many(channels, 'channel')}`
  if (way === 'made') return `make ${store} from ${file} (${what})`
  if (way === 'anew') return `put ${store} aside, which can't be opened, and make it anew from ${file} (${what})`
  const gone = droppedChannels.length === 0 ? '' : `, without ${some(droppedChannels)}`
  return `restore ${store} from ${file} (${many(lost, 'message')} lost, ${gained} back${gone})`
}

const some = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`

export function restoredText({store, file, messages, channels, safetyCopy}: Restored): string {
  const before = safetyCopy === undefined ? '' : `; what was there is in ${safetyCopy}`
  return `restored ${store} from ${file}: ${many(messages, 'message')} in ${many(channels, 'channel')}${before}`
}

export const compactedText = ({store, before, after, dryRun}: Compacted): string =>
  dryRun
    ? `${store} has ${sizeText(before)}, and would have ${sizeText(after)} or less`
    : `${store} has ${sizeText(after)} now, and had ${sizeText(before)}`
