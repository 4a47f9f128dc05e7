/** How claims are printed: as messages, with what it takes to finish them. */
import type {Claim, InFlight} from '../../../model/claim.js'
import {placeName} from '../../../model/reference.js'
import {ago} from '../age.js'
import {wrap} from '../cells.js'
import {type Column, fieldLine} from '../column.js'
import {forTerminal} from '../escape.js'
import {MESSAGE_COLUMNS, type MessageOutput, messagePrinter, printContent, writeContent} from '../messages.js'
import type {Output} from '../output.js'
import {linesForPeople} from '../people.js'

const fieldsOf = ({token, group, attempt, until}: Claim): Record<string, unknown> => ({token, group, attempt, until})

/** What `--format` knows of a claim besides its message. */
const FORMAT_FIELDS = ['claim.token', 'claim.group', 'claim.attempt', 'claim.until']

/** The fields of a claim in a pipe: the token, then those of its message. */
const CLAIM_COLUMNS: readonly Column<Claim>[] = [
  {head: 'TOKEN', plain: ({token}) => token},
  ...MESSAGE_COLUMNS.map(({head, plain}) => ({head, plain: ({message}: Claim) => plain(message)})),
]

/**
 * Prints claims in the form that flags and stdout ask for. Where only content is printed, the token is a note.
 * @throws USAGE a bad format
 */
export function claimPrinter(out: Output, options: MessageOutput & {limit?: number}): (claim: Claim) => void {
  const {raw, format, output, nul, limit = 1} = options
  const print = messagePrinter(out, options, FORMAT_FIELDS)
  if (raw || output !== undefined)
    return (claim) => {
      if (output !== undefined) writeContent(out, claim.message, output)
      else if (limit === 1 && !nul) printContent(out, claim.message)
      else print(claim.message)
      out.note(`${placeName(claim.message)}: ${finishing(out, claim)}`)
    }
  if (format !== undefined || out.json) return (claim) => print(claim.message, {claim: fieldsOf(claim)})
  if (!out.terminal) return (claim) => out.write(fieldLine(claim, CLAIM_COLUMNS).replace(/\n$/, nul ? '\0' : '\n'))
  const lines = linesForPeople(out)
  return (claim) => {
    const how = wrap(forTerminal(finishing(out, claim)), Math.max(1, out.width - 2))
    out.write(`${lines(claim.message)}${how.map((line) => `  ${out.paint.dim(line)}\n`).join('')}`)
  }
}

/** How a claim is finished, and until when. */
const finishing = (out: Output, {token, attempt, until}: Claim): string =>
  `attempt ${attempt}, yours until ${until} (${ago(until, out.now)}): leat ack ${token}`

/** How a message stands with a group: `workers: claimed by bob, …`. @param now for times as people say them */
export function inFlightText(
  {group, state, attempt, until, by, reason}: Omit<InFlight, 'token'>,
  now?: number,
): string {
  const when = now === undefined ? until : ago(until, now)
  const isOver = now !== undefined && Date.parse(until) <= now
  if (state === 'claimed') {
    const lease = isOver ? 'its lease is over' : `lease ends ${when}`
    return `${group}: claimed by ${by}, attempt ${attempt}, ${lease}`
  }
  return `${group}: attempt ${attempt} failed (${reason}), ${isOver ? 'ready again' : `again ${when}`}`
}
