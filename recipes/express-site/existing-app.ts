/**
 * Skerry Light, an ordinary Express 5 app: pages, a JSON API, forms, an upload, a live feed.
 *
 * Nothing here knows of Outerware. Who is signed in is read from `req.auth`, where login middlewares
 * have always put it; that the doors are locked is somebody else's business.
 *
 * @module
 */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import multer from 'multer'
import { recipeFile } from './folder.ts'
import { readingAt, windsBefore } from './station/instruments.ts'
import { kinds, Log } from './station/log.ts'
import { Sketches } from './station/sketches.ts'
import { curveOfDay, nextTurns, turnsOfDay } from './station/tides.ts'
import { etaEngine } from './views.ts'

/** What the app wants to be told. */
export interface StationOptions {
  /** Gives the URL of an asset: `site.css` is served under a name with a hash. */
  readonly asset: (name: string) => string
  readonly signInPath: string
  readonly signOutPath: string
}

interface Person {
  readonly sub: string
  readonly name?: string
  readonly email?: string
}

const MEGABYTE = 1_048_576

/** Makes the app, with a log and a wall of sketches of its own. */
export function stationApp({ asset, signInPath, signOutPath }: StationOptions): Express {
  const app = express()
  const log = new Log()
  const sketches = new Sketches()
  const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 2 * MEGABYTE, files: 1 } })

  app.engine('eta', etaEngine)
  app.set('views', recipeFile('views'))
  app.set('view engine', 'eta')
  app.set('env', 'production') // Express's own error page then shows no stack
  Object.assign(app.locals, { asset, signInPath, signOutPath, kinds })

  app.use((req, res, next) => {
    res.locals = { person: personOf(req), path: req.path, problem: undefined, draft: {} }
    next()
  })

  app.get('/', (_req, res) => {
    const now = Date.now()
    res.render('home', { reading: readingAt(now), turns: nextTurns(now, 2), latest: log.entries[0] })
  })

  app.get('/tides', (_req, res) => {
    const now = Date.now()
    res.render('tides', { now: new Date(now), turns: turnsOfDay(now), curve: curveOfDay(now) })
  })

  app.get('/watch', (_req, res) => {
    const now = Date.now()
    res.render('watch', { reading: readingAt(now), winds: windsBefore(now), entries: log.entries.slice(0, 4) })
  })
  app.get('/watch/events', (req, res) => sendEvents(req, res, log))
  app.get('/me', (req, res) => res.render('me', { claims: personOf(req) ?? {} }))
  app.get('/orders', (_req, res) => res.sendFile('standing-orders.txt', { root: recipeFile('documents') }))

  app.get('/log', (_req, res) => res.render('log', { entries: log.entries }))
  app.post('/log', express.urlencoded({ extended: false }), (req, res) => {
    const written = log.write({ ...draftOf(req.body), author: nameOf(req) })
    if (typeof written === 'object') res.redirect(303, `/log#entry-${written.id}`)
    else res.status(422).render('log', { entries: log.entries, problem: written, draft: draftOf(req.body) })
  })

  app.get('/sketches', (_req, res) => res.render('sketches', { sketches: sketches.all }))
  app.post('/sketches', upload.single('picture'), async (req, res) => {
    const { caption } = draftOf(req.body)
    const kept = await sketches.keep(req.file?.buffer ?? new Uint8Array(), String(caption ?? ''), nameOf(req))
    if (typeof kept === 'object') res.redirect(303, '/sketches')
    else res.status(422).render('sketches', { sketches: sketches.all, problem: kept, draft: draftOf(req.body) })
  })
  app.get('/sketches/:name', (req, res) => res.sendFile(req.params.name, { root: sketches.folder, maxAge: '1h' }))

  app.get('/api/tides', (_req, res) => res.json({ unit: 'metres above chart datum', turns: turnsOfDay(Date.now()) }))
  app.get('/api/me', (req, res) => res.json(personOf(req) ?? null))
  app.get('/api/log', (_req, res) => res.json({ entries: log.entries }))
  app.post('/api/log', express.json(), (req, res) => {
    const written = log.write({ ...draftOf(req.body), author: nameOf(req) })
    if (typeof written === 'object') res.status(201).location('/api/log').json(written)
    else res.status(422).json({ problem: written })
  })

  app.get('/fault', () => {
    throw new Error('The lamp has gone out')
  })
  app.use(tooLarge(sketches))
  return app
}

/** Who is signed in, as the login middleware says. */
function personOf(req: Request): Person | undefined {
  return 'auth' in req ? (req.auth as { claims: Person } | undefined)?.claims : undefined
}

function nameOf(req: Request): string {
  const person = personOf(req)
  return person?.name ?? person?.email ?? 'Someone'
}

function draftOf(body: unknown): { kind: unknown; text: unknown; caption: unknown } {
  const { kind, text, caption } = Object(body)
  return { kind, text, caption }
}

/** Server-sent events: the instruments every two seconds, and the log as it is written. */
function sendEvents(_req: Request, res: Response, log: Log): void {
  const send = (event: string, data: object): void => {
    res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const read = (): void => send('reading', readingAt(Date.now()))
  const entered = (entry: object): void => send('entry', entry)
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  read()
  const timer = setInterval(read, 2000)
  log.on('entry', entered)
  res.on('close', () => {
    clearInterval(timer)
    log.off('entry', entered)
  })
}

/** An upload beyond the limit is the visitor's error and gets the page again; every other error is Express's. */
function tooLarge(sketches: Sketches): ErrorRequestHandler {
  return (error, _req, res, next) => {
    if (error.code !== 'LIMIT_FILE_SIZE') return next(error)
    const problem = 'That picture is larger than 2 MB. Pin up a smaller one.'
    res.status(413).render('sketches', { sketches: sketches.all, problem, draft: {} })
  }
}
