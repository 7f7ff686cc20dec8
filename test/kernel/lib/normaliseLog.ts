// Logs are compared by the code that ships.
export { normaliseLog } from '../../../src/report/boot/normaliseLog';
