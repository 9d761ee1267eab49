/** The app of a page as it is without what the page is about. */
import { createServer } from 'node:http'
import { app } from './express-app.js'

createServer(app).listen(2999)
