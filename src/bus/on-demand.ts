/**
 * Use cases that few commands need, loaded together when the first of them is called: whatever the bus imports at once,
 * every `send` in a shell loop waits for.
 */
export {deliver} from './deliver.js'
export {deliveries, retryDeliveries} from './deliveries.js'
export {waitForDelivery} from './delivery-wait.js'
export {grant, revoke} from './grants.js'
export {backup, check, compact, prepareRestore} from './maintenance.js'
export {page} from './page.js'
export {changeRole, createRole, deleteRole, role, roles} from './roles.js'
export {search} from './search.js'
export {newSecret} from './secrets.js'
export {show} from './show.js'
export {statistics, watchStatistics} from './statistics.js'
export {subscribe, subscriptions, unsubscribe} from './subscriptions.js'
export {createToken, revokeToken, tokens} from './tokens.js'
export {exportChannels} from './transfer/export.js'
export {importRecords} from './transfer/import.js'
export {why} from './why.js'
