import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {anyWords, filterFlags, limit, list, messageOutputFlags, time, where} from '../cli/flags.js'
import {printHits} from '../cli/searching.js'
import {LeatError} from '../model/errors.js'

export default class Search extends LeatCommand {
  static override summary = 'Find messages by their words.'
  static override description =
    'All words must be there, in content, sender or type; "words in quotes" one behind the other, beg* as the beginning of one, -word nowhere. Quotes and what begins with a minus need quotes of the shell too, or stand behind --. The newest come first, from all channels that you may read. The first search in a store puts everything into an index.'
  static override usage = '[-- -WORD...]'
  static override args = {query: anyWords('What to look for.')}
  static override flags = {
    channel: list("Only in this channel, or these: 'build.*' (repeatable).", {helpValue: 'NAME'}),
    ...filterFlags,
    since: time({description: 'Stored then or later.'}),
    until: time({description: 'Stored before then.'}),
    where,
    limit: limit('At most so many (default 20).'),
    sort: Flags.option({options: ['newest', 'relevance'] as const, default: 'newest'})({
      description: 'The newest first, or the best of the newest 1,000 that fit.',
    }),
    ...messageOutputFlags,
  }
  static override examples = [
    '<%= config.bin %> search timeout db-1',
    `<%= config.bin %> search '"out of memory" -test*' --since 2d`,
    "<%= config.bin %> search deploy --channel 'build.*' --sender ci --sort relevance -n 5",
    '<%= config.bin %> search error --where code=503 --json | jq -r .snippet.text',
  ]
  static override takesRest = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Search)
    const words = [...(args.query ?? []), ...(this.rest ?? [])]
    if (words.length === 0) throw new LeatError('USAGE', 'missing QUERY', {hint: 'leat search QUERY'})
    const query = words.join(' ')
    await printHits({bus: this.bus, out: this.out, signal: this.interrupted}, query, flags)
  }
}
