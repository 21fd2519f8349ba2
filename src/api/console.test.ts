import fastify from 'fastify'
import { beforeEach, expect, it } from 'vitest'
import { instant, plusMs } from '../core/instant.ts'
import { createConsole } from './console.ts'

let now = instant(0)
let app = fastify()
let link = ''

beforeEach(() => {
  now = instant(0)
  app = fastify()
  const console = createConsole({ now: () => now })
  console.addRoutes(app)
  link = console.link
})

const visit = async (url: string, cookie = '') => app.inject({ method: 'GET', url, headers: { cookie } })

async function signIn(): Promise<string> {
  const { headers } = await visit(link)
  return String(headers['set-cookie']).split(';')[0] ?? ''
}

it('signs in whoever follows the link, and leads on to the page without the token', async () => {
  const answer = await visit(link)
  expect(answer.statusCode).toBe(303)
  expect(answer.headers.location).toBe('/console')
  expect(answer.headers['set-cookie']).toMatch(/^millrace-session=[\w-]{43}; .*HttpOnly; SameSite=Strict$/)
})

it('shows the page within the session', async () => {
  const cookie = await signIn()
  const answer = await visit('/console', `theme=dark; ${cookie}`)
  expect(answer.statusCode).toBe(200)
  expect(answer.body).toContain('you are signed in')
})

it('refuses the link the second time', async () => {
  await signIn()
  const answer = await visit(link)
  expect(answer.statusCode).toBe(403)
  expect(answer.headers['set-cookie']).toBeUndefined()
})

it('leads whoever is signed in from the used link to the page', async () => {
  const cookie = await signIn()
  expect((await visit(link, cookie)).headers.location).toBe('/console')
})

it.each(['/console', '/console?token=x', '/console?token=a&token=b'])('refuses %s without a session', async (url) => {
  expect((await visit(url)).statusCode).toBe(403)
  expect((await visit(url, 'millrace-session=x')).statusCode).toBe(403)
})

it('ends a session after twelve hours', async () => {
  const cookie = await signIn()
  now = plusMs(now, 12 * 3_600_000 - 1)
  expect((await visit('/console', cookie)).statusCode).toBe(200)
  now = plusMs(now, 1)
  expect((await visit('/console', cookie)).statusCode).toBe(403)
})

it('is where the root leads to', async () => {
  expect((await visit('/')).headers.location).toBe('/console')
})
