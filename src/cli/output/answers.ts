import type {Message} from '../../model/message.js'
import {type MessageOutput, messagePrinter, printContent, writeContent} from './messages.js'
import type {Output} from './output.js'

/**
 * Prints answers to a request: the content of each, ended by one newline at least, or in the form that flags ask for;
 * the exact content of one with `raw`, or into a file.
 * @throws USAGE a bad format
 */
export function answerPrinter(
  out: Output,
  {replies = 1, ...options}: MessageOutput & {replies?: number},
): (message: Message) => void {
  const {raw, format, nul, output} = options
  if (output !== undefined) return (message) => writeContent(out, message, output)
  if (raw && replies === 1 && !nul) return (message) => printContent(out, message)
  if (out.json || raw || format !== undefined) return messagePrinter(out, options)
  const end = nul ? '\0' : '\n'
  return (message) => {
    printContent(out, message)
    // At a terminal that is one already; bytes stay what they are.
    if (!out.terminal && typeof message.body === 'string' && !message.body.endsWith(end)) out.write(end)
  }
}
