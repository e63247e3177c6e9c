/** A person who can sign in at the test provider. */
export interface TestAccount {
  /** Stable identifier, which is not the username. */
  readonly sub: string
  /** What is typed into the login form; the claim `preferred_username`. */
  readonly username: string
  /** What is typed into the login form. */
  readonly password: string
  /** The claim `given_name`. */
  readonly givenName: string
  /** The claim `name`. */
  readonly name: string
  /** The claim `email`. */
  readonly email: string
  /** The claim `groups`. */
  readonly groups: readonly string[]
}

/** John, a developer without special rights. */
export const john: TestAccount = {
  sub: '3f0b9d5e-7c1a-4b52-9d7e-1c2f5a8e6b01',
  username: 'john',
  password: 'john-password',
  givenName: 'John',
  name: 'John Miller',
  email: 'john@example.com',
  groups: ['developers'],
}

/** Jane, who administers the cluster. */
export const jane: TestAccount = {
  sub: 'b8a4c1d7-52e6-4f0c-8a39-6e7d2b9f4c02',
  username: 'jane',
  password: 'jane-password',
  givenName: 'Jane',
  name: 'Jane Fischer',
  email: 'jane@example.com',
  groups: ['developers', 'cluster-admins'],
}

/** The claims that the provider knows of an account (OpenID Connect Core §5.1, and `groups`). */
export function claimsOf(account: TestAccount): { sub: string; [claim: string]: unknown } {
  return {
    sub: account.sub,
    preferred_username: account.username,
    given_name: account.givenName,
    name: account.name,
    email: account.email,
    email_verified: true,
    groups: [...account.groups],
  }
}

/** Which of these claims a scope asks for. */
export const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  profile: ['preferred_username', 'given_name', 'name'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
}
