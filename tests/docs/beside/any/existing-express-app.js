export { app } from './express-app.js'
