import { serve } from '@outerware/core/node'
import { announce } from './announce.ts'
import site, { onError } from './site.ts'

const { url } = await serve(site, { port: 0, hostname: '127.0.0.1', onError })
announce(url)
