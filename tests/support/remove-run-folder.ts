import { removeRunFolder } from './run-folder';

/** Jest calls the default export after all tests. */
export default removeRunFolder;
