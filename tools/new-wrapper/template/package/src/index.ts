export { myWrapper, myWrapperHooks, type MyWrapperOptions } from './my-wrapper.ts'
