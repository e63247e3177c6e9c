/** How a web page is opened for the user. */
export interface BrowserCommand {
  /**
   * A command that is run in the place of the default browser: words as a shell splits them, `{url}`
   * where the URL belongs, which else is the last argument.
   */
  readonly command?: string | undefined
}

/** Opens web pages. */
export interface Browser {
  /**
   * Opens `url` in the user's browser and returns when the opener has taken it over: either it ended
   * well, or it still runs after a moment. It never waits for a browser window to be closed.
   *
   * @throws Error when no opener could be started, or when it ended with a failure
   */
  open(url: string, how?: BrowserCommand): Promise<void>
}
