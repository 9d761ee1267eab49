import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../../support/index.ts'
import type { Browser, Page } from './browser.ts'
import { clientId, clientSecret } from './provider.ts'
import { origin } from './site.ts'

/** Glewlwyd, a provider written in C by people who have nothing to do with the other one. */
export interface Glewlwyd {
  readonly issuer: string
  /** Signs in at its pages, as their script does, and gives the page in the end. */
  signIn(who: Browser, url: string): Promise<Page>
  /** Signs out at its page, as its script does, and gives the page in the end. */
  signOut(who: Browser, url: string): Promise<Page>
}

const user = { username: 'ann', password: 'the password of ann' }

/** Starts it with a database of its own, one user and one client. */
export async function startGlewlwyd(place: Place): Promise<Glewlwyd> {
  const root = `http://127.0.0.1:${place.port}`
  const database = join(place.folder, 'database')
  execFileSync('sqlite3', [database, '.read /usr/share/dbconfig-common/data/glewlwyd/install/sqlite3', manyAddresses])
  const config = join(place.folder, 'glewlwyd.conf')
  await writeFile(config, configOf(place.port, database))
  await place.start([`--config-file=${config}`])
  const issuer = `${root}/api/oidc`
  await fill(root, issuer)
  return { issuer, signIn: (who, url) => signIn(root, who, url), signOut: (who, url) => signOut(root, who, url) }
}

/** A client may have several post-logout addresses: its plugin reads a list, which its database takes only if told so. */
const manyAddresses = `UPDATE g_client_module_instance SET gcmi_parameters = json_set(gcmi_parameters,
  '$.data-format.post_logout_redirect_uris', json('{"multiple":true,"read":true,"write":true}'))`

function configOf(port: number, database: string): string {
  return `
    port=${port}
    bind_address="127.0.0.1"
    external_url="http://127.0.0.1:${port}"
    login_url="login.html"
    api_prefix="api"
    log_mode="console"
    log_level="ERROR"
    cookie_secure=0
    session_expiration=2419200
    session_key="GLEWLWYD2_SESSION_ID"
    admin_scope="g_admin"
    profile_scope="g_profile"
    user_module_path="/usr/lib/glewlwyd/user"
    client_module_path="/usr/lib/glewlwyd/client"
    user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
    plugin_module_path="/usr/lib/glewlwyd/plugin"
    hash_algorithm="SHA512"
    database = { type = "sqlite3" path = "${database}" };
  `
}

/** By its API, with the user of a fresh installation. */
async function fill(root: string, issuer: string): Promise<void> {
  let cookie = ''
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', cookie }
    const response = await fetch(`${root}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    cookie ||= response.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ')
  }
  await post('auth', { username: 'admin', password: 'password' })
  await post('mod/plugin', { module: 'oidc', name: 'oidc', display_name: 'oidc', parameters: parametersOf(issuer) })
  for (const name of ['email', 'profile'])
    await post('scope', { name, display_name: name, password_required: false, scheme: {} })
  const scope = ['openid', 'email', 'profile', 'g_profile']
  await post('user', { ...user, name: 'Ann', email: 'ann@example.com', scope, enabled: true })
  await post('client', {
    client_id: clientId,
    client_secret: clientSecret,
    name: 'Site',
    confidential: true,
    enabled: true,
    redirect_uri: [`${origin}/auth/callback`],
    post_logout_redirect_uris: [`${origin}/auth/logout`],
    authorization_type: ['code', 'refresh_token'],
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
    scope: [],
  })
}

function parametersOf(issuer: string): object {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return {
    iss: issuer,
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key: privateKey,
    cert: publicKey,
    'access-token-duration': 600,
    'refresh-token-duration': 86_400,
    'refresh-token-rolling': true,
    'refresh-token-one-use': 'always',
    'code-duration': 600,
    'auth-type-code-enabled': true,
    'auth-type-refresh-enabled': true,
    'allow-non-oidc': false,
    'pkce-allowed': true,
    'oauth-as-iss-id': true,
    'jwks-show': true,
    'subject-type': 'public',
    'email-claim': 'on-demand',
    'email-claim-scope': ['email'],
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    'session-management-allowed': true,
    'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
    'session-cookie-expiration': 2_419_200,
  }
}

/** Its login page is a script that asks its API: so do we. */
async function signIn(root: string, who: Browser, url: string): Promise<Page> {
  const page = await who.open(url, { stopAt: (next) => new URL(next).pathname.endsWith('/login.html') })
  const { searchParams } = new URL(page.url)
  const ask = async (method: string, path: string, json: object): Promise<void> => {
    const { status } = await who.fetch(`${root}/api/auth${path}`, { method, json })
    if (status !== 200) throw new Error(`${method} ${path}: ${status}`)
  }
  await ask('POST', '/', user)
  await ask('PUT', `/grant/${clientId}`, { scope: searchParams.get('scope') })
  return who.open(`${searchParams.get('callback_url')}&g_continue`)
}

async function signOut(root: string, who: Browser, url: string): Promise<Page> {
  const page = await who.open(url, { stopAt: (next) => new URL(next).pathname.endsWith('/login.html') })
  const { searchParams } = new URL(page.url)
  const ends = async (path: string): Promise<void> => {
    const { status } = await who.fetch(`${root}/api/${path}`, { method: 'DELETE' })
    if (status !== 200) throw new Error(`DELETE ${path}: ${status}`)
  }
  await ends(`oidc/session/${searchParams.get('sid')}`)
  await ends('auth/')
  return who.open(searchParams.get('callback_url')!)
}
