/** Why a person does not see a text that stands in the HTML of a mail. */
export type HidingReason =
  | 'display'
  | 'visibility'
  | 'opacity'
  | 'font_size'
  | 'colour'
  | 'off_screen'
  | 'clipped'
  | 'hidden_attribute'
  | 'inert_element';
