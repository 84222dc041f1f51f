// Stands for the AWS sandbox in tests of the runner.
import { createServer } from 'node:http';

const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
createServer((_request, response) => response.writeHead(200).end()).listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
