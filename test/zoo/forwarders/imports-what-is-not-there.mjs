// Its dependencies were zipped below a folder where Lambda does not look.
const dependency = 'lies-in-another-folder';

const { forward } = await import(dependency);

export const handler = forward;
