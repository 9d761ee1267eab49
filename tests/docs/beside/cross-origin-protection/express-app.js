import express from 'express'

export const app = express().post('/transfer', (_req, res) => void res.send('Transferred'))
