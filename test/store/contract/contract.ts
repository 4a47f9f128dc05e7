import {describe} from 'vitest'
import {accessTokenTests} from './access-tokens.js'
import {appendTests} from './append.js'
import {type Suite, suite} from './bench.js'
import {channelTests} from './channels.js'
import {claimWalkTests} from './claim-walk.js'
import {claimTests} from './claims.js'
import {conversationTests} from './conversations.js'
import {cursorTests} from './cursors.js'
import {deadLetterTests} from './dead-letters.js'
import {delayedTests} from './delayed.js'
import {deliveryTests} from './deliveries.js'
import {deliveryListTests} from './delivery-list.js'
import {deliverySettleTests} from './delivery-settle.js'
import {directMessageTests} from './direct.js'
import {drainingTests} from './draining.js'
import {durabilityTests} from './durability.js'
import {errorTests} from './errors.js'
import {expiryTests} from './expiry.js'
import {grantTests} from './grants.js'
import {groupTests} from './groups.js'
import type {Harness} from './harness.js'
import {holdTests} from './holds.js'
import {idempotencyTests} from './idempotency.js'
import {maintenanceTests} from './maintenance.js'
import {pushTests} from './pushes.js'
import {randomScanTests} from './random-scans.js'
import {randomSearchTests} from './random-searches.js'
import {redactionTests} from './redaction.js'
import {referenceTests} from './references.js'
import {restoreTests} from './restore.js'
import {retentionTests} from './retention.js'
import {roleTests} from './roles.js'
import {scanTests} from './scan.js'
import {scheduledTests} from './scheduled.js'
import {searchTests} from './search.js'
import {manySearchTests} from './search-many.js'
import {sequenceTests} from './sequence.js'
import {settleTests} from './settle.js'
import {statisticsTests} from './statistics.js'
import {subscriptionTests} from './subscriptions.js'
import {summaryTests} from './summaries.js'
import {threadTests} from './threads.js'
import {togetherTests} from './together.js'
import {transferTests} from './transfer.js'
import {wakingTests} from './waking.js'
import {randomWalkTests} from './walk.js'

const TOPICS: Readonly<Record<string, (suite: Suite) => void>> = {
  channels: channelTests,
  append: appendTests,
  'writes at the same time': togetherTests,
  idempotency: idempotencyTests,
  search: searchTests,
  'search of many': manySearchTests,
  sequence: sequenceTests,
  scan: scanTests,
  'direct messages': directMessageTests,
  threads: threadTests,
  references: referenceTests,
  holds: holdTests,
  cursors: cursorTests,
  claims: claimTests,
  'settling claims': settleTests,
  groups: groupTests,
  'dead letters': deadLetterTests,
  subscriptions: subscriptionTests,
  'push consumers': pushTests,
  deliveries: deliveryTests,
  'settling deliveries': deliverySettleTests,
  'listing deliveries': deliveryListTests,
  conversations: conversationTests,
  grants: grantTests,
  roles: roleTests,
  tokens: accessTokenTests,
  retention: retentionTests,
  expiry: expiryTests,
  delayed: delayedTests,
  scheduled: scheduledTests,
  draining: drainingTests,
  redaction: redactionTests,
  summaries: summaryTests,
  transfer: transferTests,
  statistics: statisticsTests,
  waking: wakingTests,
  durability: durabilityTests,
  maintenance: maintenanceTests,
  restoring: restoreTests,
  errors: errorTests,
  'random scans': randomScanTests,
  'random searches': randomSearchTests,
  'random walks': randomWalkTests,
  'racing walks': claimWalkTests,
}

/** Proves that an engine keeps what `src/store/store.ts` and its ports promise. `newHarness` makes a store of its own for each test. */
export function storeContract(name: string, newHarness: () => Promise<Harness>): void {
  describe(`store contract: ${name}`, () => {
    for (const [topic, tests] of Object.entries(TOPICS)) describe(topic, () => tests(suite(newHarness)))
  })
}
