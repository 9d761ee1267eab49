import { allowedHosts } from '@outerware/allowed-hosts'
import { laws } from '../laws/index.ts'

laws('allowedHosts()', () => allowedHosts(['site.test']))
