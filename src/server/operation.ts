/**
 * What the doors offer: each operation is declared once, with the schema that checks its input, and every door (HTTP,
 * WebSocket, socket) runs it in the same way. What it may do, the bus decides.
 */
import type {Bus} from '../bus/bus.js'
import type {Draft} from '../model/message.js'

/** JSON Schema; of objects only. */
export interface InputSchema {
  type: 'object'
  properties: Readonly<Record<string, object>>
  required?: readonly string[]
}

export interface Call<Input> {
  bus: Bus
  input: Input
  /**
   * The message of the call, its content cut out of the request's own text so that no digit changes; only where `takes`
   * is `message`.
   */
  draft: Draft
  /** Aborts when the client goes away, or the server stops. */
  signal: AbortSignal
}

export interface Operation<Input = Record<string, never>> {
  /** What it is called at the WebSocket and the socket, and its operationId: `channel.create`. */
  name: string
  summary: string
  http: {
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
    /** Below `/v1`, parameters in braces are properties of `input`: `/channels/{channel}/messages`. */
    path: string
    /** Of success. Default 200. */
    status?: 200 | 201
  }
  input: InputSchema
  /** `message`: the fields of a message are part of the input too (docs/json.md). */
  takes?: 'message'
  /** What comes back; messages in it keep every digit (see json.ts). */
  run(call: Call<Input>): Promise<unknown>
}

/** Any operation: what its input is, only it knows. */
export type AnyOperation = Operation<unknown>
