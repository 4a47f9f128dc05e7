/** docs/websocket.md: what it shows runs. */
import {expect, test} from 'vitest'
import {background, until} from '../cli/background.js'
import {world} from '../cli/leat.js'
import {examplesOf, play, withPackages} from './pages.js'

test('a subscriber with ws, and a page with a ticket', async () => {
  const {dir, env, leat} = world()
  withPackages(dir)
  await leat`channel create ops`
  const {secret} = (await leat`token create --for bob --json`).json()
  const server = background({...env, HOME: dir})`serve --port 0`
  await server.says(/ready http\S+\n/)
  const at = /ready http:\/\/(\S+)/.exec(server.stdout)?.[1] ?? ''
  const [subscriber, page, ...rest] = examplesOf('websocket.md').map(({language, code}) => ({
    language,
    code: code.replaceAll('127.0.0.1:7428', at).replaceAll('TOKEN', secret),
  }))
  expect(rest).toEqual([])
  if (!subscriber || !page) throw new Error('an example is missing')

  const waiting = play(subscriber, dir)
  await until(() => expect(waiting.stdout, waiting.stderr).toBe('subscribed\n'))
  await leat`send ops deployed`
  await until(() => expect(waiting.stdout).toBe('subscribed\nalice: deployed\n'))
  await leat`send ops again`
  await until(() => expect(waiting.stdout).toBe('subscribed\nalice: deployed\nalice: again\n'))

  const browser = play(page, dir)
  await until(() => expect(browser.stdout, browser.stderr).toBe('1 deployed\n2 again\n3 hello from a page\n'))
})
