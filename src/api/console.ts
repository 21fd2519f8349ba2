import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Instant, plusMs } from '../core/instant.ts'

/** The console: pages for people, who have a session where programs have keys. */
export type Console = {
  /** Path and query string of the link that begins a session. It works once. */
  readonly link: string
  addRoutes(app: FastifyInstance): void
}

/** Hours that a session lasts: a working day, so that a browser that is left open does not stay signed in for ever. */
const sessionHours = 12

/** Bytes of chance in a token: more than can be guessed. */
const tokenSizeBytes = 32

const cookieName = 'millrace-session'

/** Serves the console under `/console`, to whoever follows the link first. */
export function createConsole(options: { readonly now: () => Instant }): Console {
  const linkToken = newToken()
  let linkState: 'unused' | 'used' = 'unused'
  const sessions = new Map<string, Instant>()

  const isSignedIn = (cookies: string | undefined): boolean => {
    const expiresAt = sessions.get(sessionIn(cookies) ?? '')
    return expiresAt !== undefined && options.now() < expiresAt
  }
  const beginSession = (reply: FastifyReply) => {
    const session = newToken()
    const durationMs = sessionHours * 3_600_000
    sessions.set(session, plusMs(options.now(), durationMs))
    const cookie = `${cookieName}=${session}; Path=/; Max-Age=${durationMs / 1000}; HttpOnly; SameSite=Strict`
    return reply.header('set-cookie', cookie).redirect('/console', 303)
  }

  return {
    link: `/console?token=${linkToken}`,
    addRoutes(app) {
      app.get('/', (_, reply) => reply.redirect('/console', 303))
      app.get<{ Querystring: { token?: string | string[] } }>('/console', (request, reply) => {
        const { token } = request.query
        if (isSignedIn(request.headers.cookie)) {
          return token === undefined ? sendPage(reply.status(200), placeholderText) : reply.redirect('/console', 303)
        }
        if (linkState === 'used' || !equal(token, linkToken)) return sendPage(reply.status(403), signInText)
        linkState = 'used'
        return beginSession(reply)
      })
    },
  }
}

const newToken = (): string => randomBytes(tokenSizeBytes).toString('base64url')

function sessionIn(cookies: string | undefined): string | undefined {
  const cookie = cookies?.split('; ').find((candidate) => candidate.startsWith(`${cookieName}=`))
  return cookie?.slice(cookieName.length + 1)
}

function equal(given: string | string[] | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Nothing may be loaded or framed, and neither the link nor the page is to be kept by what lies between. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
}

const sendPage = (reply: FastifyReply, text: string) =>
  reply.headers(pageHeaders).send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Millrace</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>Millrace</h1>
<p>${text}</p>
`)

const placeholderText =
  'The service is running and you are signed in. This page will be the console; until then, the AWS CLI and ' +
  '<code>millrace status</code> show what your pipelines do.'

const signInText =
  'You are not signed in. Follow the link that the service printed when it started. It works once: ' +
  'for another one, start the service again.'
