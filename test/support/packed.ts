// A file packed in every way that modules are.
import { gzipSync } from 'node:zlib';

export const UNPACKED = Buffer.from('Insmod Lens '.repeat(100_000));
/** UNPACKED as xz and zstd compress it. */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM8k9/APxdACSbimbvbYj3RthtNfyPSXAhmqY06KLD8EcKJDszvZ/ulS3CYXp7DIeCjSMHSf+q7z++mQoX4Cjnw5w1xUt1R6/5iTqdoTad4OSDadJpQ0oEtJHKIIFyeBcVBAaN1sQGVp2Urv5jdfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/xCT+HF4WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJVP49ZE2MQTyCrDGAACNDtoQVrgguwABmAKAn0kAKa4NcrHEZ/sCAAAAAARZWg==',
  'base64',
);
const ZSTD = Buffer.from(
  'KLUv/QBopAAAYEluc21vZCBMZW5zIAEA8f/PSxJEAAAAAQD9/88LEEQAAAABAP3/OQACRAAAAAEA/f85AAJEAAAAAQD9/zkAAkQAAAABAP3/OQACRAAAAAEA/f85AAJEAAAAAQD9/zkAAkQAAAABAP3/OQACPQAAAAEAfc8OgA==',
  'base64',
);
/** The same in the formats that modules are packed in. */
export const PACKED = { gzip: gzipSync(UNPACKED), xz: XZ, zstd: ZSTD };
