import js from '@eslint/js';
import globals from 'globals';

const page = 'studio/ui/static/js/**/*.js';

export default [
  { ignores: ['.venv/', 'build/', 'dist/', 'cache/', 'studio/ui/static/vendor/'] },
  js.configs.recommended,
  {
    rules: {
      'array-callback-return': 'error',
      'arrow-body-style': ['error', 'as-needed'],
      'curly': ['error', 'multi-line'],
      'eqeqeq': 'error',
      'no-else-return': 'error',
      'no-implicit-coercion': ['error', { boolean: false }],
      'no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
      'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-template': 'error',
    },
  },
  { files: [page], languageOptions: { globals: globals.browser } },
  {
    files: ['studio/ui/static/js/**/*worklet.js'],
    languageOptions: { globals: globals.audioWorklet },
  },
  { files: ['tests/js/**/*.js', '*.js'], languageOptions: { globals: globals.node } },
];
