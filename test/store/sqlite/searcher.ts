// A process that sends and searches, for search-race.test.ts: [path, name, count]. Prints each word when it is acknowledged;
// ends with 1 when it doesn't find at once what it sent.
import {randomUUID} from 'node:crypto'
import {parseSearch} from '../../../src/model/search-query.js'
import {openStore} from '../../../src/store/open.js'

const [path = '', name = '', count = '0'] = process.argv.slice(2)
const store = await openStore(path, {clock: Date.now, ids: randomUUID})
for (let number = 1; number <= Number(count); number++) {
  const word = `${name}x${number}`
  const message = {id: randomUUID(), channels: ['ops'], sender: name, type: 'message', contentType: 'text/plain'}
  await store.messages.append([{...message, body: `the word ${word} is here`}])
  process.stdout.write(`${word}\n`)
  if (number % 3 === 0) await store.search.index({limit: 20, begin: true})
  const terms = parseSearch(`word ${word}`)
  let found = 0
  let after: string | undefined
  do {
    const query = {terms, channels: [{name: 'ops'}], actor: name, limit: 10}
    const page = await store.search.find(after === undefined ? query : {...query, after})
    found += page.messages.length
    after = page.next
  } while (after !== undefined)
  if (found !== 1) {
    process.stderr.write(`${word} was found ${found} times\n`)
    process.exitCode = 1
    break
  }
}
await store.close()
