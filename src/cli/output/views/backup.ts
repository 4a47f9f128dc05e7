/** How backups, restores and compacting are told. */
import {counted} from '../../../model/counted.js'
import type {Backup, Compacted, Restored, RestorePlan} from '../../../model/maintenance.js'
import {sizeText} from '../size.js'

export const backupText = ({file, bytes, channels, messages}: Backup): string =>
  `backed up ${counted(messages, 'message')} in ${counted(channels, 'channel')} to ${file} (${sizeText(bytes)})`

/** What follows "restore … ?". */
export function restoreQuestion(plan: RestorePlan): string {
  const {file, store, way, lost = 0, gained, channels, messages, droppedChannels} = plan
  const what = `${counted(messages, 'message')} in ${counted(channels, 'channel')}`
  if (way === 'made') return `make ${store} from ${file} (${what})`
  if (way === 'anew') return `put ${store} aside, which can't be opened, and make it anew from ${file} (${what})`
  const gone = droppedChannels.length === 0 ? '' : `, without ${some(droppedChannels)}`
  return `restore ${store} from ${file} (${counted(lost, 'message')} lost, ${gained} back${gone})`
}

const some = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`

export function restoredText({store, file, messages, channels, safetyCopy}: Restored): string {
  const before = safetyCopy === undefined ? '' : `; what was there is in ${safetyCopy}`
  return `restored ${store} from ${file}: ${counted(messages, 'message')} in ${counted(channels, 'channel')}${before}`
}

export const compactedText = ({store, before, after, dryRun}: Compacted): string =>
  dryRun
    ? `${store} has ${sizeText(before)}, and would have ${sizeText(after)} or less`
    : `${store} has ${sizeText(after)} now, and had ${sizeText(before)}`
