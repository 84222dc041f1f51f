/** The package brings no types. */
declare module 'sns-validator' {
  export default class MessageValidator {
    validate(message: object, done: (error: Error | null) => void): void;
  }
}
