/**
 * The Harbour Office: a small OpenID provider to try the recipe with, and its sign-in form.
 *
 * It keeps everything in memory and takes any password. It stands in an onion of its own: `oidc-provider` is a
 * Node app like any other.
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import express, { type Express } from 'express'
import type { Provider } from 'oidc-provider'
import { recipeFile } from './folder.ts'
import { people, providerSettings, type ClientSettings, type Page } from './provider-settings.ts'
import { render } from './views.ts'

/** What the provider must know. */
export interface OfficeOptions {
  /** Where it is reached, as browsers and the site write it: `http://127.0.0.1:4000`. */
  readonly issuer: string
  /** The one site that may send people here. */
  readonly client: ClientSettings
}

/** Makes the provider. */
export async function harbourOffice({ issuer, client }: OfficeOptions): Promise<App> {
  const files = staticFiles(recipeFile('public'))
  const page: Page = (name, data = {}) =>
    render(`provider/${name}`, { asset: (file: string) => files.asset(file).url, client, people, ...data })
  const oidc = await quietly(async () => {
    const { Provider } = await import('oidc-provider')
    return new Provider(issuer, providerSettings(client, page))
  })
  return compose(errors(), securityHeaders(), compression(), files)(fromNode(officeApp(oidc, page, client)))
}

/** The sign-in form, and `oidc-provider` for everything else. */
function officeApp(oidc: Provider, page: Page, client: ClientSettings): Express {
  const app = express()
  app.set('env', 'production') // Express's own error page then shows no stack
  app.use((_req, res, next) => {
    res.set({ 'content-security-policy': policyFor(client), 'cache-control': 'no-store' })
    next()
  })

  app.get('/', (_req, res) => res.send(page('home')))

  app.get('/sign-in/:uid', async (req, res) => {
    const { uid } = await oidc.interactionDetails(req, res)
    res.send(page('sign-in', { uid, chosen: people[0]?.email, problem: undefined }))
  })

  app.post('/sign-in/:uid', express.urlencoded({ extended: false }), async (req, res) => {
    const { uid } = await oidc.interactionDetails(req, res)
    const { email, password, cancel } = Object(req.body)
    const person = people.find((one) => one.email === email)
    if (cancel !== undefined) await oidc.interactionFinished(req, res, cancelled)
    else if (person && password) await oidc.interactionFinished(req, res, { login: { accountId: person.sub } })
    else res.status(422).send(page('sign-in', { uid, chosen: email, problem: person ? noPassword : nobody }))
  })

  app.use(oidc.callback())
  return app
}

/** It warns, with reason, that what is kept in memory is lost, and on Node 20 that newer is better. Both are meant so. */
async function quietly<T>(make: () => Promise<T>): Promise<T> {
  const { warn } = console
  console.warn = () => {}
  try {
    return await make()
  } finally {
    console.warn = warn
  }
}

const cancelled = { error: 'access_denied', error_description: 'The sign-in was cancelled' }
const noPassword = 'Type a password. Any will do.'
const nobody = 'Choose who you are.'

/**
 * The office's own policy, stricter than helmet's; what an app sets wins over `securityHeaders()` outside.
 *
 * Chromium holds every redirect after a form against `form-action`, so it names the site where people are sent back
 * to. It is set inside since `oidc-provider` adds the hash of a script to it, on the one page where it needs one.
 */
function policyFor({ baseURL }: ClientSettings): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${new URL(baseURL).origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join(';')
}
