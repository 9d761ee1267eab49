/**
 * What a page can do beyond being read: another theme, and the search, which is loaded when it is first asked for.
 *
 * @module
 */
const tools = document.querySelector('.tools')
const { index } = document.querySelector('script[data-index]').dataset

const light = button('Change between light and dark', changeTheme)
light.className = 'theme'
const search = button('Search', openSearch)
search.className = 'search'
const key = document.createElement('kbd')
key.textContent = '/'
search.append('Search', key)
tools.prepend(search)
tools.append(light)

// The list of pages is long: where one is in it is in sight.
const pages = document.querySelector('.pages')
const here = pages.querySelector('[aria-current]')
if (here !== null) pages.scrollTop = here.offsetTop - pages.clientHeight / 2

addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.closest('input, dialog') !== null
  const isAsked = event.key === '/' || (event.key === 'k' && (event.metaKey || event.ctrlKey))
  if (!isAsked || isTyping) return
  event.preventDefault()
  void openSearch()
})

async function openSearch() {
  const { open } = await import('./search.js')
  open(new URL(index, location.href))
}

function changeTheme() {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const { dataset } = document.documentElement
  const next = (dataset.theme ?? system) === 'dark' ? 'light' : 'dark'
  dataset.theme = next
  try {
    if (next === system) localStorage.removeItem('theme')
    else localStorage.setItem('theme', next)
  } catch {
    // It holds for this page.
  }
}

function button(label, onClick) {
  const made = document.createElement('button')
  made.type = 'button'
  made.ariaLabel = label
  made.addEventListener('click', onClick)
  return made
}
