/**
 * Light or dark, as the reader has chosen; as the system has it, as long as nothing is chosen. It runs before the page
 * is painted.
 *
 * @module
 */
try {
  const chosen = localStorage.getItem('theme')
  if (chosen !== null) document.documentElement.dataset.theme = chosen
} catch {
  // A browser that keeps nothing for this site.
}
