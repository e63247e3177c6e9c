export { ownAnswers } from './own-answers.ts'
