import './style.css'
import { api } from './api.js'

const form = document.querySelector('form')

function show({ name, notes }) {
  document.querySelector('#who').textContent = name
  document.querySelector('#notes').replaceChildren(
    ...notes.map((note) => {
      const item = document.createElement('li')
      item.textContent = note
      return item
    }),
  )
}

async function keep() {
  show(await api('/api/notes', { method: 'POST', body: new FormData(form).get('note') }))
  form.reset()
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void keep()
})

show(await api('/api/notes'))
