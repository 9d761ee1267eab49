/** The suites: what is fetched, and how its tests are run. */
import type { WrappingName } from './wrappings.ts'

export interface Project {
  readonly name: string
  /** Below `https://github.com/`; without it the tests are ours, in the folder `<name>-site`. */
  readonly repository?: string
  readonly tag: string
  /** The package's folder, where a repository has several. */
  readonly folder?: string
  /** What its tests need beside what its own package.json names. */
  readonly needs?: readonly string[]
  /** The published package, where its tests run on compiled files: those are taken from the registry. */
  readonly published?: string
  /** A command of the project's own, before its tests. */
  readonly before?: readonly [string, ...string[]]
  readonly tests: MochaTests | NodeTests
  /** Tests that change their mind for a reason that has nothing to do with wrapping, and the reason. */
  readonly excused?: readonly Excuse[]
}

export interface Excuse {
  readonly wrappings: readonly WrappingName[]
  readonly test: RegExp
  readonly reason: string
}

/** Options and files, as mocha takes them. */
export interface MochaTests {
  readonly mocha: readonly string[]
}

/** Tests of `node:test`. */
export interface NodeTests {
  /** The files, by their path. */
  readonly node: RegExp
  /** Of these, the files that have this in them: the others ask no server. */
  readonly asking?: RegExp
  readonly flags?: readonly string[]
}

const mocha = (name: string, repository: string, tag: string, ...tests: string[]): Project => ({
  name,
  repository,
  tag,
  tests: { mocha: ['--check-leaks', ...tests] },
})

const support = ['--require', 'test/support/env']

