// Stands for the JSON schema validator that the protocol's library would bring along: it is for questions to people, which
// this server does not ask. What tools are called with is looked at by the tools.

export default class NoValidator {
  compile(): never {
    throw new Error('nothing is validated here');
  }
}
