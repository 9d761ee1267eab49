export type { ForwardedHeader } from './headers.ts'
export { trustedProxy, type TrustedProxyOptions } from './trusted-proxy.ts'
