/** The name of an element without its prefix, which producers may choose. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
