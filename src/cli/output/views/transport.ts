import type {ListedTransport} from '../../transports.js'
import type {View} from '../output.js'

const DIRECTIONS: Readonly<Record<ListedTransport['direction'], string>> = {in: 'in', out: 'out', both: 'in/out'}

export const transportView: View<ListedTransport> = {
  columns: [
    {head: 'NAME', plain: ({name}) => name, paint: (text, paint) => paint.name(text)},
    {head: 'DIRECTION', plain: ({direction}) => DIRECTIONS[direction]},
    {head: 'AVAILABLE', plain: ({available}) => (available ? 'yes' : 'no')},
    {head: 'WHY', plain: ({reason = ''}) => reason, cut: true},
    {head: 'PLUG-IN', plain: ({package: name = ''}) => name},
  ],
}
