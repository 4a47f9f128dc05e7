/** What can be configured: the keys of the configuration file and of its contexts. */
import {LeatError} from '../../model/errors.js'
import {checkName} from '../../model/names.js'

export interface ConfigKey {
  readonly key: string
  /** The flag that wins over everything else. */
  readonly flag?: string
  /** Environment variables that win over context and file. */
  readonly variables: readonly string[]
  /** The rest of leat, and what leat runs, finds a configured value in the first of the variables. */
  readonly passedOn: boolean
  /** Has a password in it. */
  readonly secret?: true
  /** @throws INVALID why it is no value for this key */
  check(value: string): void
}

const invalid = (value: string, what: string, hint?: string): LeatError =>
  new LeatError('INVALID', `${JSON.stringify(value)} is ${what}`, {hint})

const oneOf =
  (...values: string[]) =>
  (value: string): void => {
    if (!values.includes(value)) throw invalid(value, 'not a value of it', `one of ${values.join(', ')}`)
  }

const named =
  (kind: 'actor' | 'reader') =>
  (value: string): void =>
    void checkName(kind, value)

/** In the order in which they are listed. */
export const CONFIG_KEYS: readonly ConfigKey[] = [
  {key: 'actor', flag: '--as', variables: ['LEAT_AS'], passedOn: true, check: named('actor')},
  {key: 'store', flag: '--store', variables: ['LEAT_STORE'], passedOn: true, check: checkAddress},
  {key: 'reader', variables: ['LEAT_READER'], passedOn: true, check: named('reader')},
  {
    key: 'color',
    flag: '--color',
    variables: ['NO_COLOR', 'FORCE_COLOR'],
    passedOn: false,
    check: oneOf('auto', 'always', 'never'),
  },
  {key: 'prompts', flag: '--no-input', variables: ['CI'], passedOn: false, check: oneOf('on', 'off')},
  {key: 'editor', variables: ['LEAT_EDITOR'], passedOn: true, check: checkEditor},
  {key: 'smtp.url', variables: ['LEAT_SMTP_URL'], passedOn: true, secret: true, check: checkSmtpUrl},
  {key: 'smtp.from', variables: ['LEAT_SMTP_FROM'], passedOn: true, check: checkSender},
]

/** A path from the root, or the URL of an engine with one: it must mean the same from every folder. */
function checkAddress(value: string): void {
  const [, path = ''] = /^(?:[a-z][a-z0-9+]+:)?(.*)$/is.exec(value) ?? []
  if (path.startsWith('/') || /^[a-z]:[\\/]/i.test(value) || /^(?!sqlite:)[a-z][a-z0-9+]+:./i.test(value)) return
  throw invalid(value, 'not the whole path of a store', 'give it from the root, like /srv/leat/team.db')
}

function checkEditor(value: string): void {
  if (value.trim() === '' || /[\r\n\0]/.test(value)) throw invalid(value, 'not a command', 'like "code --wait"')
}

function checkSmtpUrl(value: string): void {
  if (/^smtps?:\/\/./i.test(value) && URL.canParse(value)) return
  // It may have a password in it, so it is not repeated.
  throw new LeatError('INVALID', 'that is not the URL of a mail server', {
    hint: 'like smtps://user:password@mail.example.org',
  })
}

function checkSender(value: string): void {
  if (!/^[^\r\n]*[^\s@]@[^\s@]+$/.test(value)) throw invalid(value, 'not a mail address', 'like leat@example.org')
}
