/** What the guard withholds: the EICAR test file, in two halves, so that this file is not taken for it. */
export const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
/** What the guard flags: a key of AWS that opens nothing, in two halves for the same reason. */
export const LEAK = `the key is AKIA${'IB3ZQ7RTWYNL4K2M'}`;
