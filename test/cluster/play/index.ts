export { openWorld, type PlayOptions, type PlayWorld } from './world.ts'
