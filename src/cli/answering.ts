/** What `request` and `wait` share: their flags, and printing the answers that come. */
import {Flags} from '@oclif/core'
import {LeatError} from '../model/errors.js'
import type {Message} from '../model/message.js'
import {count, messageOutputFlags} from './flags.js'
import {answerPrinter} from './output/answers.js'
import type {MessageOutput} from './output/messages.js'
import type {Output} from './output/output.js'

export const answerFlags = {
  replies: count({description: 'Answers wanted (default 1).'}),
  ...messageOutputFlags,
  output: Flags.string({description: 'The content of the answer goes to this file.', helpValue: 'FILE'}),
}

export interface AnswerFlags extends MessageOutput {
  replies?: number
}

/** How answers are printed. @throws USAGE flags that contradict each other, or a bad format */
export function printingAnswers(out: Output, flags: AnswerFlags): (answers: AsyncIterable<Message>) => Promise<void> {
  if (flags.output !== undefined && (flags.replies ?? 1) > 1)
    throw new LeatError('USAGE', '--output is for one answer', {hint: 'leave --replies out'})
  const print = answerPrinter(out, flags)
  return async (answers) => {
    for await (const message of answers) {
      print(message)
      await out.drain()
    }
  }
}
