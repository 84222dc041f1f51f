export * from './hiding.js';
export * from './read-html.js';
