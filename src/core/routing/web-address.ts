export const webAddressLengthMax = 2000;

/** Whether a text is an http or https address that can be stored. */
export function isWebAddress(text: string): boolean {
  return text.length <= webAddressLengthMax && /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
