export { httpsRedirect, httpsRedirectHooks, type HttpsRedirectOptions } from './https-redirect.ts'
