export { testContext, type TestContext } from './context.ts'
export { get, hello, record, type Recorder } from './apps.ts'
export { listen, type Listening } from './listen.ts'
export { exchange, type Exchange } from './raw.ts'
