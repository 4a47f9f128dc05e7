/** A named set of messages across channels. */
export interface Conversation {
  name: string
  title?: string
  description?: string
  metadata: Readonly<Record<string, string>>
  /** ISO 8601. */
  createdAt: string
  createdBy: string
}
