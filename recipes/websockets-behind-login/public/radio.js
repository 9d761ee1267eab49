const log = document.querySelector('ol')
const form = document.querySelector('form')

function note(line) {
  const item = document.createElement('li')
  item.textContent = line
  log.append(item)
}

const radio = new WebSocket(new URL('/channel/16', location.href.replace(/^http/, 'ws')))
radio.addEventListener('message', ({ data }) => note(data))
radio.addEventListener('close', ({ code }) => {
  // The gate hangs up with 1008 when the session has ended; so has it where it was refused from the start.
  note(code === 1008 ? 'You have been signed off.' : 'Out of range. Load the page again.')
  form.hidden = true
})

form.addEventListener('submit', (event) => {
  event.preventDefault()
  radio.send(new FormData(form).get('words'))
  form.reset()
})
