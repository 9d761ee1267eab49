import { toWorker, type Worker } from '@outerware/core/workers'
import site, { onError } from './site.ts'

const worker: Worker = toWorker(site, { onError })

export default worker
