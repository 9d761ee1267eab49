// The watch: readings and log entries as they come. The rest of the site needs no script.

const watch = document.getElementById('dials')
if (watch) keepWatch(watch)

function keepWatch(dials) {
  const state = document.getElementById('feed-state')
  const winds = document.getElementById('trace').dataset.winds.split(' ').map(Number)
  drawTrace(winds)
  const feed = new EventSource(dials.dataset.events)
  feed.addEventListener('open', () => (state.textContent = 'Live: a reading every two seconds.'))
  feed.addEventListener('reading', (event) => {
    const reading = JSON.parse(event.data)
    showReading(dials, reading)
    winds.push(reading.wind)
    winds.shift()
    drawTrace(winds)
  })
  feed.addEventListener('entry', (event) => showEntry(JSON.parse(event.data)))
  feed.addEventListener('error', () => {
    const over = feed.readyState === EventSource.CLOSED
    state.textContent = over
      ? 'The feed has ended. Load the page again to sign in.'
      : 'The line is down; calling again…'
  })
}

function showReading(dials, reading) {
  for (const field of dials.querySelectorAll('[data-reading]')) {
    field.textContent = reading[field.dataset.reading].toFixed(Number(field.dataset.digits))
  }
}

/** Draws the winds into a box of 600 by 120, the newest at the right edge; 30 knots at the top. */
function drawTrace(winds) {
  const points = winds.map((wind, i) => `${(i * 600) / (winds.length - 1)},${(120 - wind * 4).toFixed(1)}`)
  document.getElementById('trace').setAttribute('points', points.join(' '))
}

function showEntry({ kind, author, at, text }) {
  const item = document.createElement('li')
  const by = element('p', 'by')
  const time = element('time', '', at.slice(11, 16))
  time.dateTime = at
  by.append(element('b', '', kind), ` ${author}, `, time)
  item.append(by, element('p', 'said', text))
  document.getElementById('entries').prepend(item)
}

function element(name, className = '', text = '') {
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  return made
}
