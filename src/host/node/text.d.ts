// Files that are bundled as text: esbuild's { type: 'text' }.
declare module 'xz-decompress/dist/package/xz-decompress.min.js' {
  const text: string;
  export default text;
}
