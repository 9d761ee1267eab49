/** The app of the page without the wrapper. */
import { createServer } from 'node:http'
import express from 'express'

createServer(express().get('/', (_req, res) => void res.send('hello'))).listen(2999)
