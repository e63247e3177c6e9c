/** Takes what is to be done at the end: of a test, or of all tests of a file. */
export type AtEnd = (stop: () => void | Promise<void>) => void
