/** The same files by Express itself. */
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import express from 'express'

const app = express().use(express.static('dist'))
app.use((_req, res) => res.sendFile(resolve('dist/index.html')))

createServer(app).listen(2999)
