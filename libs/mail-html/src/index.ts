export * from './hiding.js';
export * from './read-html.js';
export * from './visible-html.js';
