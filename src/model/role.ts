/** A named set of actors that permissions can be granted to. */
export interface Role {
  name: string
  description?: string
  /** By name. */
  members: string[]
  /** ISO 8601. */
  createdAt: string
  createdBy: string
}
