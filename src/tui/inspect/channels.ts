/** What becomes of the list of channels. */
import {settledView} from './moving.js'
import type {ChannelRow, ChannelsView, State} from './state.js'

/** Names and titles are looked through, whatever their case. */
const matches = ({name, title}: ChannelRow, filter: string): boolean =>
  `${name}\n${title}`.toLowerCase().includes(filter.toLowerCase())

/** The list with other channels or another filter; the chosen one stays chosen if it is still there. */
export function withChannels(
  state: State,
  view: ChannelsView,
  {all = view.all, filter = view.filter}: {all?: readonly ChannelRow[]; filter?: string},
): ChannelsView {
  const chosen = view.rows[view.at]?.name
  const rows = filter === '' ? all : all.filter((row) => matches(row, filter))
  const at = rows.findIndex(({name}) => name === chosen)
  return settledView(state, {...view, all, rows, filter, at: at < 0 ? view.at : at})
}
