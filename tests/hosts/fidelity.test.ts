/** Bare against wrapped, byte for byte: each kind of request, each way of wrapping. */
import { fidelity } from './harness/fidelity.ts'

fidelity(() => true)
