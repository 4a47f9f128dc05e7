/** How the store is described. */
import type {Bus} from '../../../bus/bus.js'
import {ago} from '../age.js'
import type {View} from '../output.js'
import {sizeText} from '../size.js'
import {pairsText} from './pairs.js'

export const STORE_INFO: View<Awaited<ReturnType<Bus['info']>> & {storeFrom: string}> = {
  columns: [
    {
      head: 'STORE',
      plain: ({location}) => location,
      shown: ({location, storeFrom}) => `${location} (${storeFrom})`,
    },
    {head: 'ENGINE', plain: ({engine}) => engine},
    {head: 'SCHEMA VERSION', plain: ({schemaVersion}) => String(schemaVersion)},
    {head: 'EPOCH', plain: ({epoch}) => epoch},
    {head: 'CREATED', plain: ({createdAt}) => createdAt, shown: ({createdAt}, now) => ago(createdAt, now)},
    {head: 'SIZE', plain: ({bytes}) => String(bytes), shown: ({bytes}) => sizeText(bytes)},
    {head: 'CHANNELS', plain: ({channels}) => String(channels)},
    {head: 'MESSAGES', plain: ({messages}) => String(messages)},
    {head: 'SUBSCRIPTIONS', plain: ({subscriptions}) => String(subscriptions)},
    {head: 'CONSUMERS', plain: ({consumers}) => String(consumers)},
    {head: 'SETTINGS', plain: ({settings}) => pairsText(settings)},
  ],
}
