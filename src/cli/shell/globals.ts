/** The global flags with which a shell was started, as words that each of its lines begins with. */
export function givenGlobals(flags: {
  store?: string
  as?: string
  context?: string
  json: boolean
  quiet: boolean
  'no-input': boolean
  color?: string
}): string[] {
  return [
    ...(flags.store === undefined ? [] : [`--store=${flags.store}`]),
    ...(flags.as === undefined ? [] : [`--as=${flags.as}`]),
    ...(flags.context === undefined ? [] : [`--context=${flags.context}`]),
    ...(flags.json ? ['--json'] : []),
    ...(flags.quiet ? ['--quiet'] : []),
    ...(flags['no-input'] ? ['--no-input'] : []),
    ...(flags.color === undefined ? [] : [`--color=${flags.color}`]),
  ]
}
