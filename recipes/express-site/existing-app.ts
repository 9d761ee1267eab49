/**
 * Skerry Light, an ordinary Express 5 app: pages, a JSON API, forms, an upload, a live feed.
 *
 * Nothing here knows of Outerware. Who is signed in is read from `req.auth`, where login middlewares
 * have always put it; that the doors are locked is somebody else's business.
 *
 * @module
 */
import express, {
  Router,
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
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

/** Makes the app, with a log and a wall of sketches of its own. */
export function stationApp(options: StationOptions): Express {
  const app = express()
  const log = new Log()

  app.engine('eta', etaEngine)
  app.set('views', recipeFile('views'))
  app.set('view engine', 'eta')
  app.set('env', 'production') // Express's own error page then shows no stack
  Object.assign(app.locals, { ...options, kinds })
  app.use((req, res, next) => {
    Object.assign(res.locals, { person: personOf(req), path: req.path, problem: undefined, draft: {} })
    next()
  })

  app.use(pages(log))
  app.use(logBook(log))
  app.use(sketchWall(new Sketches()))
  app.use('/api', api(log))
  app.get('/fault', () => {
    throw new Error('The lamp has gone out')
  })
  return app
}

function pages(log: Log): Router {
  const router = Router()
  router.get('/', (_req, res) => {
    const now = Date.now()
    res.render('home', { reading: readingAt(now), turns: nextTurns(now, 2), latest: log.entries[0] })
  })
  router.get('/tides', (_req, res) => {
    const now = Date.now()
    res.render('tides', { now: new Date(now), turns: turnsOfDay(now), curve: curveOfDay(now) })
  })
  router.get('/watch', (_req, res) => {
    const now = Date.now()
    res.render('watch', { reading: readingAt(now), winds: windsBefore(now), entries: log.entries.slice(0, 4) })
  })
  router.get('/watch/events', (_req, res) => sendEvents(res, log))
  router.get('/me', (req, res) => res.render('me', { claims: personOf(req) ?? {} }))
  router.get('/orders', (_req, res) => res.sendFile('standing-orders.txt', { root: recipeFile('documents') }))
  return router
}

function logBook(log: Log): Router {
  const router = Router()
  router.get('/log', (_req, res) => res.render('log', { entries: log.entries }))
  router.post('/log', express.urlencoded({ extended: false }), (req, res) => {
    const written = log.write({ ...draftOf(req.body), author: nameOf(req) })
    if (typeof written === 'object') res.redirect(303, `/log#entry-${written.id}`)
    else res.status(422).render('log', { entries: log.entries, problem: written, draft: draftOf(req.body) })
  })
  return router
}

function sketchWall(wall: Sketches): Router {
  const router = Router()
  const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 2 * 1024 * 1024, files: 1 } })
  const again = (res: Response, status: number, problem: string, draft: object): void =>
    res.status(status).render('sketches', { sketches: wall.all, problem, draft })

  router.get('/sketches', (_req, res) => res.render('sketches', { sketches: wall.all }))
  // The upload goes to memory, so what fails in it is the visitor's: too large, cut off, not of this form.
  const notTaken: ErrorRequestHandler = (error, _req, res, _next) => {
    if (error.code === 'LIMIT_FILE_SIZE') again(res, 413, 'That picture is larger than 2 MB. Pin up a smaller one.', {})
    else again(res, 400, 'The picture did not arrive whole. Choose it again, in this form.', {})
  }
  const picture: RequestHandler = (req, res, next) =>
    void upload.single('picture')(req, res, (error) => (error ? notTaken(error, req, res, next) : next()))

  router.post('/sketches', picture, async (req, res) => {
    const pinned = await wall.pin(req.file?.buffer, draftOf(req.body).caption, nameOf(req))
    if (typeof pinned === 'object') res.redirect(303, '/sketches')
    else again(res, 422, pinned, draftOf(req.body))
  })
  router.get('/sketches/:name', (req, res) => res.sendFile(req.params.name, { root: wall.folder, maxAge: '1h' }))

  return router
}

function api(log: Log): Router {
  const router = Router()
  router.get('/tides', (_req, res) => res.json({ unit: 'metres above chart datum', turns: turnsOfDay(Date.now()) }))
  router.get('/me', (req, res) => res.json(personOf(req) ?? null))
  router.get('/log', (_req, res) => res.json({ entries: log.entries }))
  router.post('/log', express.json(), (req, res) => {
    const written = log.write({ ...draftOf(req.body), author: nameOf(req) })
    if (typeof written === 'object') res.status(201).location('/api/log').json(written)
    else res.status(422).json({ problem: written })
  })
  return router
}

/** Server-sent events: the instruments every two seconds, and the log as it is written. */
function sendEvents(res: Response, log: Log): void {
  const send = (event: string, data: object): void =>
    void res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
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

/** Who is signed in, as the login middleware says. */
function personOf(req: Request): Person | undefined {
  // oxlint-disable-next-line no-unsafe-type-assertion -- Express knows nothing of the middleware before it
  return (req as { auth?: { claims: Person } }).auth?.claims
}

function nameOf(req: Request): string {
  const person = personOf(req)
  return person?.name ?? person?.email ?? 'Someone'
}

function draftOf(body: unknown): { kind: unknown; text: unknown; caption: unknown } {
  const { kind, text, caption } = Object(body)
  return { kind, text, caption }
}
