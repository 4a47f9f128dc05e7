/** What proves an actor at a network door. The secret itself is shown once; the store keeps its SHA-256 hash. */
export interface Token {
  /** Names it in `token list` and `token revoke`: a UUID. */
  id: string
  /** Whom it proves. */
  actor: string
  /** ISO 8601. */
  createdAt: string
  createdBy: string
  /** ISO 8601; absent: never. */
  expiresAt?: string
}
