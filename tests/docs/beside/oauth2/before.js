/** The app of the page without the gate. */
import { createServer } from 'node:http'
import express from 'express'

createServer(express().get('/', (_req, res) => void res.send('Hello'))).listen(2999)
