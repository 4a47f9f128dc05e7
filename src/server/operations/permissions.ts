import type {GrantOptions} from '../../bus/grants.js'
import {type Grantee, parsePermission} from '../../model/permission.js'
import {parseTime} from '../../model/time.js'
import type {Operation} from '../operation.js'
import {channel, text, texts} from './fields.js'

const permission = text('submit (or send), subscribe (or read), manage.')
const role = text('The name of a role.')

const can: Operation<{channel: string; permission: string; actor?: string}> = {
  name: 'can',
  summary: 'Whether an actor has a permission on a channel, and why.',
  http: {method: 'GET', path: '/can'},
  input: {
    type: 'object',
    properties: {channel, permission, actor: text('Default: the actor.')},
    required: ['channel', 'permission'],
  },
  run: ({bus, input: {channel, permission, actor}}) => bus.can(parsePermission(permission), channel, actor),
}

interface GrantInput {
  permissions: string[]
  channel?: string
  to: Grantee[]
}

const grantInput = {
  type: 'object',
  properties: {
    permissions: {...texts('submit (or send), subscribe (or read), manage.'), minItems: 1},
    channel: text('Default: all channels.'),
    to: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      description: 'Actors and roles.',
      items: {
        oneOf: ['actor', 'role'].map((kind) => ({
          type: 'object',
          properties: {[kind]: {type: 'string'}},
          required: [kind],
          additionalProperties: false,
        })),
      },
    },
  },
  required: ['permissions', 'to'],
} as const

const optionsOf = ({permissions, ...rest}: GrantInput): GrantOptions => ({
  ...rest,
  permissions: permissions.map(parsePermission),
})

const grant: Operation<GrantInput> = {
  name: 'grant',
  summary: 'Grant permissions on a channel, or on all.',
  http: {method: 'POST', path: '/grants'},
  input: grantInput,
  run: async ({bus, input}) => ({granted: await bus.grant(optionsOf(input))}),
}

const revoke: Operation<GrantInput> = {
  name: 'revoke',
  summary: 'Take permissions back.',
  http: {method: 'POST', path: '/grants/revoke'},
  input: grantInput,
  run: async ({bus, input}) => ({granted: await bus.revoke(optionsOf(input))}),
}

const roles: Operation<{actor?: string}> = {
  name: 'role.list',
  summary: 'Roles, with who is in them.',
  http: {method: 'GET', path: '/roles'},
  input: {type: 'object', properties: {actor: text('Only those that this actor is in.')}},
  run: async ({bus, input}) => ({roles: await bus.roles(input)}),
}

const createRole: Operation<{role: string; description?: string}> = {
  name: 'role.create',
  summary: 'Make a role.',
  http: {method: 'POST', path: '/roles', status: 201},
  input: {type: 'object', properties: {role, description: text('What it is for.')}, required: ['role']},
  run: ({bus, input: {role, description}}) => bus.createRole(role, {description}),
}

const showRole: Operation<{role: string}> = {
  name: 'role.show',
  summary: 'A role with its members and grants.',
  http: {method: 'GET', path: '/roles/{role}'},
  input: {type: 'object', properties: {role}, required: ['role']},
  run: ({bus, input}) => bus.role(input.role),
}

const changeRole: Operation<{role: string; add?: string[]; remove?: string[]}> = {
  name: 'role.change',
  summary: 'Put actors into a role, and take them out.',
  http: {method: 'PATCH', path: '/roles/{role}'},
  input: {
    type: 'object',
    properties: {role, add: texts('Actors.'), remove: texts('Actors.')},
    required: ['role'],
  },
  run: ({bus, input: {role, ...change}}) => bus.changeRole(role, change),
}

const deleteRole: Operation<{role: string}> = {
  name: 'role.delete',
  summary: 'Delete a role with what was granted to it.',
  http: {method: 'DELETE', path: '/roles/{role}'},
  input: {type: 'object', properties: {role}, required: ['role']},
  async run({bus, input: {role}}) {
    await bus.deleteRole(role)
    return {role, deleted: true}
  },
}

const tokens: Operation<{actor?: string}> = {
  name: 'token.list',
  summary: 'Tokens, without their secrets.',
  http: {method: 'GET', path: '/tokens'},
  input: {type: 'object', properties: {actor: text('Only of this actor.')}},
  run: async ({bus, input}) => ({tokens: await bus.tokens(input)}),
}

const createToken: Operation<{actor: string; expires?: string}> = {
  name: 'token.create',
  summary: 'A new token that proves an actor at the doors; its secret is told this once.',
  http: {method: 'POST', path: '/tokens', status: 201},
  input: {
    type: 'object',
    properties: {actor: text('Whom it proves.'), expires: text('When: ISO 8601, or a time from now like 30d.')},
    required: ['actor'],
  },
  async run({bus, input: {actor, expires}}) {
    const expiresAt = expires === undefined ? undefined : parseTime(expires, bus.context.clock(), {ahead: true})
    const {token, secret} = await bus.createToken({actor, expiresAt})
    return {...token, secret}
  },
}

const revokeToken: Operation<{token: string}> = {
  name: 'token.revoke',
  summary: 'Revoke a token.',
  http: {method: 'DELETE', path: '/tokens/{token}'},
  input: {type: 'object', properties: {token: text('Its id, or a unique end of it.')}, required: ['token']},
  run: ({bus, input}) => bus.revokeToken(input.token),
}

export const PERMISSIONS = [
  can,
  grant,
  revoke,
  roles,
  createRole,
  showRole,
  changeRole,
  deleteRole,
  tokens,
  createToken,
  revokeToken,
]
