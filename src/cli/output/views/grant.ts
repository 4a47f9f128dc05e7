/** How grants are told. */
import type {Granted} from '../../../bus/grants.js'
import type {Grant} from '../../../model/permission.js'

/** `bob`, `role crew`. */
const granteeText = (to: {actor?: string; role?: string}): string => to.actor ?? `role ${to.role}`

/** `bob on ops: submit, subscribe`. */
export function grantedSentence(granted: Granted): string {
  const {channel = 'all channels', permissions} = granted
  return `${granteeText(granted)} on ${channel}: ${permissions.length === 0 ? 'nothing' : permissions.join(', ')}`
}

/** Who has what on one channel: `bob: submit, subscribe; role crew: manage; amy: manage (all channels)`. */
export function grantsText(grants: readonly Grant[]): string {
  const permissions = new Map<string, string[]>()
  for (const grant of grants) {
    const where = grant.channel === undefined ? ' (all channels)' : ''
    const key = JSON.stringify([granteeText(grant), where])
    permissions.set(key, [...(permissions.get(key) ?? []), grant.permission])
  }
  return [...permissions]
    .map(([key, held]) => {
      const [who, where] = JSON.parse(key) as [string, string]
      return `${who}: ${held.join(', ')}${where}`
    })
    .join('; ')
}

/** What a role has where: `ops: submit, subscribe; all channels: manage`. */
export function grantsByChannel(grants: readonly Grant[]): string {
  const permissions = new Map<string, string[]>()
  for (const {channel = 'all channels', permission} of grants)
    permissions.set(channel, [...(permissions.get(channel) ?? []), permission])
  return [...permissions].map(([channel, held]) => `${channel}: ${held.join(', ')}`).join('; ')
}
