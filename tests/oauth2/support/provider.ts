import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../../support/index.ts'
import { stopLater } from './stop.ts'

/** A real OpenID provider on a port of its own, with everything in memory. */
export interface TestProvider {
  readonly issuer: string
  /** How often a path was asked for, with or without an answer. */
  count(path: string): number
  /** Form bodies of POSTs to a path, in order. */
  readonly bodies: (path: string) => URLSearchParams[]
  /** Authorization fields of requests to a path, in order. */
  readonly authorizations: (path: string) => (string | undefined)[]
  /** DPoP proofs of requests to a path, in order. */
  readonly proofs: (path: string) => (string | undefined)[]
  /** Answers in the provider's place while it is set; `undefined` passes the request on. */
  interfere: ((req: IncomingMessage, res: ServerResponse) => boolean | Promise<boolean>) | undefined
  /** Changes what is known of a user. */
  readonly accounts: Map<string, Record<string, unknown>>
}

export const clientId = 'site'
export const clientSecret = 'a-secret.that_basic~encoding-changes'

/** Starts a provider. `configuration` is added to the usual one, `client` to the one client. */
export async function startProvider(
  configuration: Record<string, unknown> = {},
  client: Record<string, unknown> = {},
): Promise<TestProvider> {
  const accounts = new Map<string, Record<string, unknown>>()
  const calls: { path: string; body: string; authorization: string | undefined; proof: string | undefined }[] = []
  let handle: (req: IncomingMessage, res: ServerResponse) => Promise<void> | void = () => {}

  const server = createServer((req, res) => void answer(req, res))
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { authorization, dpop } = req.headers
    const call = { path: pathOf(req), body: '', authorization, proof: dpop?.toString() }
    calls.push(call)
    overhear(req, (chunk) => (call.body += chunk))
    if ((await test.interfere?.(req, res)) === true) return
    await handle(req, res)
  }
  const listening = await listen(server)
  stopLater(() => listening.close())
  const issuer = listening.url

  const test: TestProvider = {
    issuer,
    accounts,
    interfere: undefined,
    count: (path) => calls.filter((call) => call.path === path).length,
    bodies: (path) => calls.filter((call) => call.path === path).map(({ body }) => new URLSearchParams(body)),
    proofs: (path) => calls.filter((call) => call.path === path).map(({ proof }) => proof),
    authorizations: (path) => calls.filter((call) => call.path === path).map(({ authorization }) => authorization),
  }
  handle = await quietly(async () => {
    const { default: Provider } = await import('oidc-provider')
    const clients = [{ ...usualClient, ...client }]
    return new Provider(issuer, { ...usual(accounts), clients, ...configuration }).callback()
  })
  return test
}

/** Hears what the provider reads, without reading anything itself. */
function overhear(req: IncomingMessage, hear: (chunk: string) => void): void {
  const emit = req.emit.bind(req)
  req.emit = (event: string, ...args: unknown[]) => {
    if (event === 'data') hear(String(args[0]))
    return emit(event, ...args)
  }
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? '').split('?', 1)[0] ?? ''
}

const usualClient = {
  client_id: clientId,
  client_secret: clientSecret,
  redirect_uris: ['https://site.test/auth/callback'],
  post_logout_redirect_uris: ['https://site.test/auth/logout'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_post',
} as const

function usual(accounts: Map<string, Record<string, unknown>>): Record<string, unknown> {
  return {
    // Whoever signs in exists; the name is the id.
    findAccount: (_ctx: unknown, id: string) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@example.com`,
        email_verified: true,
        name: `User ${id}`,
        ...accounts.get(id),
      }),
    }),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'department', 'long'] },
    // Every login gets a refresh token, and each is used once.
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    features: {
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: { body: unknown }, form: string) => void (ctx.body = form),
      },
    },
    cookies: { keys: ['of the tests'] },
    renderError: (ctx: { body: unknown }, out: object) => void (ctx.body = JSON.stringify(out)),
    ttl: {
      AccessToken: 600,
      ClientCredentials: 600,
      IdToken: 600,
      RefreshToken: 86_400,
      Session: 86_400,
      Interaction: 600,
      Grant: 86_400,
    },
  }
}

/** It warns of Node 20, of http and of its development forms: all of that is meant here. */
async function quietly<T>(make: () => Promise<T>): Promise<T> {
  const { warn, info } = console
  console.warn = console.info = () => {}
  try {
    return await make()
  } finally {
    console.warn = warn
    console.info = info
  }
}
