import type {ListedTransport} from '../../transports.js'
import type {View} from '../output.js'

const DIRECTIONS: Readonly<Record<ListedTransport['direction'], string>> = {in: 'in', out: 'out', both: 'in/out'}

export const transportView: View<ListedTransport> = {
  columns: [
    {head: 'NAME', plain: ({name}) => name, paint: (text, paint) => paint.strong(text)},
    {head: 'DIRECTION', plain: ({direction}) => DIRECTIONS[direction], spare: 3},
    {
      head: 'AVAILABLE',
      plain: ({available}) => (available ? 'yes' : 'no'),
      paint: (text, paint, {available}) => (available ? paint.good(text) : paint.warn(text)),
    },
    {head: 'WHY', plain: ({reason = ''}) => reason, cut: true, spare: 1},
    {head: 'PLUG-IN', plain: ({package: name = ''}) => name, spare: 2},
  ],
}
