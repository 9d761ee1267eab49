import './main.css'

// A part of its own, which is fetched from where this script is: see `base` in vite.config.ts.
const { bowline } = await import('./bowline.js')
document.querySelector('#knot').textContent = bowline
