export { formatOnboarding, parseOnboarding } from './document.ts'
export { longestOnboardingBytes, type Onboarding, onboardingPath } from './onboarding.ts'
