/** What an opened file of this name runs, on a usual desktop. */
export const RUNS = new Set(
  'exe scr com pif cpl msi msp bat cmd ps1 vbs vbe wsf wsh hta lnk jar reg iso img vhd app dmg pkg apk scf url'.split(
    ' ',
  ),
);
/** Names that people trust, in front of one that runs: `invoice.pdf.exe`. */
export const TRUSTED = new Set('pdf doc docx xls xlsx ppt pptx txt jpg jpeg png gif csv zip html'.split(' '));

/** The last two extensions of a name, lower case, the last one at the end. */
export const extensionsOf = (filename: string): string[] => filename.toLowerCase().trim().split('.').slice(1).slice(-2);
