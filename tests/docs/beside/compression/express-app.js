import express from 'express'

const articles = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  title: `Article ${i + 1}`,
  author: i % 2 === 0 ? 'Mairi' : 'Tomas',
  summary: 'What the lamp showed, how the wind stood, and who went by.',
}))

export const app = express().get('/articles', (_req, res) => void res.json(articles))
