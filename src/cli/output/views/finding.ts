/** How what a check has found is shown. */
import {counted} from '../../../model/counted.js'
import type {Checked, Finding, Severity} from '../../../model/maintenance.js'
import type {View} from '../output.js'

const WORDS: Readonly<Record<Severity, string>> = {damage: 'DAMAGE', warning: 'warning', note: 'note'}

export const FINDING: View<Finding> = {
  columns: [
    {head: 'SEVERITY', plain: ({severity}) => severity, shown: ({severity}) => WORDS[severity].padEnd(7)},
    {head: 'KIND', plain: ({kind}) => kind, shown: ({kind}) => kind.padEnd(9)},
    {head: 'WHAT', plain: ({what}) => what},
    {head: 'PLACE', plain: ({place}) => place ?? '', shown: () => ''},
    {head: 'HINT', plain: ({hint}) => hint, shown: ({hint}) => `→ ${hint}`},
  ],
}

export function summaryOf({store, deep, channels, messages, damage, warnings, notes}: Checked): string {
  const looked = `${counted(messages, 'message')} in ${counted(channels, 'channel')}${deep ? ', every content read' : '; --deep reads every content too'}`
  const found = [
    damage > 0 && `damage in ${counted(damage, 'place')}`,
    warnings > 0 && counted(warnings, 'warning'),
    notes > 0 && counted(notes, 'note'),
  ].filter((text) => text !== false)
  const how = found.length === 0 ? 'nothing is wrong' : found.join(', ')
  // Nothing was looked into where it isn't a store.
  return channels + messages === 0 && damage > 0 ? `${store}: ${how}` : `${store}: ${how}; ${looked}`
}
