/** How what is configured is shown. */
import type {ConfigRow} from '../../configuration/values.js'
import type {View} from '../output.js'

export const CONFIG_ROW: View<ConfigRow> = {
  columns: [
    {head: 'KEY', plain: ({key}) => key, paint: (text, paint) => paint.strong(text)},
    {head: 'VALUE', plain: ({value}) => value ?? '', shown: ({value}) => value ?? '-'},
    {
      head: 'FROM',
      plain: ({from}) => from ?? '',
      shown: ({from}) => from ?? 'not set',
      paint: (text, paint) => paint.dim(text),
    },
  ],
}

/** One line of `context list`, and all of `context show`. */
export interface ContextRow {
  context: string
  current: boolean
  /** By key; secrets masked. */
  settings: Readonly<Record<string, string>>
}

const others = ({settings}: ContextRow): string =>
  Object.entries(settings)
    .filter(([key]) => key !== 'store' && key !== 'actor')
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')

export const CONTEXT: View<ContextRow> = {
  columns: [
    {head: '', plain: ({current}) => (current ? '*' : ''), paint: (text, paint) => paint.good(text)},
    {head: 'CONTEXT', plain: ({context}) => context, paint: (text, paint) => paint.strong(text)},
    {head: 'ACTOR', plain: ({settings}) => settings['actor'] ?? '', paint: (text, paint) => paint.name(text)},
    {head: 'STORE', plain: ({settings}) => settings['store'] ?? ''},
    {head: 'OTHERS', plain: others},
  ],
}

export const CONTEXT_DETAILS = ({context, current, settings}: ContextRow): View<ContextRow> => ({
  columns: [
    {head: 'CONTEXT', plain: () => context, shown: () => (current ? `${context} (current)` : context)},
    {head: 'CURRENT', plain: () => (current ? 'yes' : 'no'), shown: () => ''},
    ...Object.entries(settings).map(([key, value]) => ({head: key.toUpperCase(), plain: () => value})),
  ],
})