export const projects: readonly Project[] = [
  mocha('express 5', 'expressjs/express', 'v5.2.1', ...support, 'test/', 'test/acceptance/'),
  mocha('express 4', 'expressjs/express', 'v4.22.2', ...support, 'test/', 'test/acceptance/'),
  {
    name: 'koa',
    repository: 'koajs/koa',
    tag: 'v3.2.0',
    published: 'koa@3.2.0',
    tests: { node: /^__tests__\/.*\.test\.js$/ },
    excused: [
      {
        wrappings: ['slow'],
        test: /should always be writable and respond to all requests/,
        reason:
          'its client sends FIN, after which Node drops what is not answered: so with a Koa that waits 20 ms, bare',
      },
      {
        wrappings: ['slow'],
        test: /flushHeaders.* should catch stream error/,
        reason:
          'its socket tells of the cut when it is cut, which is once the head is out: 15 ms after the callback of `pipeline`',
      },
    ],
  },
  {
    name: 'fastify',
    repository: 'fastify/fastify',
    tag: 'v5.12.1',
    tests: { node: /^test\/.*\.test\.m?js$/, asking: /\.listen\(/ },
    excused: [
      {
        wrappings: ['one', 'ten', 'slow'],
        test: /default clientError replies with bad request on reused keep-alive connection/,
        reason:
          'a malformed request in the same packet is refused before any answer of a later turn: so with `await null`, bare',
      },
    ],
  },
  mocha('connect', 'senchalabs/connect', '3.7.0', ...support, 'test/'),
  mocha('router', 'pillarjs/router', 'v2.2.0', 'test/'),
  mocha('finalhandler', 'pillarjs/finalhandler', 'v2.1.1', 'test/'),
  mocha('send', 'pillarjs/send', '1.2.1', 'test/'),
  mocha('serve-static', 'expressjs/serve-static', 'v2.2.1', 'test/'),
  mocha('serve-index', 'expressjs/serve-index', 'v1.9.2', 'test/'),
  mocha('compression', 'expressjs/compression', 'v1.8.1', 'test/'),
  mocha('morgan', 'expressjs/morgan', '1.10.1', 'test/'),
  {
    ...mocha('express-session', 'expressjs/session', 'v1.19.0', ...support, '--no-exit', 'test/'),
    before: ['sh', 'test/support/gencert.sh'],
  },
  mocha('cookie-session', 'expressjs/cookie-session', 'v2.1.1', 'test/'),
  mocha('cookie-parser', 'expressjs/cookie-parser', '1.4.7', 'test/'),
  mocha('csurf', 'expressjs/csurf', '1.11.0', 'test/'),
  mocha('cors', 'expressjs/cors', 'v2.8.6', 'test/'),
  mocha('method-override', 'expressjs/method-override', '3.0.0', 'test/'),
  mocha('response-time', 'expressjs/response-time', 'v2.3.4', 'test/'),
  mocha('connect-timeout', 'expressjs/timeout', 'v1.9.1', 'test/'),
  mocha('errorhandler', 'expressjs/errorhandler', '1.5.2', 'test/'),
  mocha('vhost', 'expressjs/vhost', 'v3.0.2', 'test/'),
  mocha('body-parser', 'expressjs/body-parser', 'v2.3.0', 'test/'),
  mocha('multer', 'expressjs/multer', 'v2.1.1', '--exit', 'test/'),
  mocha('on-finished', 'jshttp/on-finished', 'v2.4.1', 'test/'),
  mocha('on-headers', 'jshttp/on-headers', 'v1.1.0', 'test/test.js'),
  mocha('supertest', 'ladjs/supertest', 'v6.3.4', '--exit', '--require', 'should'),
  mocha('http-proxy', 'http-party/node-http-proxy', '1.18.1', 'test/*-test.js'),
  {
    name: 'helmet',
    repository: 'helmetjs/helmet',
    tag: 'v8.3.0',
    // project-setups.test.ts builds the package; others look at its files only.
    tests: { node: /^test\/(?!project-setups)[^/]*\.ts$/, asking: /helpers|supertest/, flags: ['--import', 'tsx'] },
  },
  mocha('koa-static', 'koajs/static', '5.0.0', '--exit', 'test/'),
  { name: 'middie', repository: 'fastify/middie', tag: 'v9.3.3', tests: { node: /^test\/.*\.test\.js$/ } },
  {
    name: '@fastify/static',
    repository: 'fastify/fastify-static',
    tag: 'v10.1.2',
    tests: { node: /^test\/.*\.test\.js$/ },
  },
  {
    name: 'ws',
    repository: 'websockets/ws',
    tag: '8.21.0',
    tests: { mocha: ['--throw-deprecation', 'test/*.test.js'] },
  },
  {
    name: 'engine.io',
    repository: 'socketio/socket.io',
    tag: 'engine.io@6.6.9',
    folder: 'packages/engine.io',
    published: 'engine.io@6.6.9',
    needs: [
      'mocha@10',
      'expect.js@0.3',
      'superagent@9',
      'express@4',
      'express-session@1',
      'helmet@7',
      'engine.io-client@6.6.6',
      'engine.io-client-v3@npm:engine.io-client@3.5',
      'node-forge@1',
    ],
    tests: { mocha: ['--exit', 'test/*.js'] },
  },
  {
    name: 'socket.io',
    repository: 'socketio/socket.io',
    tag: 'socket.io@4.8.3',
    folder: 'packages/socket.io',
    published: 'socket.io@4.8.3',
    needs: [
      'mocha@10',
      'expect.js@0.3',
      'supertest@7',
      'superagent@9',
      'express@4',
      'socket.io-client@4.8.3',
      'socket.io-client-v2@npm:socket.io-client@2.5',
      'tsx@4.20',
      'typescript@5',
    ],
    // index.ts has all of these in one, with uws.ts, whose server is not on the registry.
    tests: { mocha: ['--exit', '--import=tsx', 'test/!(index|uws|socket.io.test-d).ts'] },
  },
  {
    // Its own suite needs a browser; this is a small site behind a server of one's own.
    name: 'next',
    tag: '16',
    before: ['env', 'NEXT_TELEMETRY_DISABLED=1', 'npx', 'next', 'build'],
    tests: { node: /^next\.test\.js$/ },
  },
]
