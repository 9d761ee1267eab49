export { allowedHosts, allowedHostsHooks } from './allowed-hosts.ts'
