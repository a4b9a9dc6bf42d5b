// Where a link may lead: the URL allow-list of followthrough/core/addresses.py, whose cases tests hold up to both.
const INVISIBLE = "\\u0000-\\u0020\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ud800-\\udfff";
const ADDRESS = new RegExp(`^(?:https?://|mailto:|/(?![/\\\\])|#)[^\\s<>${INVISIBLE}]*$`, "iu");
const MENTION = /^(?:\/people\/\?who=\d+|\/actions\/ACT-\d+\/|\/incidents\/INC-\d+\/room\/#entry-[0-9a-f-]{36})$/;

/** Whether a link may lead there: the web, mail, or a place of this site. */
export const isAddress = (address: string): boolean => ADDRESS.test(address);

/** Whether it is the address of a person, an action or a timeline entry here. */
export const isMention = (address: string): boolean => MENTION.test(address);

/** Whether it is the address of a web page. */
export const isWebAddress = (address: string): boolean => isAddress(address) && /^https?:\/\//i.test(address);
