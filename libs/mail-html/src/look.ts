import type { HidingReason } from './hiding.js';
import { BLACK, disappears, readColour, WHITE, type Colour } from './colour.js';
import { pixels, type Declaration } from './declarations.js';

/** How an element looks, as far as it decides whether its text is seen. */
export interface Look {
  fontSizePx: number;
  colour: Colour | null;
  /** Null when it is a picture, or otherwise not known. */
  ground: Colour | null;
  visibility: 'visible' | 'hidden';
  /** Why neither the element nor anything in it is seen, whatever its own style. */
  gone: HidingReason | null;
}

/** What a mail starts with: black on white in the usual size. */
export const FIRST_LOOK: Look = { fontSizePx: 16, colour: BLACK, ground: WHITE, visibility: 'visible', gone: null };

type Rules = ReadonlyMap<string, Declaration>;

/** Smaller text cannot be read (one or two pixels are used to hide). */
const FONT_READABLE_PX = 3;
const OPACITY_SEEN = 0.1;
/** Further out than any window. */
const OFF_SCREEN_PX = -500;

/** The look of a child from its parent's and its own declarations. */
export function lookOf(parent: Look, rules: Rules, mayBePainted: boolean): Look {
  const value = (name: string): string | undefined => rules.get(name)?.value;
  const fontSize = value('font-size') ?? sizeInShorthand(value('font'));
  const colour = value('color');
  const visibility = value('visibility');
  return {
    fontSizePx:
      fontSize === undefined ? parent.fontSizePx : (pixels(fontSize, parent.fontSizePx) ?? FIRST_LOOK.fontSizePx),
    colour: colour === undefined || colour === 'inherit' ? parent.colour : readColour(colour),
    ground: groundOf(parent.ground, value, mayBePainted),
    visibility:
      visibility === undefined || visibility === 'inherit'
        ? parent.visibility
        : visibility === 'hidden' || visibility === 'collapse'
          ? 'hidden'
          : 'visible',
    gone: parent.gone ?? goneBy(value),
  };
}

/** Why text with this look is not seen; null when it is. */
export function hidingOf(look: Look): HidingReason | null {
  if (look.gone !== null) return look.gone;
  if (look.visibility === 'hidden') return 'visibility';
  if (look.fontSizePx < FONT_READABLE_PX) return 'font_size';
  if (look.colour === null) return null;
  if (look.ground === null) return look.colour[3] === 0 ? 'colour' : null;
  return disappears(look.colour, look.ground) ? 'colour' : null;
}

type Value = (name: string) => string | undefined;

/** `font: 0/0 a` and the like: the size stands before the slash or the family. */
function sizeInShorthand(font: string | undefined): string | undefined {
  return /(?:^|\s)(\d[\d.]{0,8}(?:px|pt|em|rem|%)?)(?:\/|\s)/.exec(font ?? '')?.[1];
}

function groundOf(parent: Colour | null, value: Value, mayBePainted: boolean): Colour | null {
  const image = value('background-image');
  if (image !== undefined && image !== 'none') return null;
  const text = value('background-color') ?? value('background');
  if (text === undefined) return mayBePainted ? null : parent;
  const plain = readColour(text);
  if (plain !== null) return plain[3] === 1 ? plain : plain[3] === 0 ? parent : null;
  if (/url\(|gradient|var\(/.test(text)) return null;
  const named = text
    .split(/\s+/, 10)
    .map(readColour)
    .find((colour) => colour !== null);
  return named ?? (/^(none|inherit|initial|unset|0)/.test(text) ? parent : null);
}

/** A subtree that is taken out of sight as a whole. */
function goneBy(value: Value): HidingReason | null {
  if (value('display') === 'none') return 'display';
  const opacity = value('opacity');
  if (opacity !== undefined && Number.parseFloat(opacity) < OPACITY_SEEN) return 'opacity';
  if (isOffScreen(value)) return 'off_screen';
  return isClipped(value) ? 'clipped' : null;
}

const isZero = (length: string | undefined): boolean => {
  const size = length === undefined ? null : pixels(length, FIRST_LOOK.fontSizePx);
  return size !== null && size <= 1;
};

const isFarOut = (length: string | undefined): boolean => {
  const size = length === undefined ? null : pixels(length, FIRST_LOOK.fontSizePx);
  return size !== null && size <= OFF_SCREEN_PX;
};

function isOffScreen(value: Value): boolean {
  if (isFarOut(value('text-indent')) || isFarOut(value('margin-left')) || isFarOut(value('margin-top'))) return true;
  if (value('position') === undefined || value('position') === 'static') return false;
  return ['left', 'top', 'right', 'bottom'].some((side) => isFarOut(value(side)));
}

function isClipped(value: Value): boolean {
  const clipsOverflow = value('overflow') === 'hidden' || value('overflow') === 'clip';
  if (clipsOverflow && ['height', 'max-height', 'width', 'max-width'].some((side) => isZero(value(side)))) return true;
  if (/^rect\(\s*[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?\s*\)$/.test(value('clip') ?? '')) return true;
  if (/^(inset\(\s*(100|[5-9]\d)%|circle\(\s*0)/.test(value('clip-path') ?? '')) return true;
  return /scale[xy]?\(\s*0?(\.0+)?\s*[,)]/.test(value('transform') ?? '');
}
