/**
 * Google calls the page `verification_url`, as a draft of RFC 8628 did.
 *
 * @param response answer of the device authorization endpoint
 */
export async function withVerificationUri(response: Response): Promise<Response> {
  const text = await response.text()
  const copy = { status: response.status, headers: response.headers }
  if (response.status !== 200) return new Response(text, copy)
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer === 'object' && answer !== null && 'verification_url' in answer) {
      const renamed = { verification_uri: answer.verification_url, ...answer }
      return new Response(JSON.stringify(renamed), copy)
    }
  } catch {
    // Whoever reads the answer says what is wrong with it.
  }
  return new Response(text, copy)
}
