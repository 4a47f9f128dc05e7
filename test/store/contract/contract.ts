import {describe} from 'vitest'
import {appendTests} from './append.js'
import {type Suite, suite} from './bench.js'
import {channelTests} from './channels.js'
import {conversationTests} from './conversations.js'
import {cursorTests} from './cursors.js'
import {delayedTests} from './delayed.js'
import {directMessageTests} from './direct.js'
import {durabilityTests} from './durability.js'
import {errorTests} from './errors.js'
import {grantTests} from './grants.js'
import type {Harness} from './harness.js'
import {holdTests} from './holds.js'
import {idempotencyTests} from './idempotency.js'
import {randomScanTests} from './random-scans.js'
import {redactionTests} from './redaction.js'
import {referenceTests} from './references.js'
import {retentionTests} from './retention.js'
import {scanTests} from './scan.js'
import {sequenceTests} from './sequence.js'
import {subscriptionTests} from './subscriptions.js'
import {summaryTests} from './summaries.js'
import {threadTests} from './threads.js'
import {wakingTests} from './waking.js'
import {randomWalkTests} from './walk.js'

const TOPICS: Readonly<Record<string, (suite: Suite) => void>> = {
  channels: channelTests,
  append: appendTests,
  idempotency: idempotencyTests,
  sequence: sequenceTests,
  scan: scanTests,
  'direct messages': directMessageTests,
  threads: threadTests,
  references: referenceTests,
  holds: holdTests,
  cursors: cursorTests,
  subscriptions: subscriptionTests,
  conversations: conversationTests,
  grants: grantTests,
  retention: retentionTests,
  delayed: delayedTests,
  redaction: redactionTests,
  summaries: summaryTests,
  waking: wakingTests,
  durability: durabilityTests,
  errors: errorTests,
  'random scans': randomScanTests,
  'random walks': randomWalkTests,
}

/** Proves that an engine keeps what `src/store/store.ts` promises. `newHarness` makes a store of its own for each test. */
export function storeContract(name: string, newHarness: () => Promise<Harness>): void {
  describe(`store contract: ${name}`, () => {
    for (const [topic, tests] of Object.entries(TOPICS)) describe(topic, () => tests(suite(newHarness)))
  })
}
