/** Environment variables, handed in by whoever starts leat. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Variables that carry what nobody but leat itself should have: tokens, and the mail server's URL with its password. */
const isSecretVariable = (name: string): boolean =>
  name === 'LEAT_SMTP_URL' || /^LEAT_(.*_)?(TOKEN|SECRET|PASSWORD)S?$/.test(name)

/** For a program that leat starts. */
export const withoutSecrets = (env: Environment): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !isSecretVariable(name)))
